"""What a drive with bad sectors gives, and drives that are like another one and are not."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

SECTOR_BYTES = 512


def digest_without(image: Path, bad: Iterable[Sequence[int]]) -> str:
    """The SHA-256 of what an image of the drive holds, with zeros for the sectors (first, count) that are bad."""
    data = bytearray(image.read_bytes())
    for first, count in bad:
        data[first * SECTOR_BYTES : (first + count) * SECTOR_BYTES] = bytes(count * SECTOR_BYTES)
    return hashlib.sha256(data).hexdigest()


def listed(bad: Iterable[Sequence[int]]) -> list[dict[str, int]]:
    """Ranges of sectors (first, count) as an answer lists them."""
    return [{"first_sector": first, "sector_count": count} for first, count in bad]


def stranger_to(image: Path) -> Path:
    """Another drive of the same size, beside a numbered image: no sector of it is the same."""
    other = image.with_name("stranger")
    other.write_bytes(image.read_bytes().replace(b"SECTOR", b"FACTOR"))
    return other


def two_folders(place: Path) -> tuple[Path, Path]:
    """Two new folders, since a failing device takes one for itself."""
    folders = place / "one", place / "two"
    for folder in folders:
        folder.mkdir()
    return folders
