"""A child's time and memory are those of the child, and a failure is told."""

import sys
from pathlib import Path

import pytest

from bench.measure import ProgramFailedError, run_program

MIB = 2**20
HOLD = "import time; held = bytearray(b'x') * (96 << 20); time.sleep(0.4)"


def test_memory_is_that_of_the_child_and_not_ours(tmp_path: Path) -> None:
    usage = run_program((sys.executable, "-c", HOLD), tmp_path)
    assert 96 * MIB < usage.peak_memory_bytes < 160 * MIB
    assert usage.wall_seconds > 0.4


def test_memory_of_a_grandchild_counts(tmp_path: Path) -> None:
    grandchild = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD!r}], check=True)"
    usage = run_program((sys.executable, "-c", grandchild), tmp_path)
    assert usage.peak_memory_bytes > 96 * MIB


def test_a_program_that_fails_is_told_with_its_last_line(tmp_path: Path) -> None:
    program = (sys.executable, "-c", "import sys; print('first'); sys.exit('no such device')")
    with pytest.raises(ProgramFailedError, match="exit 1: no such device"):
        run_program(program, tmp_path)
