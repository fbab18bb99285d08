"""The counters that a drive keeps of its own errors, before and after the reading: from two answers of smartctl.

ATA attributes by their numbers (smartmontools, drivedb.h "Default settings"), the NVMe SMART / Health Information
log (NVM Express Base Specification 1.4, section 5.14.1.2), the SCSI grown defect list and read error counters
(SBC-3, SPC-4). What is printed is the drive's word and hostile; what has another shape says nothing.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from image.findings import Finding, finding
from image.job import ExternalReport
from image.read_record import DriveCounter

PROGRAM = "smartctl"
POWER_ON_HOURS = "Power-on hours"
ATA_ATTRIBUTES = {
    5: "Reallocated sectors",
    187: "Reported uncorrectable errors",
    196: "Reallocation events",
    197: "Pending sectors",
    198: "Offline uncorrectable sectors",
    199: "Interface CRC errors",
}
NVME_MEDIA_ERRORS = "Media and data integrity errors"
SCSI_GROWN_DEFECTS = "Grown defects"
SCSI_UNCORRECTED_READS = "Uncorrected read errors"
ERROR_COUNTERS = (
    *ATA_ATTRIBUTES.values(),
    NVME_MEDIA_ERRORS,
    SCSI_GROWN_DEFECTS,
    SCSI_UNCORRECTED_READS,
)

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class _Raw(msgspec.Struct):
    """The raw value of an ATA attribute: 48 bits whose meaning is the maker's."""

    value: Count


class _Attribute(msgspec.Struct):
    """One ATA attribute."""

    id: int
    raw: _Raw


class _Attributes(msgspec.Struct):
    """The table of ATA attributes."""

    table: list[_Attribute] = []


class _NvmeLog(msgspec.Struct):
    """The health log of an NVMe drive."""

    media_errors: Count | None = None


class _ScsiReads(msgspec.Struct):
    """The read page of the error counter log."""

    total_uncorrected_errors: Count | None = None


class _ScsiLog(msgspec.Struct):
    """The error counter log of a SCSI drive."""

    read: _ScsiReads = msgspec.field(default_factory=_ScsiReads)


class _PowerOn(msgspec.Struct):
    """How long the drive has had power."""

    hours: Count | None = None


class _Answer(msgspec.Struct):
    """The parts of `smartctl --json` that count."""

    serial_number: str | None = None
    ata_smart_attributes: _Attributes = msgspec.field(default_factory=_Attributes)
    nvme_smart_health_information_log: _NvmeLog = msgspec.field(default_factory=_NvmeLog)
    scsi_error_counter_log: _ScsiLog = msgspec.field(default_factory=_ScsiLog)
    scsi_grown_defect_list: Count | None = None
    power_on_time: _PowerOn = msgspec.field(default_factory=_PowerOn)


def compare_counters(before: Iterable[ExternalReport], after: Iterable[ExternalReport]) -> tuple[DriveCounter, ...]:
    """Every counter that either answer holds, those that changed first.

    Nothing where the answers name different drives: another one may have taken the place of the first.
    """
    first, second = _answer_in(before), _answer_in(after)
    if first is None and second is None:
        return ()
    if first is not None and second is not None and first.serial_number != second.serial_number:
        return ()
    old, new = _counts(first), _counts(second)
    names = [name for name in (*ERROR_COUNTERS, POWER_ON_HOURS) if name in old or name in new]
    counters = [DriveCounter(name, old.get(name), new.get(name)) for name in names]
    return tuple(sorted(counters, key=lambda counter: counter.before == counter.after))


def counter_findings(counters: Iterable[DriveCounter]) -> tuple[Finding, ...]:
    """A note for each counter of errors that rose while the drive was read."""
    return tuple(
        finding(
            "drive-counter-rose",
            f"{counter.name}: {counter.after - counter.before} more after the reading than before",
            expected=str(counter.before),
            found=str(counter.after),
        )
        for counter in counters
        if counter.name in ERROR_COUNTERS
        and counter.before is not None
        and counter.after is not None
        and counter.after > counter.before
    )


def _answer_in(reports: Iterable[ExternalReport]) -> _Answer | None:
    """What the last answer of smartctl says, or None where there is none of this shape."""
    outputs = [report.output for report in reports if report.program == PROGRAM]
    if not outputs:
        return None
    try:
        return msgspec.json.decode(outputs[-1], type=_Answer)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _counts(answer: _Answer | None) -> dict[str, int]:
    """The counters of an answer by name; an attribute that stands there twice counts as it stands first."""
    if answer is None:
        return {}
    counts: dict[str, int] = {}
    for attribute in answer.ata_smart_attributes.table:
        if attribute.id in ATA_ATTRIBUTES:
            counts.setdefault(ATA_ATTRIBUTES[attribute.id], attribute.raw.value)
    others = {
        NVME_MEDIA_ERRORS: answer.nvme_smart_health_information_log.media_errors,
        SCSI_GROWN_DEFECTS: answer.scsi_grown_defect_list,
        SCSI_UNCORRECTED_READS: answer.scsi_error_counter_log.read.total_uncorrected_errors,
        POWER_ON_HOURS: answer.power_on_time.hours,
    }
    return counts | {name: count for name, count in others.items() if count is not None}
