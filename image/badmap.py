"""The bad-sector map: the state of every sector of the media, as ordered, merged ranges.

The states and their signs are those of GNU ddrescue (manual, "Mapfile structure").
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum

from image.sectors import SectorRange, merge_ranges


class SectorState(Enum):
    """What is known of a sector; the value is its sign in a mapfile."""

    NON_TRIED = "?"
    NON_TRIMMED = "*"
    NON_SCRAPED = "/"
    BAD_SECTOR = "-"
    FINISHED = "+"


class BadSectorMap:
    """States of the sectors 0 to `sector_count` - 1; a new map is all non-tried."""

    def __init__(self, sector_count: int) -> None:
        if sector_count < 0:
            raise ValueError(f"no such sector count: {sector_count}")
        self.sector_count = sector_count
        self._firsts: list[int] = [0] if sector_count else []
        self._states: list[SectorState] = [SectorState.NON_TRIED] if sector_count else []

    def mark(self, sectors: SectorRange, state: SectorState) -> None:
        """Give every sector of the range this state.

        Raises:
            ValueError: the range reaches behind the last sector.
        """
        if sectors.end_sector > self.sector_count:
            raise ValueError(f"{sectors} reaches behind sector {self.sector_count - 1}")
        left = bisect_right(self._firsts, sectors.first_sector) - 1
        right = bisect_right(self._firsts, sectors.end_sector - 1) - 1
        if self._states[left] is state and left == right:
            return
        firsts, states = self._spliced(sectors, state, left, right)
        low, high = max(left - 1, 0), min(right + 2, len(self._firsts))
        self._firsts[low:high], self._states[low:high] = _joined(firsts, states)

    def _spliced(
        self, sectors: SectorRange, state: SectorState, left: int, right: int
    ) -> tuple[list[int], list[SectorState]]:
        """The entries around ranges `left` to `right` with the new range put in."""
        firsts, states = [sectors.first_sector], [state]
        if self._firsts[left] < sectors.first_sector:
            firsts.insert(0, self._firsts[left])
            states.insert(0, self._states[left])
        if left > 0:
            firsts.insert(0, self._firsts[left - 1])
            states.insert(0, self._states[left - 1])
        if sectors.end_sector < self._end_of(right):
            firsts.append(sectors.end_sector)
            states.append(self._states[right])
        if right + 1 < len(self._firsts):
            firsts.append(self._firsts[right + 1])
            states.append(self._states[right + 1])
        return firsts, states

    def _end_of(self, index: int) -> int:
        """The first sector behind the range of this index."""
        return self._firsts[index + 1] if index + 1 < len(self._firsts) else self.sector_count

    def __iter__(self) -> Iterator[tuple[SectorRange, SectorState]]:
        """Every range with its state, in order; neighbours differ in state."""
        for index, first in enumerate(self._firsts):
            yield SectorRange(first, self._end_of(index) - first), self._states[index]

    def __eq__(self, other: object) -> bool:
        """Two maps are equal when every sector has the same state."""
        return isinstance(other, BadSectorMap) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # a map changes

    def ranges(self, *states: SectorState) -> tuple[SectorRange, ...]:
        """The ranges in any of these states, merged."""
        return merge_ranges(sectors for sectors, state in self if state in states)

    def bad_ranges(self) -> tuple[SectorRange, ...]:
        """The sectors that were tried and could not be read."""
        return self.ranges(SectorState.BAD_SECTOR)

    def unread_ranges(self) -> tuple[SectorRange, ...]:
        """Every sector that is not finished, tried or not."""
        return self.ranges(*(state for state in SectorState if state is not SectorState.FINISHED))

    def state_at(self, sector: int) -> SectorState:
        """The state of one sector.

        Raises:
            ValueError: there is no such sector.
        """
        if not 0 <= sector < self.sector_count:
            raise ValueError(f"no sector {sector} in a map of {self.sector_count}")
        return self._states[bisect_right(self._firsts, sector) - 1]

    def is_finished(self) -> bool:
        """Whether every sector was read or is known bad."""
        return all(state in (SectorState.FINISHED, SectorState.BAD_SECTOR) for state in self._states)


def map_of_bad_ranges(sector_count: int, bad: Iterable[SectorRange]) -> BadSectorMap:
    """The map of media that was read to its end, all but these ranges."""
    result = BadSectorMap(sector_count)
    if sector_count:
        result.mark(SectorRange(0, sector_count), SectorState.FINISHED)
    for sectors in bad:
        result.mark(sectors, SectorState.BAD_SECTOR)
    return result


def _joined(firsts: list[int], states: list[SectorState]) -> tuple[list[int], list[SectorState]]:
    """The same entries with neighbours of one state made one."""
    kept = [index for index in range(len(firsts)) if index == 0 or states[index] is not states[index - 1]]
    return [firsts[index] for index in kept], [states[index] for index in kept]
