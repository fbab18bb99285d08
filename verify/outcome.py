"""What one pass over an image came to, as the values of its result."""

from pathlib import Path
from typing import TYPE_CHECKING

from image.manifest import Manifest, SegmentRecord
from image.sectors import SectorRanges, compact_ranges
from verify.promises import STORED, Promises

if TYPE_CHECKING:
    from image.opening import OpenImage
    from verify.walk import WalkResult


def file_digests(image: "OpenImage", walk: "WalkResult") -> dict[tuple[int, str], str]:
    """The digests of the segment files; of a raw one, the SHA-256 of its media is that of the file."""
    digests = dict(walk.file_digests)
    if image.is_raw:
        for index, media in enumerate(walk.segment_media):
            if media is not None:
                digests[index, "sha256"] = media
    return digests


def segment_records(image: "OpenImage", walk: "WalkResult", first: Path) -> tuple[SegmentRecord, ...]:
    """The segments as they are here; a digest that was not computed is empty."""
    digests = file_digests(image, walk)
    records = []
    ranges = image.segment_ranges()
    for index, (name, size) in enumerate(zip(image.files.names, image.files.sizes_bytes, strict=True)):
        sectors, media = ranges[index], walk.segment_media[index]
        first_sector, count = (sectors.first_sector, sectors.sector_count) if sectors is not None else (0, 0)
        sha256 = digests.get((index, "sha256"), "")
        folder = folder_beside(image.files.paths[index], first)
        records.append(SegmentRecord(name, size, sha256, first_sector, count, media or "", folder))
    return tuple(records)


def folder_beside(segment: Path, first: Path) -> str | None:
    """The folder of a segment; None for that of the first one."""
    return None if segment.parent == first.parent else str(segment.parent)


def unreadable_sectors(image: "OpenImage", manifest: Manifest | None, mapped: SectorRanges) -> SectorRanges:
    """The sectors that could not be read at the acquisition, as the best witness says."""
    if manifest is not None:
        return compact_ranges(manifest.read.unreadable).merged()
    return mapped if image.is_raw else compact_ranges(image.unreadable).merged()


def compared_with(image: "OpenImage", walk: "WalkResult", promises: Promises, with_source: bool) -> tuple[str, ...]:
    """Whose promises were really compared: those whose digest was computed."""
    computed = {(image.files.names[index], name) for index, name in file_digests(image, walk)}
    origins = [item.origin for item in promises.media if item.algorithm in walk.digests]
    origins += [item.origin for item in promises.files if (item.file, item.algorithm) in computed]
    origins += [item.origin for item in promises.either if item.algorithm in walk.digests]
    names = [STORED if origin.startswith(STORED) else origin for origin in origins]
    names += ["source"] if with_source else []
    return tuple(dict.fromkeys(names))


def stored_digests(image: "OpenImage") -> dict[str, str | None]:
    """The digests the image itself stores, by algorithm; None for one it has room for and does not hold."""
    stored = {algorithm: value for _, algorithm, value in image.stored_digests}
    return {"md5": None, "sha1": None, **stored} if not image.is_raw else {}
