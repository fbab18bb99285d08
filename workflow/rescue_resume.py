"""Going on with a rescue after an interruption."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acquire.event_kinds import EventKind
from acquire.media import Source
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_anew import begin_anew, is_unmapped
from acquire.rescue_resume import go_on, reopen_rescue
from acquire.rescue_state import RescueState
from acquire.resume import Interrupted, untold_end
from acquire.resume_protection import plan_again
from acquire.source import OpenedSource
from acquire.source_range import SourceRange
from image.failure_guard import closed_on_failure
from image.job import Job
from image.read_record import JobEvent
from workflow.acquisition_order import AcquisitionOrder
from workflow.acquisition_plan import AcquisitionPlan, make_header
from workflow.ready_job import Hands, ReadyJob
from workflow.rescue_beginnings import NOTHING_TO_COMPARE, compare_earlier, compare_rescued
from workflow.rescue_order import RescueOrder, rescue_parameters
from workflow.resume_changes import changes_since
from workflow.resume_ledger import record_resumption
from workflow.resume_order import carried_job
from workflow.retry_bad import earlier_again

if TYPE_CHECKING:
    from casedb.case_store import CaseStore


def ready_to_rescue_on(
    order: AcquisitionOrder,
    opened: OpenedSource,
    plan: AcquisitionPlan,
    interrupted: Interrupted,
    store: "CaseStore | None",
    hands: Hands,
) -> tuple[ReadyJob, Job]:
    """The job behind what was rescued, of a source that is the same; nothing is changed before that is known.

    Raises:
        SourceError: another source, or one that was changed.
        DestinationError: rescue file or map is absent, or not of this media.
    """
    job = _carried(order, opened, interrupted)
    outputs = tuple(look.output for look in interrupted.looks)
    request = AcquisitionRequest(outputs, plan.layout, job, make_header(job))
    source = SourceRange(opened.media, plan.sectors)
    found = _found_again(interrupted, request, source, opened.facts.path, hands, vouched=order.same_device)
    state = found.state
    with closed_on_failure(state.file):
        event = _resumption(found, interrupted, job, opened.facts.path, hands)
        link = record_resumption(store, interrupted, event.at, opened.facts.path, interrupted.ending)
    job = state.job = replace(job, case_link=link)

    def opening(_: AcquisitionRequest, hooks: JobHooks) -> RescueState:
        go_on(state, (*untold_end(interrupted), event), hooks)
        return state

    return ReadyJob(store, opened, outputs, plan, open_rescue=opening), job


@dataclass(frozen=True)
class _FoundAgain:
    """A rescue opened again; in a phrase each, from where it goes on and what shows that the source is the same."""

    state: RescueState
    place: str
    compared: str


def _found_again(
    interrupted: Interrupted, request: AcquisitionRequest, source: Source, path: str, hands: Hands, *, vouched: bool
) -> _FoundAgain:
    """What was rescued, of a source that holds it; a rescue that ended before its map was saved is begun anew."""
    if is_unmapped(interrupted):
        return _begun_anew(interrupted, request, source, path, hands, vouched=vouched)
    state = reopen_rescue(interrupted, request)
    with closed_on_failure(state.file):
        compared = compare_rescued(source, path, state, vouched=vouched)
    return _FoundAgain(state, "with the map as it was saved", compared)


def _begun_anew(
    interrupted: Interrupted, request: AcquisitionRequest, source: Source, path: str, hands: Hands, *, vouched: bool
) -> _FoundAgain:
    """The rescue once more from its beginning, as its journal says that it was asked for."""
    hooks = JobHooks(hands.clock, hands.stop, hands.listener)
    version = request.job.parameters.retry_of
    if version is None:
        return _FoundAgain(begin_anew(interrupted, request, hooks, None), "from the beginning", NOTHING_TO_COMPARE)
    earlier = earlier_again(version)
    compared, samples = compare_earlier(source, path, earlier, vouched=vouched)
    state = begin_anew(interrupted, request, hooks, earlier)
    state.witnesses = samples
    return _FoundAgain(state, "from the beginning", compared)


def _resumption(found: _FoundAgain, interrupted: Interrupted, job: Job, path: str, hands: Hands) -> JobEvent:
    """The event that says how the rescue goes on, and what is not as it was."""
    changes = (found.compared, *changes_since(interrupted.job, job, path))
    detail = "; ".join((f"{found.place}, read from {path}", *changes))
    return JobEvent(hands.clock.now(), EventKind.RESUMED, detail)


def _carried(order: AcquisitionOrder, opened: OpenedSource, interrupted: Interrupted) -> Job:
    """The job as it goes on: passes, limits and retries may be others than before."""
    job = carried_job(order, interrupted.job)
    rescue = rescue_parameters(order.rescue or RescueOrder())
    parameters = replace(job.parameters, rescue=rescue, retries=order.reading.retries)
    return replace(job, parameters=parameters, protection=plan_again(opened, job.protection))
