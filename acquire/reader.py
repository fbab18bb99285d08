"""Carries out a read plan on a source: media into a buffer, unreadable sectors as zeros, each failure kept.

The healthy path is one read per batch; a plan is made only when that read fails. No batch is given back before the
source has answered behind its last failure: what is called bad is damage, not a drive that died meanwhile.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from acquire.dead_drive import Doubt
from acquire.life_check import Life, LifeCheck
from acquire.media import ReadFailure, Source, UnfinishedReadError
from acquire.proof_of_life import dead_source, told_since
from acquire.readplan import PIECE_SIZE_BYTES, InlinePlan, PlanSettings, ReadPlan, ReadStep
from acquire.sample_comparison import Sample
from acquire.sector_samples import SectorSamples
from acquire.source_range import whole_of
from image.read_record import ReadErrorEvent
from image.sectors import SectorRange
from image.times import Clock

MAXIMUM_ERRORS = 10_000
MAXIMUM_REVIVALS = 3
"""A batch is begun anew so often for a source that falls silent and answers again."""


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How errors of the medium are met: tries after the first, sectors given up by one failure, and whether the
    first sector that stays unreadable ends the job."""

    retries: int = 2
    error_granularity_sectors: int = 1
    abort_on_error: bool = False


@dataclass(frozen=True, slots=True)
class BatchRead:
    """How a batch was read: sectors given up (zeros in the buffer), failed reads (capped), and how many (all)."""

    bad: tuple[SectorRange, ...] = ()
    errors: tuple[ReadErrorEvent, ...] = ()
    error_count: int = 0


WHOLE_BATCH_READ = BatchRead()


class Reader:
    """Reads a source batch by batch. Keeps at most MAXIMUM_ERRORS failures over its whole life.

    `samples` are sectors that were read, numbered on the whole device; `pause` waits so many seconds;
    `is_stopping` tells whether a stop is asked for, which a failing batch heeds before each of its reads.
    """

    def __init__(
        self,
        source: Source,
        settings: ReadSettings,
        clock: Clock,
        pause: Callable[[float], object] = time.sleep,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._is_stopping = is_stopping
        self._abort_on_error = settings.abort_on_error
        self._plan_settings = PlanSettings(
            retries=settings.retries,
            error_granularity_sectors=settings.error_granularity_sectors,
            piece_sectors=max(1, PIECE_SIZE_BYTES // source.sector_size_bytes),
        )
        self._clock = clock
        self._errors_left = MAXIMUM_ERRORS
        self.samples = SectorSamples(source.sector_size_bytes)
        self._pause = pause
        self.go_on_with(source)

    def go_on_with(self, source: Source) -> None:
        """Read from this source now: the same media, attached anew."""
        self._source = source
        whole, self._place = whole_of(source)
        self._life = LifeCheck(whole, self.samples, self._clock, self._pause)
        self._doubt = Doubt()
        self._failed_until = -1
        self._batch_first = 0
        self._revivals_left = MAXIMUM_REVIVALS

    def remember(self, samples: Iterable[Sample]) -> None:
        """Take sectors of the source that an earlier session read for witnesses that the drive lives."""
        for sector, content in samples:
            self.samples.keep(self._place + sector, content)

    def read_batch(self, view: memoryview, sectors: SectorRange) -> BatchRead:
        """Fill the view with these sectors.

        Raises:
            SourceLostError: the source is gone, or answers nothing any more.
            UnfinishedReadError: a sector cannot be read and settings say to stop there, which names it; or a stop
                was asked for.
        """
        try:
            self._source.read_into(view, sectors.first_sector)
        except ReadFailure as failure:
            return self._read_in_steps(view, sectors, failure)
        self._take_sample(view, sectors)
        return WHOLE_BATCH_READ

    def _read_in_steps(self, view: memoryview, sectors: SectorRange, first: ReadFailure) -> BatchRead:
        """Read what a failed batch still holds, beginning behind its own failure."""
        failures = _FailureLog(self._clock, self._errors_left)
        self._batch_first = sectors.first_sector
        if sectors.first_sector != self._failed_until:
            self._doubt = Doubt()
        try:
            bad = self._read_until_proved(view, sectors, first, failures)
        except UnfinishedReadError as broken:
            broken.failures, broken.failure_count = tuple(failures.kept), failures.count
            raise
        finally:
            self._errors_left -= len(failures.kept)
        self._failed_until = sectors.end_sector
        for item in bad:
            part = self._part(view, sectors, item)
            part[:] = bytes(len(part))
        return BatchRead(bad, tuple(failures.kept), failures.count)

    def _read_until_proved(
        self, view: memoryview, sectors: SectorRange, first: ReadFailure, failures: "_FailureLog"
    ) -> tuple[SectorRange, ...]:
        """The sectors given up; a source that fell silent meanwhile is asked for all of the batch again."""
        failure: ReadFailure | None = first
        self._revivals_left = MAXIMUM_REVIVALS
        while True:
            plan = InlinePlan(sectors, self._plan_settings)
            try:
                self._carry_out(plan, view, sectors, failure, failures)
            except _RevivedError:
                failure, self._doubt = None, Doubt()
            else:
                return plan.bad

    def _carry_out(
        self,
        plan: ReadPlan,
        view: memoryview,
        sectors: SectorRange,
        failed: ReadFailure | None,
        failures: "_FailureLog",
    ) -> None:
        """Take every step of a plan; `failed` is the first step's failure, where it was taken already."""
        while (step := plan.next_step()) is not None:
            if self._is_stopping():
                raise UnfinishedReadError("stopped by the operator", f"sector {sectors.first_sector}")
            part, begun = self._part(view, sectors, step.sectors), self._clock.monotonic()
            failure = failed or self._failure_of(part, step.sectors)
            failed = None
            if failure is not None:
                self._follow_up(plan, step, failure, failures, begun)
                continue
            plan.succeeded(step)
            self._doubt.answered()
            self._take_sample(part, step.sectors)
        if self._doubt.failures:
            self._require_life(sectors, failures.last_error)

    def _failure_of(self, part: memoryview, sectors: SectorRange) -> ReadFailure | None:
        """Read these sectors; how that failed, or None."""
        try:
            self._source.read_into(part, sectors.first_sector)
        except ReadFailure as failure:
            return failure
        return None

    def _follow_up(
        self, plan: ReadPlan, step: ReadStep, failure: ReadFailure, failures: "_FailureLog", begun_seconds: float
    ) -> None:
        """Note a failure and tell the plan."""
        failures.add(step, failure)
        self._doubt.failed(step.sectors.first_sector, begun_seconds)
        given_up = plan.failed(step)
        ends_here = bool(given_up) and self._abort_on_error
        if ends_here or self._doubt.is_due(self._clock.monotonic()):
            self._require_life(step.sectors, failure.error)
        if ends_here:
            where = f"sector {given_up[0].first_sector}"
            raise UnfinishedReadError(
                f"a sector cannot be read ({failure.error})", where, "Stopped as --on-error abort asks"
            )

    def _require_life(self, here: SectorRange, error: str) -> None:
        """See that the source still answers somewhere.

        Raises:
            SourceLostError: it does not, neither at sectors read before nor at any other.
        """
        with told_since(self._doubt.first_sector):
            life = self._life.look(self._tried(here))
        if life is Life.DEAD:
            raise dead_source(error, self._doubt.first_sector)
        if life is Life.REVIVED and self._revivals_left:
            self._revivals_left -= 1
            raise _RevivedError
        self._doubt.proved_alive()

    def _tried(self, here: SectorRange) -> SectorRange:
        """The stretch of the whole device that this reader has asked for so far, up to the end of `here`."""
        first = min([*self.samples.sectors, self._place + self._batch_first])
        return SectorRange(first, max(1, self._place + here.end_sector - first))

    def _take_sample(self, view: memoryview, sectors: SectorRange) -> None:
        """Remember a sector of what was read, now and then."""
        sector = self._place + sectors.first_sector
        if sector >= self.samples.next_sector:
            self.samples.take(view, sector)

    def _part(self, view: memoryview, whole: SectorRange, part: SectorRange) -> memoryview:
        """The bytes of a part of the batch."""
        size = self._source.sector_size_bytes
        first = (part.first_sector - whole.first_sector) * size
        return view[first : first + part.sector_count * size]


class _RevivedError(Exception):
    """The source fell silent and answers again: what failed meanwhile proves nothing."""


class _FailureLog:
    """The failed reads of one batch: all counted, so many kept."""

    def __init__(self, clock: Clock, room: int) -> None:
        self._clock = clock
        self._room = room
        self.count = 0
        self.last_error = ""
        self.kept: list[ReadErrorEvent] = []

    def add(self, step: ReadStep, failure: ReadFailure) -> None:
        """Count a failure, and keep it while there is room."""
        self.count += 1
        self.last_error = failure.error
        if len(self.kept) < self._room:
            self.kept.append(ReadErrorEvent(self._clock.now(), step.sectors, failure.error, step.attempt))
