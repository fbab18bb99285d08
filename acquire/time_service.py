"""What keeps the clock of this workstation: the program that is running for it, and what it says of the time."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime

from acquire.sysfs import LIVE_SYSTEM, SystemPaths
from acquire.workstation import running_programs
from image.tools import ToolError, run_tool

TIME_SERVICES = {
    "chronyd": "chrony",
    "systemd-timesyn": "systemd-timesyncd",
    "ntpd": "ntpd",
    "phc2sys": "linuxptp",
    "ptp4l": "linuxptp",
}
"""Process name, of which the kernel keeps 15 letters, and the service it belongs to."""
TIMEOUT_SECONDS = 2.0
MAXIMUM_STATE_CHARACTERS = 300
_TRACKING_COLUMNS = 14
"""Of `chronyc -c tracking` (chronyc(1)): name is the second, stratum the third, offset the fifth, leap the last."""


@dataclass(frozen=True, slots=True)
class TimeService:
    """The service that keeps the clock, and what it says; None where nothing is known."""

    name: str | None = None
    state: str | None = None


def time_service(paths: SystemPaths = LIVE_SYSTEM) -> TimeService:
    """Tell which service keeps the clock."""
    running = running_programs(TIME_SERVICES, paths)
    if not running:
        return TimeService("none running")
    name = ", ".join(running)
    if "chrony" in running:
        return TimeService(name, _chrony_state())
    return TimeService(name, _timesyncd_state(paths) if "systemd-timesyncd" in running else None)


def _chrony_state() -> str | None:
    """What chrony says of its source and of how far it is off."""
    try:
        run = run_tool("chronyc", ["-n", "-c", "tracking"], timeout_seconds=TIMEOUT_SECONDS)
    except ToolError:
        return None
    return decode_tracking(run.stdout) if run.exit_status == 0 else None


def decode_tracking(text: str) -> str | None:
    """The state in the answer of `chronyc -c tracking`; None for any other text."""
    row = next(csv.reader(text.splitlines()[:1]), [])
    if len(row) != _TRACKING_COLUMNS:
        return None
    state = f"source {row[1] or row[0]}, stratum {row[2]}, {row[4]} s off, leap status {row[-1]}"
    return state[:MAXIMUM_STATE_CHARACTERS]


def _timesyncd_state(paths: SystemPaths) -> str:
    """When systemd-timesyncd was last in step, by the file it touches then (systemd-timesyncd.service(8))."""
    try:
        seconds = (paths.run / "systemd" / "timesync" / "synchronized").stat().st_mtime
    except OSError:
        return "not in step since it was started"
    return f"last in step {datetime.fromtimestamp(seconds, UTC).isoformat(timespec='seconds')}"
