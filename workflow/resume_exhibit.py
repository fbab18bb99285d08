"""Going on with an interrupted acquisition, from whatever state it was left in."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from acquire.rescue_foreign import has_foreign_rescue
from acquire.resume import Interrupted, begin_again, gather, prove, resumed_event
from acquire.resume_look import Look, Remains, look_at_output
from acquire.resume_protection import plan_again, put_flag_back
from acquire.same_drive import contradicts
from acquire.source import OpenedSource, open_source
from image.errors import DestinationError, UsageError
from image.job import Job
from image.sectors import SectorRange
from workflow.acquire_exhibit import acquire_exhibit
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired
from workflow.acquisition_plan import AcquisitionPlan, plan_acquisition
from workflow.case_opening import write_case
from workflow.conversion_remains import refuse_conversion
from workflow.laboratory import Laboratory
from workflow.output_names import check_outputs
from workflow.prove_outputs import load_verifier, prove_outputs
from workflow.ready_job import Hands, ReadyJob, image_source
from workflow.rescue_file_end import without_rescue_file
from workflow.resume_afresh import clear_the_way, holds_media, order_as_begun
from workflow.resume_end import finish_images, prove_complete
from workflow.resume_ledger import require_link
from workflow.resume_order import carried_job, carried_order
from workflow.resume_source import require_same_facts, require_same_sectors
from workflow.resumption import Resumption
from workflow.retry_bad import require_same_retry

if TYPE_CHECKING:
    from casedb.case_store import CaseStore

EMPTY = frozenset({Remains.NOTHING, Remains.UNVOUCHED})


def resume_exhibit(order: AcquisitionOrder, laboratory: Laboratory, hands: Hands) -> ExhibitAcquired:
    """Go on with what stands at the outputs: finish it, read on, or begin where nothing is to go on with.

    Raises:
        UsageError: something that was given differs from what the job was begun with.
        SourceError: another source, or one that was changed.
        DestinationError: an output is in use, is not what was written, or holds nothing while others do.
        CaseError: the case does not know the acquisition.
        StoppedError: stopped while the image was read back.
    """
    check_outputs(order.outputs)
    with ExitStack() as stack:
        store = None
        if order.case_folder is not None:
            store = stack.enter_context(write_case(order.case_folder, hands.clock))
        outputs = order.outputs or _own_outputs(order, store)
        if not outputs:
            hands.tell(f"{order.exhibit}: there is no image to resume; the first one is begun")
        looks = [_looked_at(output, stack) for output in outputs]
        if not _holds_nothing(looks):
            acquired = _carry_on(order, looks, store, hands)
            return without_rescue_file(order.rescue, acquired, hands.tell)
        takes_over = order.rescue is not None and has_foreign_rescue(outputs)
        if not takes_over:
            order = order_as_begun(order, looks, store)
            clear_the_way(order.source, looks, store, hands.tell)
    return acquire_exhibit(replace(order, outputs=outputs, takes_over=takes_over), laboratory, hands)


def _own_outputs(order: AcquisitionOrder, store: "CaseStore | None") -> tuple[Path, ...]:
    """Where the case has put the exhibit's last image; none where it has none.

    Raises:
        UsageError: there is no case, or no exhibit is named.
    """
    if store is None or order.exhibit is None:
        raise UsageError("nothing to resume is named", do="Give --output PATH, or --exhibit REF inside a case")
    return store.last_outputs(order.exhibit)


def _looked_at(output: Path, stack: ExitStack) -> Look:
    """What stands at one output; its lock is let go of at the end."""
    look = look_at_output(output)
    stack.callback(look.close)
    return look


def _holds_nothing(looks: Sequence[Look]) -> bool:
    """Whether no output holds anything to go on with.

    Raises:
        DestinationError: some do and some do not.
    """
    empty = [look for look in looks if look.remains in EMPTY]
    if len(empty) == len(looks) or (empty and not holds_media(looks)):
        return True
    for look in empty:
        what = f"there is nothing to resume ({look.detail or 'no files'}), while other outputs hold a part"
        raise DestinationError(what, str(look.output), "Resume the others by their --output alone")
    return False


def _carry_on(
    order: AcquisitionOrder, looks: Sequence[Look], store: "CaseStore | None", hands: Hands
) -> ExhibitAcquired:
    """Finish what is whole, and read on where something is left to read."""
    done = [look for look in looks if look.manifest is not None]
    begun = [look for look in looks if look.journal is not None]
    if not begun:
        require_same_retry(order, looks[0])
        load_verifier(order)
        return prove_complete(order, done, store, hands)
    refuse_conversion(begun[0])
    finish_images(done, store, hands.tell)
    require_same_retry(order, begun[0])
    interrupted = gather(begun)
    acquisition = require_link(store, interrupted.job, order.exhibit)
    order = carried_order(order, interrupted.job).of_exhibit(acquisition.exhibit if acquisition else None)
    return _read_on(order, interrupted, store, hands)


def _read_on(
    order: AcquisitionOrder, interrupted: Interrupted, store: "CaseStore | None", hands: Hands
) -> ExhibitAcquired:
    """Prove what stands, read the rest, verify the whole."""
    with ExitStack() as while_reading:
        opened = while_reading.enter_context(open_source(order.source, order.opening.watched(hands.watch)))
        plan = _planned(order, opened, interrupted)
        for note in plan.notes:
            hands.tell(note)
        load_verifier(order)
        resumption = Resumption(order, opened, plan, interrupted, store, hands)
        ready, job = _ready(resumption)
        result, errors = image_source(order, ready, job, hands)
    acquired = ExhibitAcquired(job, plan.sectors, plan.preflight, result, (), errors)
    return prove_outputs(order, acquired, store, hands.clock, hands.listener, hands.stop)


def _planned(order: AcquisitionOrder, opened: OpenedSource, interrupted: Interrupted) -> AcquisitionPlan:
    """The plan of the rest, on a source that is the same by all that is known of it."""
    job = interrupted.job
    if not contradicts(job.source, opened.facts):
        put_flag_back(job.protection, opened.facts.path)
    require_same_facts(job.source, opened.facts)
    sectors = SectorRange(job.parameters.start_sector, job.parameters.sector_count)
    outputs = tuple(look.output for look in interrupted.looks)
    standing = interrupted.part.next_sector
    return plan_acquisition(order, opened, sectors, outputs, standing_sectors=standing)


def _ready(resumption: Resumption) -> tuple[ReadyJob, Job]:
    """The job behind what stands, ready to go on; nothing is changed before it is proven."""
    if resumption.order.rescue is None:
        return _ready_to_read_on(resumption)
    from workflow.rescue_resume import ready_to_rescue_on

    return ready_to_rescue_on(resumption)


def _ready_to_read_on(resumption: Resumption) -> tuple[ReadyJob, Job]:
    """The job behind what stands, proven and entered in the ledger; nothing is changed before."""
    order, opened, interrupted = resumption.order, resumption.opened, resumption.interrupted
    protection = plan_again(opened, interrupted.job.protection)
    job = replace(carried_job(order, interrupted.job), protection=protection)
    request = resumption.request(job)
    proven = prove(interrupted, request, resumption.hands.listener, resumption.hands.stop)
    compared = require_same_sectors(resumption.source, resumption.path, proven, vouched=order.same_device)
    changes = (compared, *resumption.changes(job))
    event = resumed_event(resumption.hands.clock.now(), interrupted, resumption.path, changes)
    job = resumption.recorded(job, event)
    begun = begin_again(interrupted, replace(request, job=job), proven, event)
    return ReadyJob(resumption.store, opened, resumption.outputs, resumption.plan, begun), job
