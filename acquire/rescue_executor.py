"""Carries out a rescue plan on a source: step by step into the store, the map saved at intervals and at each stop.

What failed since the source last answered is taken back when the source turns out to be gone, or to have been
silent for a while: the map then says of it what it said before, and a new plan reads it again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from acquire.life_check import Life
from acquire.lost_source import JobRecord, WaitingJob, regain_source
from acquire.media import ReadFailure, Source, SourceLostError
from acquire.pausing import note_interruptions, pause_reading
from acquire.proof_of_life import ProofOfLife
from acquire.read_history import ReadHistory
from acquire.reader import MAXIMUM_REVIVALS, BatchRead
from acquire.record_size import require_room_in_map
from acquire.request import JobHooks
from acquire.rescue_passes import RULES, RescuePass, RescueStep
from acquire.rescue_plan import RescuePlan
from acquire.rescue_store import RescueStore
from acquire.rescue_telling import PassTeller, rescue_progress
from acquire.sample_comparison import Sample
from acquire.sector_samples import SectorSamples
from acquire.source_range import whole_of
from acquire.source_wait import WaitFor, wait_for_nothing
from image.badmap import SectorState
from image.buffers import Buffer
from image.errors import StoppedError
from image.progress import Progress
from image.read_record import ReadErrorEvent
from image.sectors import SectorRange

SAVE_SECONDS = 30.0
STEP_SECONDS = 1.0


@dataclass(frozen=True)
class RescueHands:
    """What the executor works with; `save` puts map and journal in the store's queue.

    `plan_anew` makes a plan of what the map leaves to read; `wait_for` says how a lost source is waited for;
    `witnesses` are sectors of the source that were read in an earlier session.
    """

    source: Source
    plan_anew: Callable[[], RescuePlan]
    store: RescueStore
    history: ReadHistory
    hooks: JobHooks
    record: JobRecord
    save: Callable[[], None]
    wait_for: WaitFor = wait_for_nothing
    witnesses: tuple[Sample, ...] = ()


class RescueExecutor:
    """One session of a rescue."""

    def __init__(self, hands: RescueHands) -> None:
        self._hands = hands
        self._clock = hands.hooks.clock
        self._source = hands.source
        self._sector_bytes = hands.source.sector_size_bytes
        self._plan = hands.plan_anew()
        self._place = 0
        self._saved_seconds = self._clock.monotonic()
        self._doubted: list[tuple[SectorRange, SectorState]] = []
        self._life = ProofOfLife(hands.source, self._clock, samples=_remembered(hands))
        self._teller = PassTeller(hands.history, hands.hooks)
        self._revivals_left = MAXIMUM_REVIVALS
        self._wait = hands.wait_for(self)

    @property
    def samples(self) -> SectorSamples:
        """Sectors that were read, numbered on the whole device."""
        return self._life.samples

    def go_on_with(self, source: Source) -> None:
        """Read from this source now: the same media, attached anew. What the map leaves to read is planned anew."""
        self._source = source
        self._life = ProofOfLife(source, self._clock, samples=self._life.samples)
        self._begin_anew()

    def run(self) -> StoppedError | None:
        """Read until the plan ends; why it stopped before, or None.

        Raises:
            DestinationError: what was read could not be kept.
        """
        try:
            with self._hands.hooks.pauses.heeded():
                stopped = self._follow_to_the_end()
        except StoppedError as error:
            return error
        if stopped is not None:
            return stopped
        self._teller.tell(self._plan.progress())
        reason = self._plan.stopped_by
        return StoppedError(reason.value, do="") if reason else None

    def _follow_to_the_end(self) -> StoppedError | None:
        """Follow a plan, and a new one each time that the source is back; why that stopped, or None."""
        while True:
            try:
                return self._follow()
            except SourceLostError as lost:
                self._regain(lost)

    def _regain(self, lost: SourceLostError) -> None:
        """Wait for the source, with nothing in the map that its loss may have caused.

        Raises:
            StoppedError: it is not waited for, did not come back, or the operator ended the wait.
            DestinationError: what was read could not be kept.
        """
        first = self._doubted[0][0].first_sector if self._doubted else self._place
        self._take_back()
        hands = self._hands
        job = WaitingJob(hands.hooks, hands.history, hands.record, self._make_durable)
        regain_source(job, self._wait, lost, first, self._progress())

    def _follow(self) -> StoppedError | None:
        """Take every step of the plan; why it stopped before its end, or None."""
        hooks = self._hands.hooks
        hooks.listener(self._progress())
        while (step := self._plan.next_step()) is not None:
            if hooks.pauses.any:
                pause_reading(hooks, self._hands.history, self._make_durable, self._progress())
            if hooks.stop.is_set():
                self._prove_life()
                return StoppedError("stopped by the operator", f"sector {step.sectors.first_sector}")
            self._teller.tell(self._plan.progress())
            require_room_in_map(self._plan.map.block_count)
            self._carry_out(step)
            note_interruptions(hooks, self._hands.history)
            hooks.listener(self._progress())
            self._save_when_due()
        return self._follow() if self._prove_life() else None

    def _carry_out(self, step: RescueStep) -> None:
        """Make the requests of a step until one fails, a second has passed or the job is to stop."""
        buffer = self._hands.store.take_buffer(step.sectors.sector_count * self._sector_bytes)
        begun = self._clock.monotonic()
        read: SectorRange | None = None
        read_seconds = 0.0
        self._place = step.sectors.first_sector
        try:
            for request in step.requests():
                self._source.read_into(self._part(buffer, step, request), request.first_sector)
                read = request if read is None else _joined(read, request)
                read_seconds = self._clock.monotonic() - begun
                if read_seconds >= STEP_SECONDS or self._hands.hooks.stop.is_set():
                    break
        except ReadFailure as failure:
            seconds = self._clock.monotonic() - begun
            self._keep(buffer, step, read)
            self._note_read(step, read, read_seconds)
            self._plan.failed(step, failure.sectors, seconds, read_seconds)
            self._note_failure(step, failure, seconds)
        except StoppedError:
            self._keep_read(buffer, step, read, self._clock.monotonic() - begun)
            raise
        else:
            self._keep_read(buffer, step, read, self._clock.monotonic() - begun)

    def _part(self, buffer: Buffer, step: RescueStep, request: SectorRange) -> memoryview:
        first = (request.first_sector - step.sectors.first_sector) * self._sector_bytes
        return buffer.view[first : first + request.sector_count * self._sector_bytes]

    def _keep_read(self, buffer: Buffer, step: RescueStep, read: SectorRange | None, seconds: float) -> None:
        """Keep the requests that were read, and tell plan and history."""
        self._keep(buffer, step, read)
        self._note_read(step, read, seconds)
        if read is not None:
            self._plan.succeeded(step, seconds, read)

    def _note_read(self, step: RescueStep, read: SectorRange | None, seconds: float) -> None:
        """Tell the history of what was read, with its time where that is the drive's own pace."""
        if read is not None:
            self._doubted.clear()
            timed = seconds if step.rescue_pass is RescuePass.COPY_FORWARDS else None
            self._hands.history.add_read(read, BatchRead(), timed)

    def _keep(self, buffer: Buffer, step: RescueStep, read: SectorRange | None) -> None:
        if read is None:
            buffer.release()
            return
        self._revivals_left = MAXIMUM_REVIVALS
        self._life.answered(self._part(buffer, step, read), read.first_sector)
        start = (read.first_sector - step.sectors.first_sector) * self._sector_bytes
        end = start + read.sector_count * self._sector_bytes
        self._hands.store.put(buffer, start, end, read.first_sector * self._sector_bytes)

    def _note_failure(self, step: RescueStep, failure: ReadFailure, seconds: float) -> None:
        """Tell the history of a failed request, and see whether the drive lives."""
        self._doubted.append((failure.sectors, RULES[step.rescue_pass].takes))
        error = ReadErrorEvent(self._clock.now(), failure.sectors, failure.error, step.attempt + 1)
        self._hands.history.add_read(failure.sectors, BatchRead((), (error,), 1), None)
        self._conclude(self._life.failed(failure, seconds))

    def _prove_life(self) -> bool:
        """See that what failed since the source last answered is damage; whether it is to be read again instead.

        Raises:
            SourceLostError: the source is dead.
        """
        return self._conclude(self._life.prove())

    def _conclude(self, life: Life) -> bool:
        """Let what failed stand, or take it back and plan anew where the source was silent; whether that was done.

        A source that is silent at the same place again and again is believed in the end.
        """
        is_silence = life is Life.REVIVED and self._revivals_left > 0
        if is_silence:
            self._revivals_left -= 1
            self._take_back()
            self._begin_anew()
        elif not self._life.is_doubted:
            self._doubted.clear()
        return is_silence

    def _begin_anew(self) -> None:
        """Plan what the map leaves to read."""
        self._plan = self._hands.plan_anew()
        self._teller.begin_anew()

    def _take_back(self) -> None:
        """Give what failed since the last answer the states it had before."""
        for sectors, state in self._doubted:
            self._plan.map.mark(sectors, state)
        self._doubted.clear()

    def _progress(self) -> Progress:
        """Where the rescue stands."""
        return rescue_progress(self._plan.progress(), self._source.size_bytes, self._sector_bytes)

    def _make_durable(self) -> None:
        """Keep all that was read, and see that it is kept."""
        self._hands.save()
        self._hands.store.settle()

    def _save_when_due(self) -> None:
        now = self._clock.monotonic()
        if now - self._saved_seconds >= SAVE_SECONDS:
            self._prove_life()
            self._hands.save()
            self._saved_seconds = now


def _remembered(hands: RescueHands) -> SectorSamples:
    """What an earlier session read, numbered on the whole device."""
    _, place = whole_of(hands.source)
    samples = SectorSamples(hands.source.sector_size_bytes)
    for sector, content in hands.witnesses:
        samples.keep(place + sector, content)
    return samples


def _joined(one: SectorRange, other: SectorRange) -> SectorRange:
    """Two neighbouring ranges as one."""
    first = min(one.first_sector, other.first_sector)
    return SectorRange(first, max(one.end_sector, other.end_sector) - first)
