"""Runs a target over files, with little memory and little time: python -m tests.fuzz.one_target NAME FILE...

The last line says how much memory it took at most, in KiB, and how long the slowest input, in seconds.
"""

import resource
import signal
import sys
import time
from pathlib import Path

from tests.fuzz.targets import TARGETS, remove_folder

ADDRESS_SPACE_BYTES = 1024 * 1024 * 1024
SECONDS_AN_INPUT = 20


def peak_kib() -> int:
    """The highest resident memory since this program began; what getrusage tells counts the parent's too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    """Run them all; whatever an input raises ends it with a traceback that names it."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    target, slowest = TARGETS[sys.argv[1]], 0.0
    try:
        for name in sys.argv[2:]:
            print(name, flush=True)
            signal.alarm(SECONDS_AN_INPUT)
            started = time.perf_counter()
            target.run(Path(name).read_bytes())
            slowest = max(slowest, time.perf_counter() - started)
        signal.alarm(0)
    finally:
        remove_folder()
    print(peak_kib(), f"{slowest:.3f}")


if __name__ == "__main__":
    main()
