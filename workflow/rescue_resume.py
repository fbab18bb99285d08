"""Going on with a rescue after an interruption."""

from dataclasses import replace
from typing import TYPE_CHECKING

from acquire.event_kinds import EventKind
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_resume import go_on, reopen_rescue
from acquire.rescue_seed import is_half_seeded, seed_again
from acquire.rescue_state import RescueState
from acquire.resume import Interrupted, untold_end
from acquire.resume_protection import plan_again
from acquire.source import OpenedSource
from acquire.source_range import SourceRange
from image.job import Job
from image.read_record import JobEvent
from workflow.acquisition_order import AcquisitionOrder
from workflow.acquisition_plan import AcquisitionPlan, make_header
from workflow.ready_job import Hands, ReadyJob
from workflow.rescue_beginnings import compare_rescued
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
    rescue = order.rescue or RescueOrder()
    job = _carried(order, rescue, opened, interrupted)
    outputs = tuple(look.output for look in interrupted.looks)
    state = _reopened(interrupted, AcquisitionRequest(outputs, plan.layout, job, make_header(job)), hands)
    try:
        source = SourceRange(opened.media, plan.sectors)
        compared = compare_rescued(source, opened.facts.path, state, vouched=order.same_device)
        now = hands.clock.now()
        changes = (compared, *changes_since(interrupted.job, job, opened.facts.path))
        detail = "; ".join((f"with the map as it was saved, read from {opened.facts.path}", *changes))
        link = record_resumption(store, interrupted, now, opened.facts.path, interrupted.ending)
    except BaseException:
        state.file.close()
        raise
    job = state.job = replace(job, case_link=link)
    events = (*untold_end(interrupted), JobEvent(now, EventKind.RESUMED, detail))

    def opening(_: AcquisitionRequest, hooks: JobHooks) -> RescueState:
        go_on(state, events, hooks)
        return state

    return ReadyJob(store, opened, outputs, plan, open_rescue=opening), job


def _reopened(interrupted: Interrupted, request: AcquisitionRequest, hands: Hands) -> RescueState:
    """What was rescued; the copy of an earlier image is begun once more where it was cut short."""
    begun_with = request.job.parameters.retry_of
    if begun_with is None or not is_half_seeded(interrupted):
        return reopen_rescue(interrupted, request)
    hooks = JobHooks(hands.clock, hands.stop, hands.listener)
    return seed_again(interrupted, request, hooks, earlier_again(begun_with))


def _carried(order: AcquisitionOrder, rescue: RescueOrder, opened: OpenedSource, interrupted: Interrupted) -> Job:
    """The job as it goes on: passes, limits and retries may be others than before."""
    job = carried_job(order, interrupted.job)
    parameters = replace(job.parameters, rescue=rescue_parameters(rescue), retries=order.reading.retries)
    return replace(job, parameters=parameters, protection=plan_again(opened, job.protection))
