"""Sectors and ranges of sectors: the unit in which a drive is read and damage is told."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import overload

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
    if isinstance(ranges, SectorRanges):
        return sum(ranges.counts)
    return sum(item.sector_count for item in ranges)


class SectorRanges(Sequence[SectorRange]):
    """Ranges in the order given, in 16 bytes each: a failing drive can have a million of them.

    `firsts` and `counts` are arrays of type "Q", kept as they are given.

    Raises:
        ValueError: an empty range, or not as many firsts as counts.
    """

    __slots__ = ("counts", "firsts")

    def __init__(self, firsts: "array[int]", counts: "array[int]") -> None:
        if len(firsts) != len(counts) or 0 in counts:
            raise ValueError("an empty range of sectors")
        self.firsts = firsts
        self.counts = counts

    def __len__(self) -> int:
        """How many ranges there are."""
        return len(self.firsts)

    @overload
    def __getitem__(self, index: int) -> SectorRange: ...

    @overload
    def __getitem__(self, index: slice) -> "SectorRanges": ...

    def __getitem__(self, index: int | slice) -> "SectorRange | SectorRanges":
        """A range, or the ranges of a slice."""
        if isinstance(index, slice):
            return SectorRanges(self.firsts[index], self.counts[index])
        return SectorRange(self.firsts[index], self.counts[index])

    def __iter__(self) -> Iterator[SectorRange]:
        """Every range."""
        return map(SectorRange, self.firsts, self.counts)

    def __eq__(self, other: object) -> bool:
        """The same ranges in the same order, whatever holds them."""
        if isinstance(other, SectorRanges):
            return self.firsts == other.firsts and self.counts == other.counts
        return isinstance(other, Sequence) and len(other) == len(self) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """The hash of the tuple that it is equal to."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """The first few."""
        return f"SectorRanges({list(self[:5])}{', ...' if len(self) > 5 else ''})"

    def pairs(self) -> Iterator[tuple[int, int]]:
        """First sector and sector count of every range: a tenth of the time that the ranges take."""
        return zip(self.firsts, self.counts, strict=True)

    def and_then(self, other: "SectorRanges") -> "SectorRanges":
        """These ranges, the other ones behind them."""
        return SectorRanges(self.firsts + other.firsts, self.counts + other.counts)

    def merged(self) -> "SectorRanges":
        """Ordered, with neighbours and overlaps joined (see `merge_ranges`); itself where it is so already."""
        if all(first + count < following for (first, count), (following, _) in pairwise(self.pairs())):
            return self
        firsts, counts, end = array("Q"), array("Q"), -1
        for first, count in _sorted(self):
            if first > end:
                firsts.append(first)
                counts.append(count)
            elif first + count > end:
                counts[-1] = first + count - firsts[-1]
            end = max(end, first + count)
        return SectorRanges(firsts, counts)


def compact_ranges(ranges: Iterable[SectorRange]) -> SectorRanges:
    """These ranges in little memory.

    Raises:
        ValueError: a range behind sector 2^64.
    """
    if isinstance(ranges, SectorRanges):
        return ranges
    firsts, counts = array("Q"), array("Q")
    try:
        for item in ranges:
            firsts.append(item.first_sector)
            counts.append(item.sector_count)
    except OverflowError as error:
        raise ValueError("a range of sectors behind the end of any drive") from error
    return SectorRanges(firsts, counts)


def _sorted(ranges: SectorRanges) -> Iterator[tuple[int, int]]:
    """The ranges as pairs in order; packed into one number each they take half the memory that pairs would."""
    packed = sorted(first << 64 | count for first, count in ranges.pairs())
    return ((number >> 64, number & 0xFFFF_FFFF_FFFF_FFFF) for number in packed)
