"""The bad-sector map: the state of every sector of the media, as ordered, merged ranges.

The states and their signs are those of GNU ddrescue (manual, "Mapfile structure").
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import chain
from operator import neg

from image.sectors import SectorRange, SectorRanges


class SectorState(Enum):
    """What is known of a sector; the value is its sign in a mapfile."""

    NON_TRIED = "?"
    NON_TRIMMED = "*"
    NON_SCRAPED = "/"
    BAD_SECTOR = "-"
    FINISHED = "+"


class BadSectorMap:
    """States of the sectors 0 to `sector_count` - 1; a new map is all non-tried.

    The ranges lie in two stacks with a gap between, those behind it in reverse. A mark moves the gap to its place,
    so that marks near one another cost the same in a map of a hundred thousand ranges as in a map of two.
    """

    def __init__(self, sector_count: int) -> None:
        if sector_count < 0:
            raise ValueError(f"no such sector count: {sector_count}")
        self.sector_count = sector_count
        self._firsts = array("Q", [0] if sector_count else [])
        self._states: list[SectorState] = [SectorState.NON_TRIED] if sector_count else []
        self._later_firsts = array("Q")
        self._later_states: list[SectorState] = []

    @classmethod
    def of_blocks(cls, blocks: Iterable[tuple[int, int, SectorState]], maximum: int) -> "BadSectorMap":
        """The map of at most so many blocks: first sector, sector count and state of each, without gaps.

        Raises:
            ValueError: a gap or an overlap, or too many blocks.
        """
        result, end, newest = cls(0), 0, None
        for number, (first, count, state) in enumerate(blocks):
            if number == maximum:
                raise ValueError(f"more than {maximum} blocks")
            if first != end:
                raise ValueError(f"a gap or overlap at sector {end}")
            if state is not newest:
                result._firsts.append(first)
                result._states.append(state)
                newest = state
            end = first + count
        result.sector_count = end
        return result

    @property
    def block_count(self) -> int:
        """How many ranges there are, neighbours of one state counted once."""
        return len(self._firsts) + len(self._later_firsts)

    def mark(self, sectors: SectorRange, state: SectorState) -> None:
        """Give every sector of the range this state.

        Raises:
            ValueError: the range reaches behind the last sector.
        """
        first, end = sectors.first_sector, sectors.end_sector
        if end > self.sector_count:
            raise ValueError(f"{sectors} reaches behind sector {self.sector_count - 1}")
        self._move_gap(first)
        self._cut_at(end)
        if self._later_states and self._later_states[-1] is state:
            self._later_firsts.pop()
            self._later_states.pop()
        if not self._states or self._states[-1] is not state:
            self._firsts.append(first)
            self._states.append(state)

    def _move_gap(self, sector: int) -> None:
        """Put the gap before the first range that begins at this sector or later."""
        index = bisect_left(self._firsts, sector)
        self._later_firsts.extend(reversed(self._firsts[index:]))
        self._later_states.extend(reversed(self._states[index:]))
        del self._firsts[index:], self._states[index:]
        later = bisect_right(self._later_firsts, -sector, key=neg)
        self._firsts.extend(reversed(self._later_firsts[later:]))
        self._states.extend(reversed(self._later_states[later:]))
        del self._later_firsts[later:], self._later_states[later:]

    def _cut_at(self, end: int) -> None:
        """Drop what lies between the gap and this sector; unless the media ends there, a range begins at it."""
        firsts, states = self._later_firsts, self._later_states
        behind = self._states[-1] if self._states else None
        while firsts and firsts[-1] <= end:
            firsts.pop()
            behind = states.pop()
        if behind is not None and end < self.sector_count:
            firsts.append(end)
            states.append(behind)

    def __iter__(self) -> Iterator[tuple[SectorRange, SectorState]]:
        """Every range with its state, in order; neighbours differ in state."""
        return ((SectorRange(first, end - first), state) for first, end, state in self._spans())

    def _spans(self) -> Iterator[tuple[int, int, SectorState]]:
        """First sector, end sector and state of every range."""
        firsts = chain(self._firsts, reversed(self._later_firsts))
        ends = chain(self._firsts[1:], reversed(self._later_firsts), (self.sector_count,))
        return zip(firsts, ends, chain(self._states, reversed(self._later_states)), strict=False)

    def __eq__(self, other: object) -> bool:
        """Two maps are equal when every sector has the same state."""
        return isinstance(other, BadSectorMap) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # a map changes

    def ranges(self, *states: SectorState) -> SectorRanges:
        """The ranges in any of these states, merged."""
        firsts, counts, behind = array("Q"), array("Q"), -1
        for first, end, state in self._spans():
            if state in states:
                if first == behind:
                    counts[-1] += end - first
                else:
                    firsts.append(first)
                    counts.append(end - first)
                behind = end
        return SectorRanges(firsts, counts)

    def bad_ranges(self) -> SectorRanges:
        """The sectors that were tried and could not be read."""
        return self.ranges(SectorState.BAD_SECTOR)

    def unread_ranges(self) -> SectorRanges:
        """Every sector that is not finished, tried or not."""
        return self.ranges(*(state for state in SectorState if state is not SectorState.FINISHED))

    def state_at(self, sector: int) -> SectorState:
        """The state of one sector.

        Raises:
            ValueError: there is no such sector.
        """
        if not 0 <= sector < self.sector_count:
            raise ValueError(f"no sector {sector} in a map of {self.sector_count}")
        if self._later_firsts and self._later_firsts[-1] <= sector:
            return self._later_states[bisect_left(self._later_firsts, -sector, key=neg)]
        return self._states[bisect_right(self._firsts, sector) - 1]

    def is_finished(self) -> bool:
        """Whether every sector was read or is known bad."""
        return all(
            state in (SectorState.FINISHED, SectorState.BAD_SECTOR)
            for state in chain(self._states, self._later_states)
        )


def map_of_bad_ranges(sector_count: int, bad: Iterable[SectorRange]) -> BadSectorMap:
    """The map of media that was read to its end, all but these ranges."""
    result = BadSectorMap(sector_count)
    if sector_count:
        result.mark(SectorRange(0, sector_count), SectorState.FINISHED)
    for sectors in bad:
        result.mark(sectors, SectorState.BAD_SECTOR)
    return result
