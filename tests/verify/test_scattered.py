"""A million unreadable ranges in manifest, map and error2: verified in bounded memory."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import FIGURES
from tests.sim.scattered import scatter

COUNT = 1_000_000
MAXIMUM_BYTES = 300 * 2**20
PROGRAM = Path(sys.executable).with_name("diskwitness")


def run(folder: Path, *words: str) -> tuple[int, int, float]:
    """Exit code, peak resident memory in bytes and processor seconds of a command; its output goes to a file."""
    with (folder / "answer").open("wb") as answer:
        child = subprocess.Popen([PROGRAM, *words], cwd=folder, stdout=answer, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime


@pytest.mark.long
def test_a_million_unreadable_ranges_are_verified_in_bounded_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with (tmp_path / "disk").open("wb") as disk:
        disk.truncate(2 * COUNT * 512 + 2**20)
    assert run(tmp_path, "acquire", "disk", "--output", "JB1", "--no-verify", "--progress", "none")[0] == 0
    scatter(tmp_path / "JB1.E01", COUNT)
    code, peak_bytes, seconds = run(tmp_path, "verify", "JB1.E01", "--hash", "sha256", "--json")
    answer = json.loads((tmp_path / "answer").read_text())
    assert (code, answer["verdict"], len(answer["bad_sectors"])) == (0, "PASSED", COUNT)
    record_property(
        FIGURES + "a million ranges", {"MiB at most": peak_bytes // 2**20, "processor s": round(seconds)}
    )
    assert peak_bytes < MAXIMUM_BYTES


@pytest.mark.long
def test_one_range_of_a_million_that_differs_is_found(tmp_path: Path) -> None:
    with (tmp_path / "disk").open("wb") as disk:
        disk.truncate(2 * COUNT * 512 + 2**20)
    assert run(tmp_path, "acquire", "disk", "--output", "JB1", "--no-verify", "--progress", "none")[0] == 0
    scatter(tmp_path / "JB1.E01", COUNT)
    bad_map = tmp_path / "JB1.map"
    odd = "0x00000200  -\n" + f"0x{600_000 * 512:08X}  0x00000200  "
    text = bad_map.read_text()
    assert odd + "+" in text
    bad_map.write_text(text.replace(odd + "+", odd + "-"))
    code, _, _ = run(tmp_path, "verify", "JB1.E01", "--hash", "sha256", "--json")
    answer = json.loads((tmp_path / "answer").read_text())
    (found,) = [item for item in answer["findings"] if item["code"] == "unreadable-ranges"]
    assert (code, answer["verdict"], found["first_sector"]) == (6, "FAILED", 599_999)
