"""The manifest: what an acquisition did and what its image holds, as values that go to JSON and back.

A fact that nobody observed is None, and is printed as "Not recorded". Sizes are bytes; sectors are those of
the image (0 is its first), in units of `sector_size_bytes`.
"""

from dataclasses import dataclass
from pathlib import Path

from image.findings import Finding
from image.job import Job
from image.read_record import ReadRecord
from image.times import Instant

MANIFEST_KIND = "diskwitness manifest"
MANIFEST_VERSION = 1


@dataclass(frozen=True)
class SegmentRecord:
    """One segment file: its size and SHA-256, and the media range it holds with that range's SHA-256.

    `folder` is where it was written, None beside the manifest.
    """

    file: str
    size_bytes: int
    sha256: str
    first_sector: int
    sector_count: int
    media_sha256: str
    folder: str | None = None


@dataclass(frozen=True)
class MediaRecord:
    """What the image holds: size, sector size and the digests (algorithm -> hex) of the whole stream."""

    size_bytes: int
    sector_size_bytes: int
    digests: dict[str, str]


@dataclass(frozen=True)
class Manifest:
    """The machine-readable truth of one finished image, `JB1.manifest.json`."""

    job: Job
    media: MediaRecord
    segments: tuple[SegmentRecord, ...]
    read: ReadRecord
    finished: Instant
    findings: tuple[Finding, ...] = ()
    kind: str = MANIFEST_KIND
    version: int = MANIFEST_VERSION

    @property
    def other_folders(self) -> tuple[Path, ...]:
        """The folders beside its own that hold segments, as far as they are whole paths."""
        folders = dict.fromkeys(item.folder for item in self.segments if item.folder is not None)
        return tuple(Path(folder) for folder in folders if folder.startswith("/") and "\0" not in folder)
