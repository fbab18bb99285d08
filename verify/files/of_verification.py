"""The search for damaged files as a part of a verification: what its findings and the acquisition left in doubt."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from image.opening import OpenImage
from image.progress import Listener
from image.sectors import SectorRange, compact_ranges
from verify.files.finding_files import find_damaged_files
from verify.files.image_to_walk import ImageToWalk
from verify.files.located import DamagedFiles, NotWalked

FileSearch = Callable[
    [ImageToWalk, OpenImage, Sequence[SectorRange], Listener, threading.Event, float], DamagedFiles
]
MISSING = "segments that are missing: nothing tells which files they hold"
BROAD = "damage that is known no closer than a segment or 64 MiB: no files are named for it"
_BROAD_CODES = frozenset({"media-range-digest", "second-opinion"})


def search_files(
    to_walk: ImageToWalk,
    image: OpenImage,
    unread: Sequence[SectorRange],
    listener: Listener,
    stop: threading.Event,
    limit_seconds: float,
) -> DamagedFiles:
    """Find the files that hold sectors which findings doubt, or which were never read."""
    doubted = image.findings.doubted_sectors()
    asked = replace(to_walk, damaged=doubted, unread=compact_ranges(unread).merged())
    found = find_damaged_files(asked, listener, stop, limit_seconds)
    left_out = []
    if image.is_raw and image.segments.missing:
        left_out.append(NotWalked(", ".join(image.segments.missing[:5]), MISSING))
    broad = {item.sectors for item in image.findings.as_tuple() if item.code in _BROAD_CODES and item.sectors}
    left_out += [NotWalked(_words(sectors), BROAD) for sectors in sorted(broad) if not _is_told(sectors, doubted)]
    return replace(found, not_walked=(*found.not_walked, *left_out))


def _words(sectors: SectorRange) -> str:
    """A range of sectors in words."""
    return f"sectors {sectors.first_sector} to {sectors.last_sector}"


def _is_told(sectors: SectorRange, doubted: Sequence[SectorRange]) -> bool:
    """Whether closer damage is known in these sectors."""
    return any(sectors.overlap(item) is not None for item in doubted)
