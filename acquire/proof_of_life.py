"""Whether the failures since a source last answered are damage or its death: the doubt, and what ends it.

For whoever reads in an order of their own; the in-line reader asks the same question batch by batch.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from acquire.dead_drive import Doubt
from acquire.life_check import Life, LifeCheck
from acquire.media import ReadFailure, Source, SourceLostError
from acquire.sector_samples import SectorSamples
from acquire.source_range import whole_of
from image.sectors import SectorRange
from image.times import Clock


class ProofOfLife:
    """Fed with every read of a source; `is_doubted` says that failures wait for a proof.

    `samples` are sectors that were read, numbered on the whole device.
    """

    def __init__(
        self,
        source: Source,
        clock: Clock,
        pause: Callable[[float], object] = time.sleep,
        samples: SectorSamples | None = None,
    ) -> None:
        whole, self._place = whole_of(source)
        self.samples = SectorSamples(source.sector_size_bytes) if samples is None else samples
        self._check = LifeCheck(whole, self.samples, clock, pause)
        self._clock = clock
        self._doubt = Doubt()
        self._last: ReadFailure | None = None

    @property
    def is_doubted(self) -> bool:
        """Whether a read failed since the source last answered."""
        return self._doubt.failures > 0

    def answered(self, view: memoryview, first_sector: int) -> None:
        """Take in sectors that were read."""
        self._doubt.answered()
        self.samples.take(view, self._place + first_sector)

    def failed(self, failure: ReadFailure, seconds: float) -> Life:
        """Take in a read that failed after so many seconds; asks where that raises a doubt, as `prove` does.

        Raises:
            SourceLostError: the source is dead.
        """
        self._last = failure
        now = self._clock.monotonic()
        self._doubt.failed(failure.sectors.first_sector, now - seconds)
        return self.prove() if self._doubt.is_due(now) else Life.ALIVE

    def prove(self) -> Life:
        """Ask the source, if there is a doubt, and end it.

        Where it is REVIVED, what failed since its last answer proves nothing.

        Raises:
            SourceLostError: the source is dead.
        """
        if self._last is None or not self.is_doubted:
            return Life.ALIVE
        here = self._last.sectors
        with told_since(self._doubt.first_sector):
            life = self._check.look(SectorRange(self._place + here.first_sector, here.sector_count))
        if life is Life.DEAD:
            raise dead_source(self._last.error, self._doubt.first_sector)
        self._doubt.proved_alive()
        return life


def dead_source(error: str, first_sector: int) -> SourceLostError:
    """The error of a source that answers nothing any more; since when, by the sector that failed first."""
    what = f"the source is gone: it answers no read any more ({error} everywhere)"
    advice = "Attach it again, or give it power anew; what was read is kept"
    return SourceLostError(what, f"sector {first_sector}", advice)


@contextmanager
def told_since(first_sector: int) -> Iterator[None]:
    """A source found gone while it is asked here and there is told by the sector that failed first.

    Raises:
        SourceLostError: it was found gone in the `with` block.
    """
    try:
        yield
    except SourceLostError as lost:
        raise SourceLostError(lost.what, f"sector {first_sector}", lost.do) from lost
