"""Which stretches of the medium read slowly, though they read: the rule, with its numbers, without a device.

A batch is slow where its read took at least SLOW_FACTOR times as long as the median pace of the batches before it
asks for, and at least SLOW_SECONDS in all. One weak sector that the drive reads only at its tenth try is found so;
the inner tracks of a platter, a small cache or a busy bus are not. Batches with failed reads are left out: their
failures are listed one by one.
"""

import math
from collections import Counter

from image.read_record import SlowArea
from image.sectors import SectorRange

SLOW_FACTOR = 10
SLOW_SECONDS = 1.0
BATCHES_BEFORE_JUDGING = 8
MAXIMUM_AREAS = 1000
STEPS_AN_OCTAVE = 8
"""The median is taken from a histogram of paces whose steps are an eighth of an octave, or 9 percent, wide."""


class SlowAreas:
    """Fed with every batch that read without a failure; keeps the slowest areas, those that touch joined."""

    def __init__(self, earlier: tuple[SlowArea, ...] = ()) -> None:
        self._paces: Counter[int] = Counter()
        self._batches = 0
        self._areas = list(earlier)

    def add(self, sectors: SectorRange, seconds: float) -> None:
        """Take in one batch and the seconds its read took."""
        if seconds >= SLOW_SECONDS and self._batches >= BATCHES_BEFORE_JUDGING and self._is_slow(sectors, seconds):
            self._keep(SlowArea(sectors, seconds))
        if seconds > 0:
            self._paces[_step_of(seconds / sectors.sector_count)] += 1
            self._batches += 1

    def as_tuple(self) -> tuple[SlowArea, ...]:
        """The areas in the order of the medium; at most MAXIMUM_AREAS, the slowest of all."""
        kept = sorted(self._areas, key=lambda area: -area.seconds)[:MAXIMUM_AREAS]
        return tuple(sorted(kept, key=lambda area: area.sectors.first_sector))

    def _is_slow(self, sectors: SectorRange, seconds: float) -> bool:
        """Whether it took ten times what the median pace so far asks for."""
        return seconds >= SLOW_FACTOR * self._median_pace() * sectors.sector_count

    def _median_pace(self) -> float:
        """Seconds a sector of the middle batch so far."""
        passed = 0
        for step, count in sorted(self._paces.items()):
            passed += count
            if passed * 2 >= self._batches:
                return float(2 ** (step / STEPS_AN_OCTAVE))
        raise AssertionError("a median is asked for when there are batches")

    def _keep(self, area: SlowArea) -> None:
        """Keep an area, joined with the last one where they touch."""
        last = self._areas[-1] if self._areas else None
        if last is not None and _touch(last.sectors, area.sectors):
            first = min(last.sectors.first_sector, area.sectors.first_sector)
            count = last.sectors.sector_count + area.sectors.sector_count
            self._areas[-1] = SlowArea(SectorRange(first, count), last.seconds + area.seconds)
            return
        self._areas.append(area)
        if len(self._areas) >= 2 * MAXIMUM_AREAS:
            self._areas = list(self.as_tuple())


def _step_of(pace: float) -> int:
    """The step of the histogram that a pace, in seconds a sector, falls into."""
    return round(STEPS_AN_OCTAVE * math.log2(pace))


def _touch(one: SectorRange, other: SectorRange) -> bool:
    """Whether two ranges follow each other, in either order."""
    return one.end_sector == other.first_sector or other.end_sector == one.first_sector
