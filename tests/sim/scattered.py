"""Evidence of a drive of which every other sector could not be read: a million ranges, told wherever they are."""

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from image.ewf.range_sections import encode_error2
from image.manifest import Manifest
from image.manifest_file import encode_record, read_manifest
from image.sectors import SectorRanges
from tests.image.ewf.editing import EditedSection, put_together, take_apart

SECTOR_BYTES = 512


def scattered_ranges(count: int) -> SectorRanges:
    """So many ranges of one sector, each behind a sector that was read."""
    return SectorRanges(array("Q", range(1, 2 * count, 2)), array("Q", [1] * count))


def scatter(first: Path, count: int) -> None:
    """Give an image of one E01, finished by us, so many unreadable ranges wherever they are told."""
    header, sections = take_apart(first)
    place = next(index for index, section in enumerate(sections) if section.kind in ("digest", "hash", "done"))
    ranges = scattered_ranges(count)
    put_together(
        first, header, [*sections[:place], EditedSection("error2", encode_error2(ranges)), *sections[place:]]
    )
    manifest = first.with_suffix(".manifest.json")
    told = _told(read_manifest(manifest), first.read_bytes(), ranges)
    manifest.chmod(0o644)
    manifest.write_bytes(encode_record(told))
    first.with_suffix(".sha256").unlink(missing_ok=True)
    bad_map = first.with_suffix(".map")
    bad_map.unlink(missing_ok=True)
    with bad_map.open("w", encoding="ascii") as file:
        file.writelines(_map_lines(count, told.media.size_bytes))


def _told(manifest: Manifest, segment: bytes, ranges: SectorRanges) -> Manifest:
    """The manifest with the ranges, and with the digest of the segment that now tells them."""
    line = replace(manifest.segments[0], size_bytes=len(segment), sha256=hashlib.sha256(segment).hexdigest())
    return replace(manifest, segments=(line,), read=replace(manifest.read, unreadable=ranges))


def _map_lines(count: int, media_bytes: int) -> Iterator[str]:
    """The lines of the map."""
    yield "# Mapfile. Created by diskwitness\n0x00000000     +               1\n"
    for number in range(0, 2 * count, 2):
        yield f"0x{number * 512:08X}  0x00000200  +\n0x{number * 512 + 512:08X}  0x00000200  -\n"
    rest = 2 * count * SECTOR_BYTES
    if media_bytes > rest:
        yield f"0x{rest:08X}  0x{media_bytes - rest:08X}  +\n"
