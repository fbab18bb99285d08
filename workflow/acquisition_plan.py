"""From an order and an opened source to the job: layout of the image, parameters, header, preflight."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from acquire.preflight import PlannedOutput, Preflight, run_preflight
from acquire.protection import plan_protection
from acquire.request import RawPlan
from acquire.rescue_destination import becomes_image
from acquire.source import OpenedSource
from image.errors import UsageError
from image.ewf.header import CaseHeader, header_date
from image.ewf.plan import EwfPlan, plan_ewf
from image.job import CaseFields, Job, Parameters
from image.sectors import SectorRange
from image.times import Clock
from workflow.acquisition_order import AcquisitionOrder
from workflow.clock_facts import clock_facts
from workflow.laboratory import Laboratory, as_facts
from workflow.next_folders import check_next_folders
from workflow.rescue_order import RescueOrder, rescue_parameters
from workflow.station import host_facts, tool_facts

SMALLEST_RAW_SEGMENT_BYTES = 64 * 1024


@dataclass(frozen=True)
class AcquisitionPlan:
    """What will be done: the layout, the sectors of the source, and what the preflight found."""

    layout: EwfPlan | RawPlan
    sectors: SectorRange
    preflight: Preflight

    @property
    def notes(self) -> tuple[str, ...]:
        """What the examiner should know before the first sector is read."""
        return (*(self.layout.notes if isinstance(self.layout, EwfPlan) else ()), *self.preflight.warnings)


def plan_acquisition(
    order: AcquisitionOrder,
    opened: OpenedSource,
    sectors: SectorRange,
    outputs: tuple[Path, ...],
    bytes_per_second: float | None = None,
    standing_sectors: int | None = None,
) -> AcquisitionPlan:
    """Lay the image out and look at everything it needs; writes nothing. A speed gives an estimate of the time.

    With `standing_sectors` an image is gone on with, of which so many sectors stand already.

    Raises:
        UsageError: sizes that the format cannot hold.
        DestinationError: a destination cannot be used.
    """
    layout = _layout(order, opened.media.sector_size_bytes, sectors.sector_count)
    check_next_folders(outputs, order.output_next, layout)
    planned = tuple(_planned_output(layout, path, order) for path in outputs)
    if order.rescue is not None:
        planned = (_with_rescue_file(planned[0], layout, order.rescue), *planned[1:])
    if standing_sectors is not None:
        planned = tuple(_rest(output, layout.sector_count, standing_sectors) for output in planned)
    preflight = run_preflight(opened, sectors, planned, bytes_per_second=bytes_per_second)
    return AcquisitionPlan(layout, sectors, preflight)


def _layout(order: AcquisitionOrder, sector_size_bytes: int, sector_count: int) -> EwfPlan | RawPlan:
    """The layout in the wanted format."""
    if order.format == "e01":
        return plan_ewf(sector_count, sector_size_bytes, order.chunk_sectors, order.segment_size_bytes)
    if order.chunk_sectors is not None:
        raise UsageError("raw images have no chunks", do="Leave --chunk-sectors out, or give --format e01")
    size = order.segment_size_bytes or 0
    if 0 < size < SMALLEST_RAW_SEGMENT_BYTES:
        what = f"a segment of {size} bytes is too small"
        raise UsageError(what, do=f"Choose --segment-size {SMALLEST_RAW_SEGMENT_BYTES} or more, or 0 for one file")
    return RawPlan(sector_count, sector_size_bytes, size - size % sector_size_bytes)


def _planned_output(layout: EwfPlan | RawPlan, path: Path, order: AcquisitionOrder) -> PlannedOutput:
    """What the preflight must know of one image, at worst."""
    if isinstance(layout, EwfPlan):
        count, worst_bytes = layout.worst_case_segments, layout.worst_case_bytes
        chunk_sectors: int | None = layout.chunk_sectors
    else:
        worst_bytes, chunk_sectors = layout.sector_count * layout.sector_size_bytes, None
        count = -(-worst_bytes // layout.segment_size_bytes) if layout.segment_size_bytes else 1
    largest = min(layout.segment_size_bytes or worst_bytes, worst_bytes)
    return PlannedOutput(
        path,
        order.format,
        count,
        largest,
        worst_bytes,
        chunk_sectors,
        not order.outputs,
        next_folders=order.output_next,
    )


def _rest(output: PlannedOutput, sector_count: int, standing_sectors: int) -> PlannedOutput:
    """What the preflight must know of an image that is gone on with: what its rest needs."""
    rest_bytes = -(-output.worst_case_bytes * (sector_count - standing_sectors) // sector_count)
    return replace(output, worst_case_bytes=rest_bytes, is_begun=True)


def _with_rescue_file(output: PlannedOutput, layout: EwfPlan | RawPlan, rescue: RescueOrder) -> PlannedOutput:
    """The first output with the file that the rescue works into, unless that becomes the image itself."""
    if becomes_image(layout, keep_file=rescue.keep_file):
        return output
    media_bytes = layout.sector_count * layout.sector_size_bytes
    largest_bytes = max(output.largest_file_bytes, media_bytes)
    return replace(output, worst_case_bytes=output.worst_case_bytes + media_bytes, largest_file_bytes=largest_bytes)


def make_job(
    order: AcquisitionOrder,
    plan: AcquisitionPlan,
    opened: OpenedSource,
    fields: CaseFields,
    laboratory: Laboratory,
    clock: Clock,
) -> Job:
    """Everything known before the first sector is read, as it goes into journal, manifest and ledger."""
    protection, started = plan_protection(opened), clock.now()
    return Job(
        tool=tool_facts(),
        host=host_facts(str(plan.preflight.clock)),
        source=opened.facts,
        parameters=_parameters(order, plan, opened),
        protection=replace(protection, blocker=order.blocker),
        case=fields,
        started=started,
        laboratory=as_facts(laboratory),
        clock=clock_facts(order.clock, started, plan.preflight.clock),
    )


def _parameters(order: AcquisitionOrder, plan: AcquisitionPlan, opened: OpenedSource) -> Parameters:
    """How the acquisition was asked for, with what the plan made of it."""
    is_ewf = isinstance(plan.layout, EwfPlan)
    return Parameters(
        format=order.format,
        compression=order.compression if is_ewf else None,
        chunk_sectors=plan.layout.chunk_sectors if isinstance(plan.layout, EwfPlan) else None,
        segment_size_bytes=plan.layout.segment_size_bytes,
        algorithms=order.algorithms,
        start_sector=plan.sectors.first_sector,
        sector_count=plan.sectors.sector_count,
        retries=order.reading.retries,
        error_granularity_sectors=order.reading.error_granularity_sectors,
        on_error="abort" if order.reading.abort_on_error else "continue",
        padded_bytes=opened.padded_bytes if _reaches_end(plan, opened) else 0,
        forced_mounted=order.options.forced,
        set_identifier=str(uuid.uuid4()) if is_ewf else None,
        command_line=order.command_line,
        wait_for_device_seconds=order.wait_for_device_seconds,
        temperature_limit_celsius=order.temperature_limit_celsius,
        output_next=tuple(str(folder) for folder in order.output_next),
        rescue=rescue_parameters(order.rescue) if order.rescue is not None else None,
        retry_of=order.retry_of.version if order.retry_of is not None else None,
    )


def _reaches_end(plan: AcquisitionPlan, opened: OpenedSource) -> bool:
    """Whether the last sector of the source is among those wanted."""
    return plan.sectors.end_sector * opened.media.sector_size_bytes >= opened.media.size_bytes


def make_header(job: Job) -> CaseHeader:
    """What the E01 says of the case and the drive; one that was converted keeps the date of its origin."""
    fields, source, origin = job.case, job.source, job.converted_from
    return CaseHeader(
        case_number=fields.case_number or "",
        exhibit_reference=fields.exhibit_reference or "",
        description=fields.description or "",
        examiner=fields.examiner or "",
        notes=fields.notes or "",
        model=source.model or "",
        serial=source.serial or "",
        program_version=job.tool.version,
        system_version=job.host.system.partition(" (")[0],
        acquired=header_date(job.started) if origin is None else _stated_date(origin.acquired),
        system_date=header_date(job.started),
    )


def _stated_date(text: str | None) -> datetime | None:
    """The date that an image states, None where it states none that is one."""
    try:
        return datetime.fromisoformat(text) if text is not None else None
    except ValueError:
        return None
