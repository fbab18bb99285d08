"""When a drive is taken for dead: the rules, without a device.

A drive that died may answer every read with an error, as a large damaged area does. After a run of failures the
drive is asked for sectors that it gave before and for some it was never asked for, far apart. One answer proves
that it lives, and that what was given up before is damage. No answer at all, twice, means that it is dead, and
that nothing given up since its last answer may be called bad.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from image.sectors import SectorRange, count_sectors

FIRST_DOUBT_FAILURES = 32
"""So many failed reads in a row raise the first doubt: a cluster of bad sectors seldom costs more."""

NEXT_DOUBT_FAILURES = 1024
"""So many more raise the next one, within a damaged area of a drive that was seen to live."""

SLOW_DOUBT_FAILURES = 4
SLOW_DOUBT_SECONDS = 4.0
"""Failures that take long raise a doubt as soon as so many have taken so long together."""

WITNESS_COUNT = 8
"""How many sectors that were read before are asked for again."""

UNTRIED_COUNT = 64
"""How many sectors that were never asked for are tried."""

ENOUGH_ASKED = 8
ENOUGH_SECONDS = 3.0
"""A drive that fails slowly is asked no further after so many failures that took so long together."""

SECOND_LOOK_SECONDS = 2.0
SECOND_LOOK_COUNT = 4
"""A drive that answered nothing is asked for so many sectors once more, so long after the first question."""

ASKED_AGAIN_COUNT = 2
"""So many sectors that were read before and fail in the first question are asked for again once another answers."""


@dataclass
class Doubt:
    """Counts failures since the source last answered; seconds are those of a clock that never goes back."""

    failures: int = 0
    first_sector: int = 0
    _unchecked: int = 0
    _limit: int = FIRST_DOUBT_FAILURES
    _since_seconds: float = 0.0

    def failed(self, first_sector: int, began_seconds: float) -> None:
        """Take in a failed read that began then."""
        if not self.failures:
            self.first_sector, self._since_seconds = first_sector, began_seconds
        self.failures += 1
        self._unchecked += 1

    def answered(self) -> None:
        """Take in a read that succeeded."""
        self.failures, self._unchecked, self._limit = 0, 0, FIRST_DOUBT_FAILURES

    def proved_alive(self) -> None:
        """Take in that the source answered elsewhere, though its reads here fail."""
        self.failures, self._unchecked, self._limit = 0, 0, NEXT_DOUBT_FAILURES

    def is_due(self, now_seconds: float) -> bool:
        """Whether the source should be asked now if it lives."""
        if self._unchecked >= self._limit:
            return True
        return self._unchecked >= SLOW_DOUBT_FAILURES and now_seconds - self._since_seconds >= SLOW_DOUBT_SECONDS


def sectors_to_ask(witnesses: Sequence[int], untried: Sequence[SectorRange]) -> list[int]:
    """The sectors that tell whether a source lives, in the order in which to ask for them.

    `witnesses` were read before; `untried` were never asked for.
    """
    known = [witnesses[index] for index in spread(len(witnesses), WITNESS_COUNT)]
    places = spread(count_sectors(untried), UNTRIED_COUNT)
    fresh = [_sector_at(place, untried) for place in places]
    half = WITNESS_COUNT // 2
    return list(chain(known[:half], fresh[:half], known[half:], fresh[half:]))


def is_enough(asked: int, seconds: float) -> bool:
    """Whether so many failures in so many seconds end the question early."""
    return asked >= ENOUGH_ASKED and seconds >= ENOUGH_SECONDS


def spread(total: int, count: int) -> list[int]:
    """At most `count` numbers below `total`, evenly apart; each next one lies in the widest gap left.

    The order is that of van der Corput: the bits of 0, 1, 2, ... reversed.
    """
    if total <= 0:
        return []
    bits = max(1, (count - 1).bit_length())
    reversed_bits = (int(f"{index:0{bits}b}"[::-1], 2) for index in range(1 << bits))
    places = (value * total >> bits for value in reversed_bits)
    return list(dict.fromkeys(places))[:count]


def _sector_at(place: int, ranges: Sequence[SectorRange]) -> int:
    """The sector at this place of the ranges laid end to end."""
    for item in ranges:
        if place < item.sector_count:
            return item.first_sector + place
        place -= item.sector_count
    raise ValueError(f"no place {place} behind the last range")
