"""What a resumed job was given, held against what it was asked for at first; the rest comes from its journal."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from acquire.reader import ReadSettings
from acquire.source_facts import FILE_KIND
from acquire.source_options import SourceOptions
from image.errors import UsageError
from image.job import ClockFacts, Job, Parameters
from workflow.acquisition_order import AcquisitionOrder
from workflow.rescue_order import RescueOrder, carried_rescue

OPTIONS = {
    "image_format": "--format",
    "compression": "--compression",
    "segment_size": "--segment-size",
    "chunk_sectors": "--chunk-sectors",
    "names": "--hash",
    "start": "--start",
    "sectors": "--sectors",
    "sector_size": "--sector-size",
    "retries": "--retries",
    "error_granularity": "--error-granularity",
    "force_mounted": "--force-mounted",
    "blocker": "--blocker",
    "clock_offset": "--clock-offset",
    "clock_reference": "--clock-reference",
    "exhibit_clock": "--exhibit-clock",
    "case_number": "--case-number",
    "exhibit_number": "--exhibit-number",
    "examiner": "--examiner",
    "description": "--description",
    "notes": "--notes",
    "note": "--note",
}
"""Parameters of the command and their options; each must be what it was. `--on-error` may change, as a job that
stopped at an unreadable sector could never go on."""


def carried_order(order: AcquisitionOrder, job: Job) -> AcquisitionOrder:
    """The order with everything that was not given taken from the job.

    Raises:
        UsageError: something that was given differs; names it.
    """
    for name, then, now in _differences(order, job):
        what = f"{OPTIONS[name]} was {_shown(then)} and is {_shown(now)} now"
        raise UsageError(what, do="Leave it out to go on as before, or choose another --output")
    parameters = job.parameters
    return replace(
        order,
        format=parameters.format,
        compression=parameters.compression or "none",
        chunk_sectors=parameters.chunk_sectors,
        segment_size_bytes=parameters.segment_size_bytes,
        algorithms=parameters.algorithms,
        start_sector=parameters.start_sector,
        sector_count=parameters.sector_count,
        options=_source_options(order, job),
        rescue=_rescue(order, parameters),
        reading=_reading(order, parameters),
        fields=job.case,
        blocker=job.protection.blocker,
        wait_for_device_seconds=_wait_seconds(order, parameters),
        output_next=_output_next(order, parameters),
    )


def _source_options(order: AcquisitionOrder, job: Job) -> SourceOptions:
    """How the source is opened: as before."""
    return replace(
        order.options,
        forced=job.parameters.forced_mounted,
        pad=job.parameters.padded_bytes > 0,
        sector_size_bytes=job.source.sector_size_bytes,
        as_stored=order.options.as_stored or job.source.kind == FILE_KIND,
    )


def _reading(order: AcquisitionOrder, parameters: Parameters) -> ReadSettings:
    """How errors of the medium are met."""
    is_abort = _on_error(order, parameters) == "abort"
    return ReadSettings(_retries(order, parameters), parameters.error_granularity_sectors, is_abort)


def carried_job(order: AcquisitionOrder, job: Job) -> Job:
    """The job with what may have been changed: how the source is treated, not what is made of it."""
    before = job.parameters
    limit = before.temperature_limit_celsius
    parameters = replace(
        before,
        on_error=_on_error(order, before),
        wait_for_device_seconds=_wait_seconds(order, before),
        output_next=tuple(str(folder) for folder in _output_next(order, before)),
        temperature_limit_celsius=order.temperature_limit_celsius if "temperature_limit" in order.given else limit,
    )
    return replace(job, parameters=parameters)


def _on_error(order: AcquisitionOrder, parameters: Parameters) -> str:
    """What happens at an unreadable sector: as given now, else as before."""
    if "on_error" in order.given:
        return "abort" if order.reading.abort_on_error else "continue"
    return parameters.on_error


def _wait_seconds(order: AcquisitionOrder, parameters: Parameters) -> int:
    """How long a lost source is waited for: as given now, else as before."""
    return order.wait_for_device_seconds if "wait_for_device" in order.given else parameters.wait_for_device_seconds


def _output_next(order: AcquisitionOrder, parameters: Parameters) -> tuple[Path, ...]:
    """The folders the set goes on in: those of before, which may hold segments, then those given now."""
    before = tuple(Path(folder) for folder in parameters.output_next)
    return (*before, *(folder for folder in order.output_next if folder not in before))


def _rescue(order: AcquisitionOrder, parameters: Parameters) -> RescueOrder | None:
    """How the rest is rescued, if it is: with the passes and limits given now, else with those of before.

    Raises:
        UsageError: a rescue is asked for where the source was read front to back.
    """
    if order.rescue is not None and parameters.rescue is None:
        what = "the acquisition was begun without --rescue"
        raise UsageError(what, do="Leave it out to go on as before, or choose another --output")
    if parameters.rescue is None:
        return None
    before = carried_rescue(parameters.rescue)
    return (
        before
        if order.rescue is None
        else replace(order.rescue, keep_file=before.keep_file or order.rescue.keep_file)
    )


def _retries(order: AcquisitionOrder, parameters: Parameters) -> int:
    """How often a bad sector is tried again; a rescue may be told anew."""
    anew = parameters.rescue is not None and "retries" in order.given
    return order.reading.retries if anew else parameters.retries


def _differences(order: AcquisitionOrder, job: Job) -> Iterator[tuple[str, object, object]]:
    """What was given and differs: the parameter's name, what it was, and what it is now."""
    parameters, size_bytes = job.parameters, job.source.sector_size_bytes
    is_raw, clock = parameters.format == "raw", job.clock or ClockFacts()
    facts: dict[str, tuple[object, object]] = {
        "image_format": (parameters.format, order.format),
        "compression": (parameters.compression or "none", order.compression),
        "segment_size": (parameters.segment_size_bytes, _segment_size(order, size_bytes, is_raw=is_raw)),
        "chunk_sectors": (parameters.chunk_sectors, order.chunk_sectors),
        "names": (sorted(parameters.algorithms), sorted(order.algorithms)),
        "start": (parameters.start_sector, order.start_sector),
        "sectors": (parameters.sector_count, order.sector_count),
        "sector_size": (size_bytes, order.options.sector_size_bytes),
        "retries": (parameters.retries, order.reading.retries),
        "error_granularity": (parameters.error_granularity_sectors, order.reading.error_granularity_sectors),
        "force_mounted": (parameters.forced_mounted, order.options.forced),
        "blocker": (job.protection.blocker, order.blocker),
        "clock_offset": (clock.offset_ms, order.clock.offset_ms),
        "clock_reference": (clock.reference, order.clock.reference),
        "exhibit_clock": (clock.exhibit_clock, order.clock.exhibit_clock),
        "case_number": (job.case.case_number, order.fields.case_number),
        "exhibit_number": (job.case.exhibit_reference, order.fields.exhibit_reference),
        "examiner": (job.case.examiner, order.fields.examiner),
        "description": (job.case.description, order.fields.description),
        "notes": (job.case.notes, order.fields.notes),
        "note": (job.case.notes, order.fields.notes),
    }
    if parameters.rescue is not None:
        del facts["retries"]
    for name, (then, now) in facts.items():
        if name in order.given and then != now:
            yield name, then, now


def _segment_size(order: AcquisitionOrder, sector_size_bytes: int, *, is_raw: bool) -> int | None:
    """The size that was given as the plan would take it: of raw segments, whole sectors."""
    given = order.segment_size_bytes
    return given - given % sector_size_bytes if given is not None and is_raw else given


def _shown(value: object) -> str:
    """A value in a message."""
    if value is None or value is False:
        return "not given"
    if value is True:
        return "given"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
