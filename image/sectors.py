"""Sectors and ranges of sectors: the unit in which a drive is read and damage is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SECTOR_SIZES_BYTES = (512, 4096)


@dataclass(frozen=True, order=True, slots=True)
class SectorRange:
    """`sector_count` sectors from `first_sector` on; never empty.

    Raises:
        ValueError: a negative first sector or a count below one.
    """

    first_sector: int
    sector_count: int

    def __post_init__(self) -> None:
        if self.first_sector < 0 or self.sector_count < 1:
            raise ValueError(f"no such range of sectors: {self.first_sector} + {self.sector_count}")

    @property
    def end_sector(self) -> int:
        """The first sector behind the range."""
        return self.first_sector + self.sector_count

    @property
    def last_sector(self) -> int:
        """The last sector of the range."""
        return self.end_sector - 1

    def overlap(self, other: "SectorRange") -> "SectorRange | None":
        """The sectors that both ranges hold, or None."""
        first = max(self.first_sector, other.first_sector)
        end = min(self.end_sector, other.end_sector)
        return SectorRange(first, end - first) if end > first else None

    def pieces(self, sector_count: int) -> Iterator["SectorRange"]:
        """The range cut into pieces of at most `sector_count` sectors, in order."""
        for first in range(self.first_sector, self.end_sector, sector_count):
            yield SectorRange(first, min(sector_count, self.end_sector - first))


def merge_ranges(ranges: Iterable[SectorRange]) -> tuple[SectorRange, ...]:
    """Ordered ranges with neighbours and overlaps joined: the same sectors, said shortest."""
    merged: list[SectorRange] = []
    for item in sorted(ranges):
        if merged and item.first_sector <= merged[-1].end_sector:
            end = max(merged[-1].end_sector, item.end_sector)
            merged[-1] = SectorRange(merged[-1].first_sector, end - merged[-1].first_sector)
        else:
            merged.append(item)
    return tuple(merged)


def count_sectors(ranges: Iterable[SectorRange]) -> int:
    """How many sectors the ranges hold together; they must not overlap."""
    return sum(item.sector_count for item in ranges)
