"""The method and the equipment: program, workstation, parameters and write protection."""

import shlex
from collections.abc import Mapping

from casedb.records import EarlierVersion, Job, Manifest, Parameters, RescueParameters, WriteProtection
from report.document import Block, Fact, Facts, Paragraph, Section, Tone
from report.entered import Place, entered_facts
from report.phrases import (
    bytes_text,
    counted,
    elapsed_text,
    format_text,
    instant_text,
    interruptions_text,
    yes_or_no,
)
from report.sections.clock import clock_section_facts
from report.statements import COUNTERS, WRITTEN


def equipment_facts(entered: Mapping[str, str]) -> tuple[Fact, ...]:
    """What only a person can say of the equipment."""
    return entered_facts(entered, Place.EQUIPMENT)


def method_section(job: Job, entered: tuple[Fact, ...] = ()) -> Section:
    """The section about the program, the workstation, what was asked for and how the laboratory is set up."""
    settings = tuple(Fact(name, value) for name, value in sorted(job.laboratory.items()))
    blocks = (
        Facts(_program(job), "Program"),
        Facts(_workstation(job), "Workstation"),
        Facts(_asked(job), "Parameters"),
        *((Facts(entered, "Equipment, as entered"),) if entered else ()),
        *((Facts(settings, "Laboratory settings"),) if settings else ()),
    )
    return Section("Method and equipment", blocks)


def protection_section(protection: WriteProtection) -> Section:
    """The section about what kept the source from being written to, and what that proves."""
    blocks: list[Block] = [Facts(_safeguards(protection))]
    if is_written(protection):
        blocks.append(Paragraph(WRITTEN, Tone.BAD))
    blocks.append(Paragraph(COUNTERS))
    return Section("Write protection", tuple(blocks))


def is_written(protection: WriteProtection) -> bool:
    """Whether a write counter of the kernel changed during the acquisition."""
    pairs = (
        (protection.writes_before, protection.writes_after),
        (protection.sectors_written_before, protection.sectors_written_after),
    )
    return any(before is not None and after is not None and before != after for before, after in pairs)


def protection_text(protection: WriteProtection) -> str | None:
    """The write protection in one line, or None when the record holds nothing on it."""
    parts = [f"hardware write blocker {protection.blocker}"] if protection.blocker else []
    if protection.flag_during:
        parts.append("kernel read-only flag set during the acquisition")
    elif protection.reason_not_set or protection.flag_during is not None:
        reason = f" ({protection.reason_not_set})" if protection.reason_not_set else ""
        parts.append(f"kernel read-only flag not set{reason}")
    if protection.writes_before is not None and protection.writes_after is not None:
        parts.append(f"kernel write counters {'CHANGED' if is_written(protection) else 'unchanged'}")
    return "; ".join(parts) or None


def timing_facts(manifest: Manifest) -> tuple[Fact, ...]:
    """When the acquisition began and ended, and what came between."""
    started, finished = manifest.job.started, manifest.finished
    job = "Acquisition" if manifest.job.converted_from is None else "Conversion"
    return (
        Fact(f"{job} started", instant_text(started)),
        Fact(f"{job} finished", instant_text(finished)),
        Fact("Time between", elapsed_text(started, finished)),
        Fact("Interruptions", interruptions_text(manifest.read.events)),
    )


def _program(job: Job) -> tuple[Fact, ...]:
    """The program and all that it runs on."""
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(job.tool.libraries.items()))
    return (
        Fact("Name and version", f"{job.tool.name} {job.tool.version}"),
        Fact("SHA-256 of the program", job.tool.program_sha256, code=True),
        Fact("Python", job.tool.python),
        Fact("Libraries", libraries or None),
        Fact("Command line", shlex.join(job.parameters.command_line) or None, code=True),
    )


def _workstation(job: Job) -> tuple[Fact, ...]:
    """The computer, its operator and its clock."""
    return (
        Fact("Host name", job.host.hostname),
        Fact("Operator", job.host.operator),
        Fact("Operating system", job.host.system),
        Fact("Kernel", job.host.kernel),
        Fact("Clock", job.host.clock),
        *(clock_section_facts(job.clock) if job.clock is not None else ()),
    )


def _asked(job: Job) -> tuple[Fact, ...]:
    """The parameters of the acquisition, as resolved."""
    asked, sector_size = job.parameters, job.source.sector_size_bytes
    granularity = asked.error_granularity_sectors
    return (
        Fact("Image format", format_text(asked.format)),
        Fact("Compression", asked.compression or ("none" if asked.format == "raw" else None)),
        Fact("Chunk size", _chunk_text(asked, sector_size)),
        Fact("Segment size", bytes_text(asked.segment_size_bytes) if asked.segment_size_bytes else "one file"),
        Fact("Set identifier", asked.set_identifier, code=True),
        Fact("First sector on the source", str(asked.start_sector)),
        Fact("Sectors asked for", str(asked.sector_count)),
        Fact("Algorithms", ", ".join(asked.algorithms) or None),
        Fact("Retries of a failed sector", str(asked.retries)),
        Fact("Error granularity", f"{counted(granularity, 'sector')}: the least that one failure costs"),
        Fact("On a read error", asked.on_error),
        Fact("Zero bytes added at the end", str(asked.padded_bytes)),
        Fact("Read although in use", yes_or_no(asked.forced_mounted)),
        *(_rescue_facts(asked.rescue) if asked.rescue is not None else ()),
        *(_earlier_facts(asked.retry_of) if asked.retry_of is not None else ()),
    )


def _rescue_facts(rescue: RescueParameters) -> tuple[Fact, ...]:
    """How a failing drive was to be read, as asked for in the last session."""
    rate, timeout = rescue.max_error_rate, rescue.pass_timeout_seconds
    return (
        Fact("Rescue, passes", ", ".join(rescue.passes)),
        Fact("Rescue, largest error rate", "no limit" if rate is None else f"{bytes_text(rate)} in a second"),
        Fact("Rescue, slow seconds", "no limit" if rescue.max_slow_reads is None else str(rescue.max_slow_reads)),
        Fact("Rescue, time of a pass", "no limit" if timeout is None else f"{timeout} s"),
    )


def _earlier_facts(earlier: EarlierVersion) -> tuple[Fact, ...]:
    """The image that this one is a new version of."""
    return (
        Fact("Bad sectors tried again, of", earlier.manifest, code=True),
        Fact("Its SHA-256", earlier.manifest_sha256, code=True),
    )


def _chunk_text(asked: Parameters, sector_size_bytes: int) -> str | None:
    """The size of a chunk in sectors and bytes; raw images have none."""
    if asked.chunk_sectors is None:
        return None if asked.format != "raw" else "none: raw images have no chunks"
    return f"{counted(asked.chunk_sectors, 'sector')}: {bytes_text(asked.chunk_sectors * sector_size_bytes)}"


def _safeguards(protection: WriteProtection) -> tuple[Fact, ...]:
    """The safeguards as observed, before, during and after."""
    return (
        Fact("Hardware write blocker", protection.blocker),
        Fact("Read-only flag set on", protection.flag_target, code=True),
        Fact("Read-only flag before", yes_or_no(protection.flag_before)),
        Fact("Read-only flag during", yes_or_no(protection.flag_during)),
        Fact("Read-only flag after", yes_or_no(protection.flag_after)),
        *(() if protection.flag_during else (Fact("Reason for no flag", protection.reason_not_set),)),
        Fact("Writes completed", _counter(protection.writes_before, protection.writes_after)),
        Fact(
            "512-byte sectors written",
            _counter(protection.sectors_written_before, protection.sectors_written_after),
        ),
    )


def _counter(before: int | None, after: int | None) -> str | None:
    """A counter of the kernel before and after, or None where neither was read."""
    if before is None and after is None:
        return None
    return f"{_known(before)} before, {_known(after)} after"


def _known(count: int | None) -> str:
    """A count, also inside a sentence."""
    return "not recorded" if count is None else str(count)
