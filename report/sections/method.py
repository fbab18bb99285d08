"""The method and the equipment: program, workstation, parameters and write protection."""

import shlex
from collections.abc import Mapping

from casedb.records import EarlierVersion, Job, Manifest, Parameters, RescueParameters, WriteProtection
from report.document import Block, Fact, Facts, Paragraph, Section, Tone
from report.entered import Place, entered_facts
from report.phrases import (
    bytes_text,
    elapsed_text,
    format_text,
    instant_text,
    interruptions_text,
    sectors_number,
    yes_or_no,
)
from report.sections.clock import clock_section_facts
from report.statements import COUNTERS, WRITTEN
from report.wording import say


def equipment_facts(entered: Mapping[str, str]) -> tuple[Fact, ...]:
    """What only a person can say of the equipment."""
    return entered_facts(entered, Place.EQUIPMENT)


def method_section(job: Job, entered: tuple[Fact, ...] = ()) -> Section:
    """The section about the program, the workstation, what was asked for and how the laboratory is set up."""
    settings = tuple(Fact(name, value) for name, value in sorted(job.laboratory.items()))
    blocks = (
        Facts(_program(job), say("Program")),
        Facts(_workstation(job), say("Workstation")),
        Facts(_asked(job), say("Parameters")),
        *((Facts(entered, say("Equipment, as entered")),) if entered else ()),
        *((Facts(settings, say("Laboratory settings")),) if settings else ()),
    )
    return Section(say("Method and equipment"), blocks)


def protection_section(protection: WriteProtection) -> Section:
    """The section about what kept the source from being written to, and what that proves."""
    blocks: list[Block] = [Facts(_safeguards(protection))]
    if is_written(protection):
        blocks.append(Paragraph(say(WRITTEN), Tone.BAD))
    blocks.append(Paragraph(say(COUNTERS)))
    return Section(say("Write protection"), tuple(blocks))


def is_written(protection: WriteProtection) -> bool:
    """Whether a write counter of the kernel changed during the acquisition."""
    pairs = (
        (protection.writes_before, protection.writes_after),
        (protection.sectors_written_before, protection.sectors_written_after),
    )
    return any(before is not None and after is not None and before != after for before, after in pairs)


def protection_text(protection: WriteProtection) -> str | None:
    """The write protection in one line, or None when the record holds nothing on it."""
    parts = [say("hardware write blocker {blocker}", blocker=protection.blocker)] if protection.blocker else []
    if protection.flag_during:
        parts.append(say("kernel read-only flag set during the acquisition"))
    elif protection.reason_not_set or protection.flag_during is not None:
        reason = f" ({protection.reason_not_set})" if protection.reason_not_set else ""
        parts.append(say("kernel read-only flag not set") + reason)
    if protection.writes_before is not None and protection.writes_after is not None:
        is_changed = is_written(protection)
        parts.append(say("kernel write counters CHANGED") if is_changed else say("kernel write counters unchanged"))
    return "; ".join(parts) or None


def timing_facts(manifest: Manifest) -> tuple[Fact, ...]:
    """When the acquisition began and ended, and what came between."""
    started, finished = manifest.job.started, manifest.finished
    is_converted = manifest.job.converted_from is not None
    return (
        Fact(say("Conversion started") if is_converted else say("Acquisition started"), instant_text(started)),
        Fact(say("Conversion finished") if is_converted else say("Acquisition finished"), instant_text(finished)),
        Fact(say("Time between"), elapsed_text(started, finished)),
        Fact(say("Interruptions"), interruptions_text(manifest.read.events)),
    )


def _program(job: Job) -> tuple[Fact, ...]:
    """The program and all that it runs on."""
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(job.tool.libraries.items()))
    return (
        Fact(say("Name and version"), f"{job.tool.name} {job.tool.version}"),
        Fact(say("SHA-256 of the program"), job.tool.program_sha256, code=True),
        Fact(say("Python"), job.tool.python),
        Fact(say("Libraries"), libraries or None),
        Fact(say("Command line"), shlex.join(job.parameters.command_line) or None, code=True),
    )


def _workstation(job: Job) -> tuple[Fact, ...]:
    """The computer, its operator and its clock."""
    return (
        Fact(say("Host name"), job.host.hostname),
        Fact(say("Operator"), job.host.operator),
        Fact(say("Operating system"), job.host.system),
        Fact(say("Kernel"), job.host.kernel),
        Fact(say("Clock"), job.host.clock),
        *(clock_section_facts(job.clock) if job.clock is not None else ()),
    )


def _asked(job: Job) -> tuple[Fact, ...]:
    """The parameters of the acquisition, as resolved."""
    asked, sector_size = job.parameters, job.source.sector_size_bytes
    granularity = asked.error_granularity_sectors
    return (
        Fact(say("Image format"), format_text(asked.format)),
        Fact(say("Compression"), asked.compression or (say("none") if asked.format == "raw" else None)),
        Fact(say("Chunk size"), _chunk_text(asked, sector_size)),
        Fact(
            say("Segment size"),
            bytes_text(asked.segment_size_bytes) if asked.segment_size_bytes else say("one file"),
        ),
        Fact(say("Set identifier"), asked.set_identifier, code=True),
        Fact(say("First sector on the source"), str(asked.start_sector)),
        Fact(say("Sectors asked for"), str(asked.sector_count)),
        Fact(say("Algorithms"), ", ".join(asked.algorithms) or None),
        Fact(say("Retries of a failed sector"), str(asked.retries)),
        Fact(
            say("Error granularity"),
            say("{sectors}: the least that one failure costs", sectors=sectors_number(granularity)),
        ),
        Fact(say("On a read error"), asked.on_error),
        Fact(say("Zero bytes added at the end"), str(asked.padded_bytes)),
        Fact(say("Read although in use"), yes_or_no(asked.forced_mounted)),
        *(_rescue_facts(asked.rescue) if asked.rescue is not None else ()),
        *(_earlier_facts(asked.retry_of) if asked.retry_of is not None else ()),
    )


def _rescue_facts(rescue: RescueParameters) -> tuple[Fact, ...]:
    """How a failing drive was to be read, as asked for in the last session."""
    rate, timeout = rescue.max_error_rate, rescue.pass_timeout_seconds
    return (
        Fact(say("Rescue, passes"), ", ".join(rescue.passes)),
        Fact(
            say("Rescue, largest error rate"),
            say("no limit") if rate is None else say("{size} in a second", size=bytes_text(rate)),
        ),
        Fact(
            say("Rescue, slow seconds"),
            say("no limit") if rescue.max_slow_reads is None else str(rescue.max_slow_reads),
        ),
        Fact(say("Rescue, time of a pass"), say("no limit") if timeout is None else f"{timeout} s"),
    )


def _earlier_facts(earlier: EarlierVersion) -> tuple[Fact, ...]:
    """The image that this one is a new version of."""
    return (
        Fact(say("Bad sectors tried again, of"), earlier.manifest, code=True),
        Fact(say("Its SHA-256"), earlier.manifest_sha256, code=True),
    )


def _chunk_text(asked: Parameters, sector_size_bytes: int) -> str | None:
    """The size of a chunk in sectors and bytes; raw images have none."""
    if asked.chunk_sectors is None:
        return None if asked.format != "raw" else say("none: raw images have no chunks")
    return f"{sectors_number(asked.chunk_sectors)}: {bytes_text(asked.chunk_sectors * sector_size_bytes)}"


def _safeguards(protection: WriteProtection) -> tuple[Fact, ...]:
    """The safeguards as observed, before, during and after."""
    return (
        Fact(say("Hardware write blocker"), protection.blocker),
        Fact(say("Read-only flag set on"), protection.flag_target, code=True),
        Fact(say("Read-only flag before"), yes_or_no(protection.flag_before)),
        Fact(say("Read-only flag during"), yes_or_no(protection.flag_during)),
        Fact(say("Read-only flag after"), yes_or_no(protection.flag_after)),
        *(() if protection.flag_during else (Fact(say("Reason for no flag"), protection.reason_not_set),)),
        Fact(say("Writes completed"), _counter(protection.writes_before, protection.writes_after)),
        Fact(
            say("512-byte sectors written"),
            _counter(protection.sectors_written_before, protection.sectors_written_after),
        ),
    )


def _counter(before: int | None, after: int | None) -> str | None:
    """A counter of the kernel before and after, or None where neither was read."""
    if before is None and after is None:
        return None
    return say("{before} before, {after} after", before=_known(before), after=_known(after))


def _known(count: int | None) -> str:
    """A count, also inside a sentence."""
    return say("not recorded") if count is None else str(count)
