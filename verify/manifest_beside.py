"""The files that stand beside an image and say what it should be: manifest, journal, map, checksum files."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from image.badmap import BadSectorMap
from image.bounded_files import read_bounded
from image.checksum_files import ALGORITHM_OF_LENGTH, ChecksumEntry, read_checksum_file
from image.errors import ImageNotReadError
from image.finding_list import FindingList
from image.manifest import Manifest
from image.manifest_file import MAXIMUM_BYTES, decode_manifest
from image.mapfile import decode_mapfile
from image.sidecars import Sidecar, stem_of

_CHECKSUM_SUFFIXES = (*(f".{name}" for name in ALGORITHM_OF_LENGTH.values()), ".hashdeep", ".info")


@dataclass(frozen=True)
class FoundManifest:
    """A manifest and the SHA-256 of exactly the bytes it was read from."""

    manifest: Manifest
    sha256: str


@dataclass(frozen=True)
class ChecksumFile:
    """A checksum file beside the image, by name, and the digests in it."""

    name: str
    entries: tuple[ChecksumEntry, ...]


def load_manifest(image: Path, given: Path | None, findings: FindingList) -> FoundManifest | None:
    """The manifest given by name or found beside the image; None without one.

    Raises:
        ImageNotReadError: the one given by name cannot be read.
    """
    if given is not None:
        return _read(given)
    path = Sidecar.MANIFEST.beside(stem_of(image))
    if path.exists():
        try:
            return _read(path)
        except ImageNotReadError as error:
            findings.add("manifest-unreadable", str(error))
            return None
    journal = Sidecar.JOURNAL.beside(stem_of(image))
    if journal.exists():
        findings.add("acquisition-incomplete", f"{journal.name} stands beside the image")
    return None


def _read(path: Path) -> FoundManifest:
    """The manifest in a file, with the digest of its bytes."""
    data = read_bounded(path, MAXIMUM_BYTES, "manifest")
    sha256 = hashlib.sha256(data).hexdigest()
    return FoundManifest(decode_manifest(data, str(path)), sha256)


def load_map(image: Path, sector_size_bytes: int, findings: FindingList) -> BadSectorMap | None:
    """The bad-sector map beside the image; None without one, or with a finding where it cannot be read."""
    path = Sidecar.MAP.beside(stem_of(image))
    if not path.is_file() or not sector_size_bytes:
        return None
    try:
        text = read_bounded(path, MAXIMUM_BYTES, "bad-sector map")
        return decode_mapfile(text, sector_size_bytes, str(path))
    except ImageNotReadError as error:
        findings.add("map-unreadable", str(error))
        return None


def load_checksum_files(image: Path, findings: FindingList) -> tuple[ChecksumFile, ...]:
    """The checksum files beside the image, by the names that other programs give them."""
    found = []
    for path in _checksum_paths(image):
        if path.is_file():
            try:
                found.append(ChecksumFile(path.name, read_checksum_file(path)))
            except ImageNotReadError as error:
                findings.add("checksum-file", str(error))
    return tuple(found)


def _checksum_paths(image: Path) -> Iterator[Path]:
    """JB1.md5, JB1.raw.md5 and the like; FTK Imager's JB1.E01.txt."""
    for base in dict.fromkeys((stem_of(image).name, image.name)):
        for suffix in _CHECKSUM_SUFFIXES:
            yield image.with_name(base + suffix)
    yield image.with_name(f"{image.name}.txt")
