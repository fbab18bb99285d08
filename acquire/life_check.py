"""Asks a source that fails whether it still lives: single sectors here and there, until one is read."""

from collections.abc import Callable, Iterable
from enum import Enum

from acquire.dead_drive import ASKED_AGAIN_COUNT, SECOND_LOOK_COUNT, SECOND_LOOK_SECONDS, is_enough, sectors_to_ask
from acquire.media import Source, read_sector
from acquire.sector_samples import SectorSamples
from image.sectors import SectorRange
from image.times import Clock


class Life(Enum):
    """What a failing source was found to be; REVIVED answered nothing at first and then did.

    It is REVIVED too where a sector that was read long ago fails within the look and is read again at its end.
    """

    ALIVE = "alive"
    REVIVED = "revived"
    DEAD = "dead"


class LifeCheck:
    """Asks one source; what it answers becomes a sample, so that the next question is a short one."""

    def __init__(
        self, source: Source, samples: SectorSamples, clock: Clock, pause: Callable[[float], object]
    ) -> None:
        self._source = source
        self._samples = samples
        self._clock = clock
        self._pause = pause

    def look(self, tried: SectorRange) -> Life:
        """Whether the source gives any sector, of those read before or of those outside `tried`.

        Raises:
            SourceLostError: it is gone for a reason that it tells.
        """
        begun = self._clock.monotonic()
        order = sectors_to_ask(self._samples.sectors, self._outside(tried))
        known = frozenset(self._samples.sectors)
        failed: list[int] = []
        if self._any_answers(order, failed):
            return Life.REVIVED if self._was_silent(known.intersection(failed)) else Life.ALIVE
        self._pause(max(0.0, SECOND_LOOK_SECONDS - (self._clock.monotonic() - begun)))
        return Life.REVIVED if self._any_answers(order[:SECOND_LOOK_COUNT], failed) else Life.DEAD

    def _was_silent(self, witnesses: Iterable[int]) -> bool:
        """Whether a sector that was read before and failed just now is read again: it was not the sector's fault.

        One that fails again has gone bad since it was read, and bears witness no more.
        """
        for sector in sorted(witnesses)[:ASKED_AGAIN_COUNT]:
            if self._answers(sector):
                return True
            self._samples.forget(sector)
        return False

    def _any_answers(self, sectors: Iterable[int], failed: list[int]) -> bool:
        """Ask for one sector after the other until one is read, or enough have failed; notes those that did."""
        begun = self._clock.monotonic()
        for asked, sector in enumerate(sectors, start=1):
            if self._answers(sector):
                return True
            failed.append(sector)
            if is_enough(asked, self._clock.monotonic() - begun):
                return False
        return False

    def _answers(self, sector: int) -> bool:
        """Whether one sector is read now."""
        content = read_sector(self._source, sector)
        if content is not None and sector not in self._samples.sectors:
            self._samples.keep(sector, content)
        return content is not None

    def _outside(self, tried: SectorRange) -> tuple[SectorRange, ...]:
        """The sectors that lie before and behind what was tried; all where nothing does: some failed together."""
        total = self._source.size_bytes // self._source.sector_size_bytes
        before, behind = tried.first_sector, total - tried.end_sector
        parts = ((0, before), (tried.end_sector, behind))
        return tuple(SectorRange(first, count) for first, count in parts if count > 0) or (tried,)
