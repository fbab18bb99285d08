"""What the workstation may do to an acquisition: its clock, its sleep, programs that mount what is attached."""

import ctypes
import struct
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from acquire.sysfs import LIVE_SYSTEM, SystemPaths
from image.tools import ToolError, find_tool, held_tool

TIMEX_BYTES = 512
TIMEX_HEAD = struct.Struct("@Illlli")
"""The beginning of `struct timex` (adjtimex(2)): modes, offset, freq, maxerror, esterror, status."""
STATUS_UNSYNCHRONISED = 0x0040
INHIBITOR = "systemd-inhibit"
AUTOMOUNTERS = {
    "automount": "autofs",
    "devmon": "devmon",
    "gvfs-udisks2-vo": "gvfs",
    "pcmanfm": "pcmanfm",
    "udevil": "udevil",
    "udiskie": "udiskie",
    "udisksd": "udisks2",
    "usbmount": "usbmount",
}
"""Programs that may mount a drive by themselves, by process name, of which the kernel keeps 15 letters."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """Whether the kernel's clock is kept by a time source, and by how much it may be off; None is unknown."""

    synchronised: bool | None = None
    maximum_error_seconds: float | None = None

    def __str__(self) -> str:
        """The state as a phrase for log and manifest."""
        if self.synchronised is None:
            return "not known"
        if not self.synchronised:
            return "not synchronised"
        return f"synchronised, at most {self.maximum_error_seconds or 0:.3f} s off as the kernel knows"


def clock_state() -> ClockState:
    """The kernel's own knowledge of its clock (adjtimex(2), which only asks here)."""
    buffer = ctypes.create_string_buffer(TIMEX_BYTES)
    try:
        answer: int = ctypes.CDLL(None).adjtimex(buffer)
    except (AttributeError, OSError):
        return ClockState()
    return decode_timex(buffer.raw) if answer >= 0 else ClockState()


def decode_timex(block: bytes) -> ClockState:
    """The clock's state in a `struct timex`."""
    _, _, _, maximum_error_microseconds, _, status = TIMEX_HEAD.unpack_from(block)
    return ClockState(not status & STATUS_UNSYNCHRONISED, maximum_error_microseconds / 1_000_000)


def can_inhibit_sleep(paths: SystemPaths = LIVE_SYSTEM) -> bool:
    """Whether the workstation can be kept from going to sleep."""
    return _is_systemd_running(paths) and find_tool(INHIBITOR) is not None


@contextmanager
def sleep_inhibited(reason: str) -> Iterator[bool]:
    """Keep the workstation awake for the length of a `with` block; gives whether that was possible.

    The lock ends with this process, in whatever way it ends.
    """
    with ExitStack() as held:
        possible = can_inhibit_sleep()
        if possible:
            wanted = ["--what=sleep:idle", "--who=diskwitness", f"--why={reason}", "--mode=block", "cat"]
            try:
                held.enter_context(held_tool(INHIBITOR, wanted))
            except ToolError:
                possible = False
        yield possible


def running_automounters(paths: SystemPaths = LIVE_SYSTEM) -> tuple[str, ...]:
    """The programs now running that may mount a drive by themselves, by package."""
    return running_programs(AUTOMOUNTERS, paths)


def running_programs(known: Mapping[str, str], paths: SystemPaths = LIVE_SYSTEM) -> tuple[str, ...]:
    """Which of these are running, by the names that the table gives to their processes."""
    found = set()
    for file in paths.proc.glob("[0-9]*/comm"):
        try:
            name = file.read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            continue
        if name in known:
            found.add(known[name])
    return tuple(sorted(found))


def _is_systemd_running(paths: SystemPaths) -> bool:
    """Whether systemd is the first process, since its lock needs it (sd_booted(3))."""
    try:
        return (paths.proc / "1" / "comm").read_text(encoding="utf-8").strip() == "systemd"
    except OSError:
        return False
