"""One rescue: the source is read in passes into the rescue file, then the image is written from that.

The second part is an ordinary acquisition whose batches come from the file; identity, protection, errors, events
and times are those of the drive.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import replace

from acquire.begun import BegunJob
from acquire.devices import Device
from acquire.drive_reports import SECONDS_TO_ANSWER_STOPPED, note_drive_reports
from acquire.event_kinds import EventKind
from acquire.imager import acquire_image
from acquire.journal import JournalState
from acquire.media import Source, SourceLostError
from acquire.request import AcquisitionRequest, JobHooks, keep_protection, no_messages
from acquire.rescue_destination import InPlaceDestination, becomes_image
from acquire.rescue_executor import RescueExecutor, RescueHands
from acquire.rescue_passes import REQUESTS_PER_STEP, RescueSettings
from acquire.rescue_plan import RescuePlan
from acquire.rescue_state import RescueState, protected
from acquire.rescue_store import RescueStore
from acquire.rescued_content import RescuedContent
from acquire.rescued_reader import RescuedHistory, RescuedReader
from acquire.result import AcquisitionResult, OutputResult, OutputState
from acquire.source_facts import signatures_on
from acquire.source_wait import WaitFor, wait_for_nothing
from image.badmap import BadSectorMap, SectorState
from image.destinations import Destination
from image.errors import DestinationError, StoppedError
from image.findings import Finding, finding
from image.read_record import JobEvent
from image.sectors import count_sectors

NOT_TRIED = (SectorState.NON_TRIED, SectorState.NON_TRIMMED, SectorState.NON_SCRAPED)


def rescue_image(
    request: AcquisitionRequest,
    source: Source,
    settings: RescueSettings,
    hooks: JobHooks,
    state: RescueState,
    *,
    keep_file: bool = False,
    wait_for: WaitFor = wait_for_nothing,
    partitions: Iterable[Device] = (),
) -> AcquisitionResult:
    """Carry a rescue on to its image at every output; closes the state.

    A single raw file is the rescue file itself unless that is to be kept. A stop, a lost source, a limit or a
    lost destination gives a result without a manifest; map and rescue file say how far it came. A lost source is
    waited for as `wait_for` says.

    Raises:
        CaseError: the record of the finished image failed; the image stays partial.
    """
    try:
        with protected(state, hooks):
            stopped = _read(source, settings, hooks, state, wait_for)
        if stopped is not None:
            return _partial(state, stopped)
        _look_at_content(state, partitions)
        return _write_image(request, hooks, state, keep_file=keep_file)
    except DestinationError as error:
        with contextlib.suppress(DestinationError):
            state.write_journals(state.journal(hooks, JournalState.STOPPED, str(error)))
        return _partial(state, error)
    finally:
        state.close()


def _read(
    source: Source, settings: RescueSettings, hooks: JobHooks, state: RescueState, wait_for: WaitFor
) -> StoppedError | None:
    """Carry the plan out; why it stopped before its end, or None.

    Raises:
        DestinationError: what was read could not be kept; the map on disk is an earlier one.
    """

    def plan() -> RescuePlan:
        return RescuePlan(state.map, settings)

    largest = REQUESTS_PER_STEP * max(settings.cluster_sectors, settings.unit_sectors)
    store = RescueStore(state.file, state.map_path, state.journals, largest * source.sector_size_bytes)

    def save(state_now: JournalState = JournalState.RUNNING, reason: str | None = None) -> None:
        store.save(state.map_bytes(), state.journal(hooks, state_now, reason))

    state.history.watch_temperatures(hooks.temperatures)
    try:
        save()
        hands = RescueHands(source, plan, store, state.history, hooks, state, save, wait_for, state.witnesses)
        stopped = RescueExecutor(hands).run()
        if stopped is not None:
            if not isinstance(stopped, SourceLostError):
                note_drive_reports(hooks, state.history, state.job, SECONDS_TO_ANSWER_STOPPED)
            state.history.add_event(hooks.clock.now(), EventKind.STOPPED, str(stopped))
            save(JournalState.STOPPED, str(stopped))
        else:
            save()
        store.close()
    finally:
        store.abandon()
    return stopped


def _partial(state: RescueState, error: StoppedError | DestinationError) -> AcquisitionResult:
    """The result of a rescue that is not at its end."""
    first = OutputState.FAILED if isinstance(error, DestinationError) else OutputState.PARTIAL
    others = (OutputResult(path, OutputState.PARTIAL, str(error)) for path in state.outputs[1:])
    outputs = (OutputResult(state.outputs[0], first, str(error)), *others)
    return AcquisitionResult(outputs, None, None, (), str(error))


def _write_image(
    request: AcquisitionRequest, hooks: JobHooks, state: RescueState, *, keep_file: bool
) -> AcquisitionResult:
    """Write the image of what was rescued."""
    in_place = becomes_image(request.plan, keep_file=keep_file)
    size = state.job.source.sector_size_bytes
    if in_place:
        _blank_unread(state)
    destinations = tuple(
        InPlaceDestination(path, rescue_file=state.file) if in_place and not index else Destination(path)
        for index, path in enumerate(state.outputs)
    )
    history = RescuedHistory(state.map.sector_count, size, state.history.snapshot(hooks.kernel_messages()))
    journals = dict(zip(destinations, state.journals, strict=True))
    findings = (*not_tried_findings(state.map), *taken_over_findings(state.history.snapshot().events))
    begun = BegunJob(destinations, journals, history, state.map, findings)
    plain = replace(
        hooks,
        protect=keep_protection,
        unprotect=keep_protection,
        kernel_messages=no_messages,
        temperatures=tuple,
    )
    reader = RescuedReader(state.file, state.map, size)
    return acquire_image(replace(request, job=state.job), reader, plain, begun)


def _look_at_content(state: RescueState, partitions: Iterable[Device]) -> None:
    """Note what lies on the medium, as far as it was rescued; `partitions` are those the kernel knew."""
    source, first = state.job.source, state.job.parameters.start_sector
    content = RescuedContent(state.file, state.map, first, source.sector_size_bytes)
    try:
        found = signatures_on(content.read_at, source.size_bytes, partitions)
    except OSError as error:
        raise DestinationError("what was rescued cannot be read back", str(state.file.path), str(error)) from error
    state.job = replace(state.job, source=replace(source, signatures=found))


def _blank_unread(state: RescueState) -> None:
    """Make zeros of what the map does not call finished, whatever an earlier session left there."""
    size = state.job.source.sector_size_bytes
    for sectors in state.map.unread_ranges():
        try:
            state.file.blank(sectors.first_sector * size, sectors.sector_count * size)
        except OSError as error:
            raise DestinationError("the rescue cannot be kept", str(state.file.path), str(error)) from error


def taken_over_findings(events: tuple[JobEvent, ...]) -> tuple[Finding, ...]:
    """What was read by a program that is not known."""
    return tuple(
        finding("rescue-taken-over", event.detail) for event in events if event.kind == EventKind.TAKEN_OVER
    )


def not_tried_findings(bad_sector_map: BadSectorMap) -> tuple[Finding, ...]:
    """What was not tried to the end because a limit, or the choice of passes, came before."""
    left = bad_sector_map.ranges(*NOT_TRIED)
    if not left:
        return ()
    detail = f"{count_sectors(left)} sectors in {len(left)} ranges were not tried to the end; the map names them"
    return (finding("sectors-not-tried", detail, sectors=left[0]),)
