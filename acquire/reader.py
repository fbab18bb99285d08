"""Carries out a read plan on a source: media into a buffer, unreadable sectors as zeros, each failure kept.

The healthy path is one read per batch; a plan is made only when that read fails.
"""

from dataclasses import dataclass

from acquire.media import ReadFailure, Source
from acquire.readplan import PIECE_SIZE_BYTES, InlinePlan, PlanSettings, ReadPlan, ReadStep
from image.errors import StoppedError
from image.manifest import ReadErrorEvent
from image.sectors import SectorRange
from image.times import Clock

MAXIMUM_EVENTS = 10_000


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
    """Reads a source batch by batch. Keeps at most MAXIMUM_EVENTS failures over its whole life."""

    def __init__(self, source: Source, settings: ReadSettings, clock: Clock) -> None:
        self._source = source
        self._abort_on_error = settings.abort_on_error
        self._plan_settings = PlanSettings(
            retries=settings.retries,
            error_granularity_sectors=settings.error_granularity_sectors,
            piece_sectors=max(1, PIECE_SIZE_BYTES // source.sector_size_bytes),
        )
        self._clock = clock
        self._events_left = MAXIMUM_EVENTS

    def read_batch(self, view: memoryview, sectors: SectorRange) -> BatchRead:
        """Fill the view with these sectors.

        Raises:
            SourceLostError: the source is gone.
            StoppedError: a sector cannot be read and settings say to stop there; names it.
        """
        try:
            self._source.read_into(view, sectors.first_sector)
        except ReadFailure as failure:
            return self._read_in_steps(view, sectors, failure)
        return WHOLE_BATCH_READ

    def _read_in_steps(self, view: memoryview, sectors: SectorRange, first: ReadFailure) -> BatchRead:
        """Read what a failed batch still holds, beginning behind its own failure."""
        plan = InlinePlan(sectors, self._plan_settings)
        failures = _FailureLog(self._clock, self._events_left)
        step = plan.next_step()
        assert step is not None, "a new plan begins with the whole batch"
        self._follow_up(plan, step, first, failures)
        while (step := plan.next_step()) is not None:
            try:
                self._source.read_into(self._part(view, sectors, step.sectors), step.sectors.first_sector)
            except ReadFailure as failure:
                self._follow_up(plan, step, failure, failures)
            else:
                plan.succeeded(step)
        for bad in plan.bad:
            part = self._part(view, sectors, bad)
            part[:] = bytes(len(part))
        self._events_left -= len(failures.kept)
        return BatchRead(plan.bad, tuple(failures.kept), failures.count)

    def _follow_up(self, plan: ReadPlan, step: ReadStep, failure: ReadFailure, failures: "_FailureLog") -> None:
        """Note a failure and tell the plan."""
        failures.add(step, failure)
        given_up = plan.failed(step)
        if given_up and self._abort_on_error:
            where = f"sector {given_up[0].first_sector}"
            raise StoppedError(
                f"a sector cannot be read ({failure.error})", where, "Stopped as --on-error abort asks"
            )

    def _part(self, view: memoryview, whole: SectorRange, part: SectorRange) -> memoryview:
        """The bytes of a part of the batch."""
        size = self._source.sector_size_bytes
        first = (part.first_sector - whole.first_sector) * size
        return view[first : first + part.sector_count * size]


class _FailureLog:
    """The failed reads of one batch: all counted, so many kept."""

    def __init__(self, clock: Clock, room: int) -> None:
        self._clock = clock
        self._room = room
        self.count = 0
        self.kept: list[ReadErrorEvent] = []

    def add(self, step: ReadStep, failure: ReadFailure) -> None:
        """Count a failure, and keep it while there is room."""
        self.count += 1
        if len(self.kept) < self._room:
            self.kept.append(ReadErrorEvent(self._clock.now(), step.sectors, failure.error, step.attempt))
