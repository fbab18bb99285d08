"""The damaged and unread places of an image in order, so that any range of bytes is looked up in them at once."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from image.sectors import SectorRange, SectorRanges, compact_ranges

MAXIMUM_CLAIMS = 100_000
NOWHERE = (1 << 64, 1 << 64)


@dataclass(frozen=True, slots=True)
class Place:
    """Bytes of the media that are damaged, or unread: from the first to the one before `end_bytes`."""

    first_bytes: int
    end_bytes: int
    is_unread: bool

    @property
    def size_bytes(self) -> int:
        """How many bytes they are."""
        return self.end_bytes - self.first_bytes


class DamageIndex:
    """Ordered places that do not overlap; what is both damaged and unread counts as unread.

    Takes 17 bytes for each place.
    """

    def __init__(
        self, damaged: Iterable[SectorRange], unread: Iterable[SectorRange], sector_size_bytes: int
    ) -> None:
        self._firsts, self._ends, self._unread = array("Q"), array("Q"), bytearray()
        self.sector_size_bytes = sector_size_bytes
        both = compact_ranges(damaged).merged(), compact_ranges(unread).merged()
        for first, end, is_unread in _combined(*both):
            self._firsts.append(first * sector_size_bytes)
            self._ends.append(end * sector_size_bytes)
            self._unread.append(is_unread)

    def __len__(self) -> int:
        """How many places there are."""
        return len(self._firsts)

    def touches(self, first_bytes: int, end_bytes: int) -> bool:
        """Whether any of these bytes are damaged or unread."""
        return next(self.within(first_bytes, end_bytes), None) is not None

    def within(self, first_bytes: int, end_bytes: int) -> Iterator[Place]:
        """The damaged and unread places in these bytes, in order, cut to them."""
        index = bisect_right(self._ends, first_bytes) if first_bytes < end_bytes else len(self._firsts)
        while index < len(self._firsts) and self._firsts[index] < end_bytes:
            first, end = max(first_bytes, self._firsts[index]), min(end_bytes, self._ends[index])
            yield Place(first, end, bool(self._unread[index]))
            index += 1

    def sectors_within(self, first_bytes: int, end_bytes: int) -> tuple[int, int]:
        """How many sectors in these bytes are damaged, and how many are unread."""
        counts = [0, 0]
        for place in self.within(first_bytes, end_bytes):
            counts[place.is_unread] += self.count_sectors(place)
        return counts[0], counts[1]

    def count_sectors(self, place: Place) -> int:
        """How many sectors a place touches."""
        return self.sectors_of(place.first_bytes, place.end_bytes).sector_count

    def sectors_of(self, first_bytes: int, end_bytes: int) -> SectorRange:
        """The sectors that hold these bytes."""
        first = first_bytes // self.sector_size_bytes
        return SectorRange(first, -(-end_bytes // self.sector_size_bytes) - first)


def _combined(damaged: SectorRanges, unread: SectorRanges) -> Iterator[tuple[int, int, bool]]:
    """First sector and the one behind the last of every place in order, unread ones cut out of the damaged."""
    index, covered = 0, 0
    for start, count in damaged.pairs():
        first, end = max(start, covered), start + count
        while index < len(unread) and unread.firsts[index] < end:
            hole, covered = unread.firsts[index], unread.firsts[index] + unread.counts[index]
            if first < hole:
                yield first, hole, False
            yield hole, covered, True
            first = max(first, covered)
            index += 1
        if first < end:
            yield first, end, False
    for hole, count in unread[index:].pairs():
        yield hole, hole + count, True


class Claims:
    """The bytes that belong to a file or a structure, gathered while a file system is walked."""

    def __init__(self) -> None:
        self._ranges: list[tuple[int, int]] = []
        self._room = MAXIMUM_CLAIMS

    def add(self, first_bytes: int, end_bytes: int) -> None:
        """Say that these bytes have an owner; they may overlap with others."""
        self._ranges.append((first_bytes, end_bytes))
        if len(self._ranges) > self._room:
            self._ranges = list(self._merged())
            self._room = MAXIMUM_CLAIMS + 2 * len(self._ranges)

    def unclaimed(self, places: Iterable[Place]) -> Iterator[tuple[int, int]]:
        """The parts of these places, which are in order, that have no owner."""
        owned = self._merged()
        first, end = next(owned, NOWHERE)
        for place in places:
            start = place.first_bytes
            while start < place.end_bytes:
                while end <= start:
                    first, end = next(owned, NOWHERE)
                if first > start:
                    yield start, min(first, place.end_bytes)
                start = max(start, end)

    def _merged(self) -> Iterator[tuple[int, int]]:
        """The ranges in order, overlaps and neighbours joined."""
        last: tuple[int, int] | None = None
        for first, end in sorted(self._ranges):
            if last is not None and first <= last[1]:
                last = (last[0], max(last[1], end))
                continue
            if last is not None:
                yield last
            last = (first, end)
        if last is not None:
            yield last
