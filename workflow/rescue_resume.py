"""Going on with a rescue after an interruption."""

from dataclasses import dataclass, replace

from acquire.event_kinds import EventKind
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_anew import begin_anew, is_unmapped
from acquire.rescue_resume import go_on, reopen_rescue
from acquire.rescue_state import RescueState
from acquire.resume import untold_end
from acquire.resume_protection import plan_again
from image.failure_guard import closed_on_failure
from image.job import Job
from image.read_record import JobEvent
from workflow.ready_job import ReadyJob
from workflow.rescue_beginnings import NOTHING_TO_COMPARE, compare_earlier, compare_rescued
from workflow.rescue_order import RescueOrder, rescue_parameters
from workflow.resume_order import carried_job
from workflow.resumption import Resumption
from workflow.retry_bad import earlier_again


def ready_to_rescue_on(resumption: Resumption) -> tuple[ReadyJob, Job]:
    """The job behind what was rescued, of a source that is the same; nothing is changed before that is known.

    Raises:
        SourceError: another source, or one that was changed.
        DestinationError: rescue file or map is absent, or not of this media.
    """
    interrupted, job = resumption.interrupted, _carried(resumption)
    found = _found_again(resumption, resumption.request(job))
    state = found.state
    with closed_on_failure(state.file):
        event = _resumed(resumption, found, job)
        job = state.job = resumption.recorded(job, event)

    def opening(_: AcquisitionRequest, hooks: JobHooks) -> RescueState:
        go_on(state, (*untold_end(interrupted), event), hooks)
        return state

    opened, plan = resumption.opened, resumption.plan
    return ReadyJob(resumption.store, opened, resumption.outputs, plan, open_rescue=opening), job


@dataclass(frozen=True)
class _FoundAgain:
    """A rescue opened again; in a phrase each, from where it goes on and what shows that the source is the same."""

    state: RescueState
    place: str
    compared: str


def _found_again(resumption: Resumption, request: AcquisitionRequest) -> _FoundAgain:
    """What was rescued, of a source that holds it; a rescue that ended before its map was saved is begun anew."""
    if is_unmapped(resumption.interrupted):
        return _begun_anew(resumption, request)
    state = reopen_rescue(resumption.interrupted, request)
    with closed_on_failure(state.file):
        vouched = resumption.order.same_device
        compared = compare_rescued(resumption.source, resumption.path, state, vouched=vouched)
    return _FoundAgain(state, "with the map as it was saved", compared)


def _begun_anew(resumption: Resumption, request: AcquisitionRequest) -> _FoundAgain:
    """The rescue once more from its beginning, as its journal says that it was asked for."""
    hands, interrupted, place = resumption.hands, resumption.interrupted, "from the beginning"
    hooks = JobHooks(hands.clock, hands.stop, hands.listener)
    version = request.job.parameters.retry_of
    if version is None:
        return _FoundAgain(begin_anew(interrupted, request, hooks, None), place, NOTHING_TO_COMPARE)
    earlier, vouched = earlier_again(version), resumption.order.same_device
    compared, samples = compare_earlier(resumption.source, resumption.path, earlier, vouched=vouched)
    state = begin_anew(interrupted, request, hooks, earlier)
    state.witnesses = samples
    return _FoundAgain(state, place, compared)


def _resumed(resumption: Resumption, found: _FoundAgain, job: Job) -> JobEvent:
    """The event that says how the rescue goes on, and what is not as it was."""
    changes = (found.compared, *resumption.changes(job))
    detail = "; ".join((f"{found.place}, read from {resumption.path}", *changes))
    return JobEvent(resumption.hands.clock.now(), EventKind.RESUMED, detail)


def _carried(resumption: Resumption) -> Job:
    """The job as it goes on: passes, limits and retries may be others than before."""
    order = resumption.order
    job = carried_job(order, resumption.interrupted.job)
    rescue = rescue_parameters(order.rescue or RescueOrder())
    parameters = replace(job.parameters, rescue=rescue, retries=order.reading.retries)
    return replace(job, parameters=parameters, protection=plan_again(resumption.opened, job.protection))
