"""Small acquisitions for tests: a request with everything filled in, carried out on a simulated source."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from acquire.imager import acquire_image
from acquire.media import Source
from acquire.reader import Reader, ReadSettings
from acquire.request import AcquisitionRequest, JobHooks, RawPlan
from acquire.result import AcquisitionResult
from image.ewf.header import CaseHeader
from image.ewf.plan import EwfPlan, plan_ewf
from image.job import (
    CaseFields,
    HostFacts,
    Job,
    Parameters,
    SourceFacts,
    ToolFacts,
    WriteProtection,
)
from tests.sim.still_clock import NOON, StillClock

SET_IDENTIFIER = "5f4dcc3b-5aa7-45d6-9d83-27deb882cf99"


@dataclass
class Options:
    """What a test varies; the rest is ordinary."""

    compression: str = "fast"
    chunk_sectors: int = 64
    segment_size_bytes: int | None = None
    algorithms: tuple[str, ...] = ("md5", "sha1", "sha256")
    raw: bool = False
    retries: int = 0
    output_next: tuple[str, ...] = ()
    hooks: JobHooks = field(default_factory=lambda: JobHooks(StillClock(), threading.Event()))


def acquire_disk(disk: Source, *outputs: Path, options: Options | None = None) -> AcquisitionResult:
    """Image a simulated disk to these outputs."""
    chosen = options or Options()
    reader = Reader(disk, ReadSettings(retries=chosen.retries), chosen.hooks.clock)
    return acquire_image(request_for(disk, outputs, chosen), reader, chosen.hooks)


def request_for(disk: Source, outputs: tuple[Path, ...], options: Options) -> AcquisitionRequest:
    """The request of an ordinary acquisition."""
    plan = _plan(disk, options)
    return AcquisitionRequest(outputs, plan, _job(disk, plan, options), HEADER)


HEADER = CaseHeader(
    case_number="2026-17",
    exhibit_reference="JB1",
    description="Laptop drive",
    examiner="J. Baker",
    notes="none",
    program_version="0.1.0",
    system_version="Linux",
)


def _plan(disk: Source, options: Options) -> EwfPlan | RawPlan:
    sector_count = disk.size_bytes // disk.sector_size_bytes
    if options.raw:
        return RawPlan(sector_count, disk.sector_size_bytes, options.segment_size_bytes or 0)
    return plan_ewf(sector_count, disk.sector_size_bytes, options.chunk_sectors, options.segment_size_bytes)


def _job(disk: Source, plan: EwfPlan | RawPlan, options: Options) -> Job:
    parameters = Parameters(
        format="raw" if options.raw else "e01",
        compression=None if options.raw else options.compression,
        chunk_sectors=None if options.raw else options.chunk_sectors,
        segment_size_bytes=plan.segment_size_bytes,
        algorithms=options.algorithms,
        start_sector=0,
        sector_count=plan.sector_count,
        retries=options.retries,
        error_granularity_sectors=1,
        on_error="continue",
        set_identifier=SET_IDENTIFIER,
        output_next=options.output_next,
    )
    return Job(
        tool=ToolFacts("diskwitness", "0.1.0", "00" * 32, "3.11", {}),
        host=HostFacts("station", "baker", "Linux", "6.1"),
        source=SourceFacts("/dev/simulated", "block device", disk.size_bytes, disk.sector_size_bytes),
        parameters=parameters,
        protection=WriteProtection(),
        case=CaseFields(),
        started=NOON,
    )
