"""What `lsblk` and `smartctl` say of a drive: a second and third witness beside sysfs, kept raw.

Either may be absent, fail or hang; then it said nothing. What they print is the drive's word and hostile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from acquire.identity import Identity
from image.job import ExternalReport
from image.tools import ToolError, ToolRun, run_tool

LSBLK_TIMEOUT_SECONDS = 10.0
SMARTCTL_TIMEOUT_SECONDS = 15.0
MAXIMUM_REPORT_BYTES = 4 * 1024 * 1024
BUSES_WITHOUT_SMART = frozenset({"loop", "device-mapper", "md", "memory", "nbd", "virtio", "mmc", "iscsi"})

REGISTERED_NAMES = ("0x", "naa.", "eui.", "uuid.")
"""How a world wide name begins; other names in that place are made of model and serial number."""


class LsblkRow(msgspec.Struct):
    """One device of `lsblk --json -O`, as far as it is used: texts or null."""

    kname: str
    model: str | None = None
    serial: str | None = None
    wwn: str | None = None
    tran: str | None = None
    rev: str | None = None
    fstype: str | None = None
    children: list["LsblkRow"] = msgspec.field(default_factory=list)


class _LsblkTree(msgspec.Struct):
    """The whole answer of lsblk."""

    blockdevices: list[LsblkRow]


class _SmartWwn(msgspec.Struct):
    """The three fields of an NAA name: 4, 24 and 36 bits."""

    naa: int
    oui: int
    id: int


class _SmartAnswer(msgspec.Struct):
    """The parts of `smartctl --json` that name a drive."""

    model_name: str | None = None
    scsi_model_name: str | None = None
    serial_number: str | None = None
    firmware_version: str | None = None
    scsi_revision: str | None = None
    logical_unit_id: str | None = None
    wwn: _SmartWwn | None = None


@dataclass(frozen=True)
class DriveAnswer:
    """What one program said of one drive, as identity and raw."""

    identity: Identity
    report: ExternalReport


Answer = TypeVar("Answer")


def ask_lsblk(device_path: str | None = None) -> tuple[dict[str, LsblkRow], ExternalReport | None]:
    """The devices that lsblk knows, by kernel name, and its raw answer; of one device and what is on it, or all."""
    chosen = [] if device_path is None else ["--", device_path]
    run = _run("lsblk", ["--json", "--bytes", "--output-all", *chosen], LSBLK_TIMEOUT_SECONDS)
    if run is None:
        return {}, None
    return decode_lsblk(run.stdout), _as_report(run)


def ask_smartctl(
    device_path: str, *, everything: bool, timeout_seconds: float = SMARTCTL_TIMEOUT_SECONDS
) -> DriveAnswer | None:
    """What the drive tells smartctl of itself, with all its logs (`-x`) or its identity alone (`-i`)."""
    detail = "-x" if everything else "-i"
    run = _run("smartctl", ["--json=c", detail, "--", device_path], timeout_seconds)
    if run is None or not run.stdout:
        return None
    return DriveAnswer(decode_smartctl(run.stdout), _as_report(run))


def decode_lsblk(output: str) -> dict[str, LsblkRow]:
    """The devices in an answer of lsblk by kernel name; none where it has another shape."""
    tree = _decoded(output, _LsblkTree)
    return {row.kname: row for row in _all_rows(tree.blockdevices)} if tree is not None else {}


def decode_smartctl(output: str) -> Identity:
    """Who the drive says it is in an answer of smartctl; nothing where it has another shape."""
    answer = _decoded(output, _SmartAnswer)
    if answer is None:
        return Identity()
    return Identity(
        model=answer.model_name or answer.scsi_model_name,
        serial=answer.serial_number,
        wwn=_wwn_text(answer.wwn) or answer.logical_unit_id,
        firmware=answer.firmware_version or answer.scsi_revision,
    )


def identity_from_lsblk(row: LsblkRow | None) -> Identity:
    """Who lsblk says the drive is."""
    if row is None:
        return Identity()
    wwn = _stripped(row.wwn)
    given = wwn if wwn is not None and wwn.startswith(REGISTERED_NAMES) else None
    return Identity(_stripped(row.model), _stripped(row.serial), given, _stripped(row.rev), _stripped(row.tran))


def has_smart(bus: str | None) -> bool:
    """Whether a drive on this bus could answer smartctl."""
    return bus not in BUSES_WITHOUT_SMART


def _run(program: str, arguments: list[str], timeout_seconds: float) -> ToolRun | None:
    """One run, or None where the program is absent, hangs or prints without end."""
    try:
        return run_tool(
            program, arguments, timeout_seconds=timeout_seconds, maximum_output_bytes=MAXIMUM_REPORT_BYTES
        )
    except ToolError:
        return None


def _as_report(run: ToolRun) -> ExternalReport:
    """A run as the manifest keeps it."""
    return ExternalReport(run.program, run.version, run.arguments, run.stdout)


def _decoded(output: str, shape: type[Answer]) -> Answer | None:
    """A JSON answer of this shape, or None."""
    try:
        return msgspec.json.decode(output, type=shape)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _all_rows(rows: list[LsblkRow]) -> Iterator[LsblkRow]:
    """Every device with those on it."""
    for row in rows:
        yield row
        yield from _all_rows(row.children)


def _wwn_text(wwn: _SmartWwn | None) -> str | None:
    """An NAA name as the label of a drive prints it."""
    return None if wwn is None else f"0x{wwn.naa:x}{wwn.oui:06x}{wwn.id:09x}"


def _stripped(text: str | None) -> str | None:
    """A text without blanks around it; an empty one is None."""
    return (text or "").strip() or None
