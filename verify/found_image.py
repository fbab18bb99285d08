"""An image before it is opened: its manifest and checksum files, and how they say that it is to be opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from image.finding_list import FindingList
from image.manifest import Manifest
from image.opening import OpenImage
from verify.checksums_beside import ChecksumFile, listed_segments, load_checksum_files
from verify.files.image_to_walk import ImageToWalk
from verify.manifest_beside import FoundManifest, load_manifest
from verify.promises import renamed_segments
from verify.recorded_form import format_of, recorded_sector_bytes
from verify.request import NOT_RECORDED, RecordedSegments


@dataclass(frozen=True)
class FoundImage:
    """How an image is opened, and what was found beside it."""

    opening: ImageToWalk
    recorded: FoundManifest | None
    checksum_files: tuple[ChecksumFile, ...]
    findings: FindingList

    @property
    def manifest(self) -> Manifest | None:
        """Its manifest, where there is one."""
        return self.recorded.manifest if self.recorded is not None else None

    @property
    def manifest_sha256(self) -> str | None:
        """The SHA-256 of its manifest's bytes."""
        return self.recorded.sha256 if self.recorded is not None else None

    def open(self) -> OpenImage:
        """Open it, with what was found so far among its findings.

        Raises:
            ImageNotReadError: it cannot be read.
        """
        image = self.opening.open()
        image.findings.extend(self.findings.as_tuple())
        return image


def find_image(
    path: Path,
    manifest_path: Path | None = None,
    checksum_paths: Iterable[Path] = (),
    also: Iterable[Path] = (),
    sector_size_bytes: int | None = None,
    recorded_elsewhere: RecordedSegments = NOT_RECORDED,
) -> FoundImage:
    """Look beside an image; what is given of sector size and segments counts where no manifest tells it.

    Raises:
        ImageNotReadError: a manifest or checksum file given by name cannot be read.
    """
    findings = FindingList()
    recorded = load_manifest(path, manifest_path, findings)
    checksum_files = load_checksum_files(path, findings, tuple(checksum_paths))
    manifest = recorded.manifest if recorded is not None else None
    segments = manifest.segments if manifest is not None else recorded_elsewhere.segments
    names = tuple(item.file for item in renamed_segments(segments, path.name))
    given = sector_size_bytes if manifest is None else None
    opening = ImageToWalk(
        path,
        format_of(path, manifest),
        expected_names=names or listed_segments(path.name, checksum_files),
        sector_size_bytes=given or recorded_sector_bytes(manifest),
        folders=(*also, *(manifest.other_folders if manifest is not None else ())),
    )
    return FoundImage(opening, recorded, checksum_files, findings)
