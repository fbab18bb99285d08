"""Whether a source still holds what was read from it: single sectors, picked out and compared one by one."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from acquire.media import Source, read_sector
from image.sectors import SectorRange, merge_ranges

Sample = tuple[int, bytes]
"""A sector and what it holds."""

SAMPLE_COUNT = 64
ENOUGH_UNREADABLE = 8


@dataclass(frozen=True, slots=True)
class SampleComparison:
    """How many sectors read as before, how many could not be read now, and the first that reads otherwise."""

    equal: int = 0
    unreadable: int = 0
    differing_sector: int | None = None


def sample_sectors(sector_count: int, unreadable: Iterable[SectorRange]) -> tuple[int, ...]:
    """Up to SAMPLE_COUNT sectors spread over the first `sector_count`, none of them unreadable."""
    wanted = {_place(number, sector_count) for number in range(SAMPLE_COUNT)} if sector_count else set()
    bad = merge_ranges(unreadable)
    firsts = [item.first_sector for item in bad]
    moved = {_behind_bad(sector, bad, firsts) for sector in wanted}
    return tuple(sorted(sector for sector in moved if sector < sector_count))


def compare_samples(source: Source, samples: Iterable[Sample]) -> SampleComparison:
    """Read each sector again; a sector that cannot be read now is not compared.

    Ends at the first that differs, and where nothing is readable after ENOUGH_UNREADABLE. Samples are sectors of
    `source` with what they held.

    Raises:
        SourceLostError: the source is gone.
        StoppedError: the system refuses a read.
    """
    equal = unreadable = 0
    for sector, content in samples:
        found = read_sector(source, sector)
        if found is None:
            unreadable += 1
            if not equal and unreadable >= ENOUGH_UNREADABLE:
                break
        elif found == content:
            equal += 1
        else:
            return SampleComparison(equal, unreadable, sector)
    return SampleComparison(equal, unreadable)


def _place(number: int, sector_count: int) -> int:
    """The sector of one sample: evenly spread, the first and the last sector included."""
    return number * (sector_count - 1) // (SAMPLE_COUNT - 1)


def _behind_bad(sector: int, bad: Sequence[SectorRange], firsts: list[int]) -> int:
    """The sector itself, or the next one that was read."""
    index = bisect_right(firsts, sector) - 1
    return max(sector, bad[index].end_sector) if index >= 0 else sector
