"""A program run for what it costs. A small process stands between: a child counts its parent as its own memory."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BETWEEN = """
import json, os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
seconds = usage.ru_utime + usage.ru_stime
print(json.dumps([child.returncode, usage.ru_maxrss * 1024, seconds]), file=sys.stderr)
"""


@dataclass(frozen=True)
class MeasuredRun:
    """How a program ended, what it printed, its highest resident memory and its processor seconds."""

    exit_code: int
    stdout: str
    peak_bytes: int
    processor_seconds: float


def measured_run(words: Sequence[object], folder: Path, environment: dict[str, str] | None = None) -> MeasuredRun:
    """Run a program to its end in a folder."""
    command = [sys.executable, "-S", "-c", BETWEEN, *map(str, words)]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    exit_code, peak_bytes, seconds = json.loads(run.stderr.splitlines()[-1])
    return MeasuredRun(exit_code, run.stdout, peak_bytes, seconds)
