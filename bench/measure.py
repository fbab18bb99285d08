"""Running a program as a child: how long, how much processor time, how much memory at most."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.1


class ProgramFailedError(Exception):
    """A measured program ended with a status that is not 0."""


@dataclass(frozen=True)
class Usage:
    """One run: seconds on the wall, processor seconds, and the highest resident memory of the process tree.

    Memory is the sum of each process's own peak, so shared pages count more than once: an upper bound.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int


def run_program(command: tuple[str, ...], within: Path, allowed: tuple[int, ...] = (0,)) -> Usage:
    """Run a program to its end in a folder.

    Raises:
        ProgramFailedError: it ended with a status that is not allowed; the message holds its last line.
    """
    messages = within / "messages.txt"
    with messages.open("wb") as output:
        started = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=within, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        watch = MemoryWatch(child.pid)
        watch.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall_seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    watch.stop()
    if child.returncode not in allowed:
        lines = messages.read_text(errors="replace").strip().splitlines()
        raise ProgramFailedError(f"exit {child.returncode}: {lines[-1] if lines else 'no message'}")
    return Usage(wall_seconds, usage.ru_utime + usage.ru_stime, watch.peak_bytes())


class MemoryWatch(threading.Thread):
    """Samples the resident peak of a process and of all it starts."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._done = threading.Event()
        self._peaks: dict[int, int] = {}

    def run(self) -> None:
        """Sample until told to stop."""
        while True:
            for process in _tree(self._root):
                self._peaks[process] = max(self._peaks.get(process, 0), _resident_peak_bytes(process))
            if self._done.wait(SAMPLE_SECONDS):
                return

    def stop(self) -> None:
        """End the sampling and wait for it."""
        self._done.set()
        self.join()

    def peak_bytes(self) -> int:
        """The sum of every process's peak, in bytes."""
        return sum(self._peaks.values())


def _tree(root: int) -> list[int]:
    """A process and its descendants; those that end meanwhile are left out."""
    found = [root]
    for process in found:
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            found.extend(int(child) for child in _text(children).split())
    return found


def _resident_peak_bytes(process: int) -> int:
    """The highest resident set of a process so far (VmHWM), 0 when it has ended."""
    for line in _text(Path(f"/proc/{process}/status")).splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _text(path: Path) -> str:
    """What a file of /proc says, or nothing when its process is gone."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
