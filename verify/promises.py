"""What is promised of an image, by whom: digests of the media and of the segment files, gathered before the pass.

Promises come from the image itself, its manifest, the command line and checksum files beside the image.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath

from image.digests import ALGORITHMS
from image.manifest import Manifest, SegmentRecord
from image.opening import OpenImage
from verify.manifest_beside import ChecksumFile
from verify.request import Expectation

STORED, MANIFEST = "stored", "manifest"


@dataclass(frozen=True, slots=True)
class FilePromise:
    """A digest that a segment file must have, and who says so."""

    file: str
    algorithm: str
    hex_digest: str
    origin: str


@dataclass(frozen=True)
class Promises:
    """Every digest to compare with; `segments` are the manifest's, under the names they have here."""

    media: tuple[Expectation, ...]
    files: tuple[FilePromise, ...]
    segments: tuple[SegmentRecord, ...] = ()

    def media_algorithms(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """The algorithms to compute over the media: the chosen ones, and those a person expects.

        Where none of them is promised, every promised one is computed too: something must be compared.
        """
        expected = [item.algorithm for item in self.media if item.is_asked_for]
        promised = [item.algorithm for item in self.media]
        wanted = [*chosen, *expected]
        if not set(wanted) & set(promised):
            wanted += promised
        return tuple(dict.fromkeys(wanted))

    def file_algorithms(self, names: Sequence[str]) -> tuple[frozenset[str], ...]:
        """For each segment file, the algorithms to compute over it."""
        return tuple(frozenset(item.algorithm for item in self.files if item.file == name) for name in names)


def gather_promises(
    image: OpenImage,
    manifest: Manifest | None,
    expectations: tuple[Expectation, ...],
    checksum_files: tuple[ChecksumFile, ...],
) -> Promises:
    """Every promise that this image can be held to."""
    segments = renamed_segments(manifest, image.files.names[0]) if manifest is not None else ()
    files = gather_file_promises(image.files.names, segments, checksum_files)
    media = [Expectation(algorithm, value, f"{STORED} {kind}") for kind, algorithm, value in image.stored_digests]
    if manifest is not None:
        media += [Expectation(name, value.lower(), MANIFEST) for name, value in manifest.media.digests.items()]
    for checksum_file in checksum_files:
        media += _media_promises(checksum_file)
    known = [item for item in (*media, *expectations) if item.algorithm in ALGORITHMS]
    return Promises(tuple(known), files, segments)


def gather_file_promises(
    names: tuple[str, ...], segments: tuple[SegmentRecord, ...], checksum_files: tuple[ChecksumFile, ...]
) -> tuple[FilePromise, ...]:
    """Every digest that one of these segment files must have, by the manifest's segments first."""
    files = [FilePromise(item.file, "sha256", item.sha256, MANIFEST) for item in segments]
    for checksum_file in checksum_files:
        files += _file_promises(checksum_file, names)
    return tuple(files)


def renamed_segments(manifest: Manifest, first_name: str) -> tuple[SegmentRecord, ...]:
    """The manifest's segments under the stem the image has here: a set may be renamed, its extensions may not."""
    stem = first_name.rpartition(".")[0] or first_name
    return tuple(replace(item, file=_with_stem(stem, item.file)) for item in manifest.segments)


def _with_stem(stem: str, recorded: str) -> str:
    """The recorded extension behind this stem."""
    _, dot, extension = recorded.rpartition(".")
    return f"{stem}.{extension}" if dot else stem


def _media_promises(checksum_file: ChecksumFile) -> list[Expectation]:
    """The digests in a checksum file that name no file: they are those of the media."""
    return [
        Expectation(item.algorithm, item.hex_digest, checksum_file.name)
        for item in checksum_file.entries
        if item.file_name is None
    ]


def _file_promises(checksum_file: ChecksumFile, names: tuple[str, ...]) -> list[FilePromise]:
    """The digests in a checksum file that name a segment file of the image, in whatever folder."""
    return [
        FilePromise(name, item.algorithm, item.hex_digest, checksum_file.name)
        for item in checksum_file.entries
        if item.file_name is not None and (name := base_name(item.file_name)) in names
    ]


def base_name(path: str) -> str:
    """The last part of a path of either kind."""
    return PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name
