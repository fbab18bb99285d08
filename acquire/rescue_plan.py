"""The rescue of a failing drive: what to read next and what each outcome leads to, without device or clock.

The bad-sector map is all that lasts: a plan made anew from it, or from one that ddrescue left, goes on with what
is not settled yet. A caller carries the plan out so:

    while (step := plan.next_step()) is not None:
        for request in step.requests(): read it; at the first failure:
            plan.failed(step, request, seconds, those of the requests that were read)
        plan.succeeded(step, seconds)          when none failed

The seconds are those of the whole step. A caller that stops within a step, to save the map or after about a
second, says how far it came: plan.succeeded(step, seconds, sectors). What it reports as read must be kept before
the map is saved.
"""

from dataclasses import dataclass
from enum import Enum

from acquire.rescue_limits import JumpSize, RateWatch
from acquire.rescue_passes import (
    REQUESTS_PER_STEP,
    RULES,
    AfterFailure,
    RescuePass,
    RescueSettings,
    RescueStep,
    edge_piece,
)
from acquire.rescue_walk import BlockWalk
from image.badmap import BadSectorMap, SectorState
from image.sectors import SectorRange


class StopReason(Enum):
    """Why a rescue ends before its last pass."""

    ERROR_RATE = "errors come faster than allowed"
    SLOW_READS = "more slow reads than allowed"


@dataclass(frozen=True, slots=True)
class RescueProgress:
    """Where a rescue stands: the pass (None at the end), its number among the retries, and bytes in each state."""

    rescue_pass: RescuePass | None
    attempt: int
    non_tried_bytes: int
    non_trimmed_bytes: int
    non_scraped_bytes: int
    bad_bytes: int
    finished_bytes: int
    timed_out: tuple[RescuePass, ...] = ()


class RescuePlan:
    """Gives the steps of a rescue and keeps its map. `map` and `stopped_by` may be read at any time.

    A sector that never reads is in at most 2 + retries requests, those of earlier plans over the same map
    included in the 2: one of a copying pass, one of its own when it is trimmed or scraped, and one a retry pass.
    """

    def __init__(self, bad_sector_map: BadSectorMap, settings: RescueSettings) -> None:
        self.map = bad_sector_map
        self.stopped_by: StopReason | None = None
        self._settings = settings
        self._bytes = _bytes_by_state(bad_sector_map, settings.sector_size_bytes)
        self._jump = JumpSize(bad_sector_map.sector_count, settings.sector_size_bytes, settings.unit_sectors)
        self._errors, self._reads = RateWatch(), RateWatch()
        self._slow_reads = 0
        self._timed_out: list[RescuePass] = []
        self._schedule = iter(_schedule(settings))
        self._step: RescueStep | None = None
        self._pass: RescuePass | None = None
        self._attempt = 0
        self._begin_next_pass()

    def _begin_next_pass(self) -> None:
        """Take the blocks of the next pass of the schedule as they are now."""
        self._pass, self._attempt = next(self._schedule, (None, 0))
        self._pass_seconds = 0.0
        self._jump.reset()
        if self._pass is not None:
            self._rule = RULES[self._pass]
            directions = (self._attempt % 2 == 0,) if self._attempt else self._rule.directions
            self._walk = BlockWalk(self.map.ranges(self._rule.takes), directions)

    def next_step(self) -> RescueStep | None:
        """What to read now, the same until it is answered; None at the end or once the rescue is stopped."""
        while self._step is None and self._pass is not None and self.stopped_by is None:
            rest = self._walk.rest()
            if rest is None:
                self._begin_next_pass()
            elif self._rule.leaves is not None and self._is_at_a_bad_sector(rest):
                self._leave_edge()
            else:
                self._step = self._step_of(rest)
        return self._step if self.stopped_by is None else None

    def _is_at_a_bad_sector(self, rest: SectorRange) -> bool:
        """Whether the edge that is next is trimmed already."""
        neighbour = rest.end_sector if self._walk.backwards else rest.first_sector - 1
        return 0 <= neighbour < self.map.sector_count and self.map.state_at(neighbour) is SectorState.BAD_SECTOR

    def _step_of(self, rest: SectorRange) -> RescueStep:
        """The next run of requests in the rest of a block; a unit is never read together with part of another."""
        assert self._pass is not None
        settings, backwards = self._settings, self._walk.backwards
        request = settings.cluster_sectors if self._rule.in_clusters else settings.unit_sectors
        if rest.sector_count > request:
            rest = edge_piece(rest, request * REQUESTS_PER_STEP, backwards)
        elif not self._rule.in_clusters:
            rest = edge_piece(rest, request, backwards)
        return RescueStep(rest, request, self._pass, backwards, self._attempt)

    def succeeded(self, step: RescueStep, seconds: float = 0.0, sectors: SectorRange | None = None) -> None:
        """Say that a step was read, or of a step that was broken off, which sectors: its first requests."""
        self._take(step)
        read = sectors or step.sectors
        self._mark(read, SectorState.FINISHED)
        self._walk.advance(read)
        if self._is_slow(read, seconds):
            self._leave_slow_area()
        else:
            self._jump.reset()
        self._spend(0, seconds)

    def failed(
        self, step: RescueStep, request: SectorRange, seconds: float = 0.0, read_seconds: float = 0.0
    ) -> tuple[SectorRange, ...]:
        """Say that this request failed and those before it were read; gives the sectors that are newly bad."""
        self._take(step)
        before = _before(step, request)
        if before is not None:
            self._mark(before, SectorState.FINISHED)
            self._jump.reset()
            if self._is_slow(before, read_seconds):
                self._count_slow_read()
        alone = not self._rule.in_clusters or self._is_one_unit(request)
        self._mark(request, SectorState.BAD_SECTOR if alone else SectorState.NON_TRIMMED)
        self._walk.advance(request)
        self._go_on_after_failure()
        self._spend(request.sector_count * self._settings.sector_size_bytes, seconds)
        return (request,) if alone and self._rule.takes is not SectorState.BAD_SECTOR else ()

    def _is_one_unit(self, request: SectorRange) -> bool:
        unit = self._settings.unit_sectors
        return request.first_sector // unit == request.last_sector // unit

    def _go_on_after_failure(self) -> None:
        if self._rule.after_failure is AfterFailure.JUMP:
            self._jump_on()
        elif self._rule.after_failure is AfterFailure.LEAVE:
            self._leave_edge()

    def _jump_on(self) -> None:
        """Leave out what comes next in the block; a new block begins with a small jump."""
        if self._walk.jump(self._jump.size):
            self._jump.grow()
        else:
            self._jump.reset()

    def _leave_edge(self) -> None:
        """Turn to the other edge; what no edge reaches any more gets its later state."""
        left = self._walk.turn()
        if left is not None and self._rule.leaves is not None:
            self._mark(left, self._rule.leaves)

    def _take(self, step: RescueStep) -> None:
        """Accept the answer to the step that was given."""
        assert self._step is step, f"{step} is not the step that was given"
        self._step = None

    def _mark(self, sectors: SectorRange, state: SectorState) -> None:
        """Give sectors of this pass a new state, and count them."""
        size_bytes = sectors.sector_count * self._settings.sector_size_bytes
        self._bytes[self._rule.takes] -= size_bytes
        self._bytes[state] += size_bytes
        self.map.mark(sectors, state)

    def _is_slow(self, read: SectorRange, seconds: float) -> bool:
        """Whether the last second read too slowly; only the first two passes ask."""
        limit = self._settings.min_read_rate
        if limit is None or self._pass not in (RescuePass.COPY_FORWARDS, RescuePass.COPY_BACKWARDS):
            return False
        rate = self._reads.add(read.sector_count * self._settings.sector_size_bytes, seconds)
        return rate is not None and rate < (limit or self._reads.average / 10)

    def _leave_slow_area(self) -> None:
        """Jump on, and stop when that was once too often."""
        self._jump_on()
        self._count_slow_read()

    def _count_slow_read(self) -> None:
        self._slow_reads += 1
        if self._settings.max_slow_reads is not None and self._slow_reads > self._settings.max_slow_reads:
            self.stopped_by = StopReason.SLOW_READS

    def _spend(self, failed_bytes: int, seconds: float) -> None:
        """Count time and errors; stop, or go to the next pass, at their limits."""
        rate = self._errors.add(failed_bytes, seconds)
        limit, timeout = self._settings.max_error_rate, self._settings.pass_timeout
        if rate is not None and limit is not None and rate > limit:
            self.stopped_by = StopReason.ERROR_RATE
        self._pass_seconds += seconds
        if timeout is not None and self._pass_seconds >= timeout and self._pass is not None:
            if self._walk.rest() is not None:
                self._timed_out.append(self._pass)
            self._begin_next_pass()

    def progress(self) -> RescueProgress:
        """The pass and the bytes in each state, without a look through the map."""
        return RescueProgress(
            rescue_pass=self._pass,
            attempt=self._attempt,
            non_tried_bytes=self._bytes[SectorState.NON_TRIED],
            non_trimmed_bytes=self._bytes[SectorState.NON_TRIMMED],
            non_scraped_bytes=self._bytes[SectorState.NON_SCRAPED],
            bad_bytes=self._bytes[SectorState.BAD_SECTOR],
            finished_bytes=self._bytes[SectorState.FINISHED],
            timed_out=tuple(self._timed_out),
        )


def grown_map(bad_sector_map: BadSectorMap, sector_count: int) -> BadSectorMap:
    """A copy of the map for media that now shows so many sectors; the new ones are non-tried.

    Raises:
        ValueError: the media is smaller than its map.
    """
    if sector_count < bad_sector_map.sector_count:
        raise ValueError(f"the map holds {bad_sector_map.sector_count} sectors, the media {sector_count}")
    result = BadSectorMap(sector_count)
    for sectors, state in bad_sector_map:
        result.mark(sectors, state)
    return result


def _schedule(settings: RescueSettings) -> list[tuple[RescuePass, int]]:
    """The passes to run, with their number among the retries."""
    once = [(item, 0) for item in RescuePass if item in settings.passes and item is not RescuePass.RETRY]
    retrying = range(1, settings.retries + 1) if RescuePass.RETRY in settings.passes else ()
    return once + [(RescuePass.RETRY, attempt) for attempt in retrying]


def _before(step: RescueStep, request: SectorRange) -> SectorRange | None:
    """The sectors of the step that were read before this request."""
    if step.backwards:
        first, end = request.end_sector, step.sectors.end_sector
    else:
        first, end = step.sectors.first_sector, request.first_sector
    return SectorRange(first, end - first) if first < end else None


def _bytes_by_state(bad_sector_map: BadSectorMap, sector_size_bytes: int) -> dict[SectorState, int]:
    """How many bytes are in each state."""
    result = dict.fromkeys(SectorState, 0)
    for sectors, state in bad_sector_map:
        result[state] += sectors.sector_count * sector_size_bytes
    return result
