"""Imaging an exhibit: from the preflight to the verified image, each step in the ledger where there is a case."""

from contextlib import ExitStack

from acquire.source import open_source
from image.job import Job
from image.scan_watch import ScanWatch, watch_nothing
from image.times import Clock
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired
from workflow.acquisition_plan import AcquisitionPlan, make_job, plan_acquisition
from workflow.case_fields import case_fields
from workflow.case_opening import write_case
from workflow.hash_source import chosen_sectors
from workflow.image_place import entered, own_place
from workflow.laboratory import Laboratory
from workflow.machine_speed import best_bytes_per_second
from workflow.output_names import check_outputs
from workflow.prove_outputs import load_verifier, prove_outputs
from workflow.ready_job import Hands, ReadyJob, image_source
from workflow.rescue_file_end import without_rescue_file


def plan_exhibit(order: AcquisitionOrder, clock: Clock) -> AcquisitionPlan:
    """Tell what an acquisition would do, and write nothing.

    Raises:
        DiskwitnessError: what would stop the acquisition at its beginning.
    """
    with ExitStack() as stack:
        return _prepare(order, clock, stack, stack, best_bytes_per_second(order.algorithms, clock)).plan


def acquire_exhibit(order: AcquisitionOrder, laboratory: Laboratory, hands: Hands) -> ExhibitAcquired:
    """Image the source, record it, and verify what was made.

    Raises:
        UsageError, SourceError, DestinationError, CaseError: nothing was begun.
    """
    with ExitStack() as until_proved:
        with ExitStack() as while_reading:
            ready = _prepare(order, hands.clock, until_proved, while_reading, watch=hands.watch)
            for note in (*ready.plan.notes, *_warnings(order)):
                hands.tell(note)
            load_verifier(order)
            job = _begin(order, ready, laboratory, hands.clock)
            result, errors = image_source(order, ready, job, hands)
        acquired = ExhibitAcquired(job, ready.plan.sectors, ready.plan.preflight, result, (), errors)
        acquired = prove_outputs(order, acquired, ready.store, hands.clock, hands.listener, hands.stop)
    return without_rescue_file(order.rescue, acquired, hands.tell)


def _prepare(
    order: AcquisitionOrder,
    clock: Clock,
    for_case: ExitStack,
    for_source: ExitStack,
    bytes_per_second: float | None = None,
    watch: ScanWatch = watch_nothing,
) -> ReadyJob:
    """Open case and source and lay the image out."""
    check_outputs(order.outputs)
    store = None
    if order.case_folder is not None:
        store = for_case.enter_context(write_case(order.case_folder, clock, order.clock.offset_ms))
    outputs = order.outputs or (own_place(order, store),)
    opened = for_source.enter_context(open_source(order.source, order.opening.watched(watch)))
    sectors = chosen_sectors(opened, order.start_sector, order.sector_count)
    standing = 0 if order.takes_over else None
    plan = plan_acquisition(order, opened, sectors, outputs, bytes_per_second, standing)
    return ReadyJob(store, opened, outputs, plan)


def _warnings(order: AcquisitionOrder) -> list[str]:
    """What of the order the examiner may not have meant."""
    if order.format == "e01" and "md5" not in order.algorithms:
        return ["without md5 in --hash other programs have nothing to compare the image with"]
    return []


def _begin(order: AcquisitionOrder, ready: ReadyJob, laboratory: Laboratory, clock: Clock) -> Job:
    """The job, with the folder for its image made and its beginning in the ledger."""
    fields = case_fields(order.fields, ready.store, order.exhibit)
    return entered(order, ready, make_job(order, ready.plan, ready.opened, fields, laboratory, clock))
