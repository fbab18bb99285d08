"""A million unreadable ranges in manifest, map and error2: verified in bounded memory."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import FIGURES
from tests.sim.measured_run import measured_run
from tests.sim.scattered import scatter

COUNT = 1_000_000
MAXIMUM_BYTES = 300 * 2**20
PROGRAM = Path(sys.executable).with_name("diskwitness")


@pytest.mark.long
def test_a_million_unreadable_ranges_are_verified_in_bounded_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with (tmp_path / "disk").open("wb") as disk:
        disk.truncate(2 * COUNT * 512 + 2**20)
    acquire = [PROGRAM, "acquire", "disk", "--output", "JB1", "--no-verify", "--progress", "none"]
    assert measured_run(acquire, tmp_path).exit_code == 0
    scatter(tmp_path / "JB1.E01", COUNT)
    run = measured_run([PROGRAM, "verify", "JB1.E01", "--hash", "sha256", "--json"], tmp_path)
    answer = json.loads(run.stdout)
    assert (run.exit_code, answer["verdict"], len(answer["bad_sectors"])) == (0, "PASSED", COUNT)
    record_property(
        FIGURES + "a million ranges",
        {"MiB at most": run.peak_bytes // 2**20, "processor s": round(run.processor_seconds)},
    )
    assert run.peak_bytes < MAXIMUM_BYTES


@pytest.mark.long
def test_one_range_of_a_million_that_differs_is_found(tmp_path: Path) -> None:
    with (tmp_path / "disk").open("wb") as disk:
        disk.truncate(2 * COUNT * 512 + 2**20)
    acquire = [PROGRAM, "acquire", "disk", "--output", "JB1", "--no-verify", "--progress", "none"]
    assert measured_run(acquire, tmp_path).exit_code == 0
    scatter(tmp_path / "JB1.E01", COUNT)
    bad_map = tmp_path / "JB1.map"
    odd = "0x00000200  -\n" + f"0x{600_000 * 512:08X}  0x00000200  "
    text = bad_map.read_text()
    assert odd + "+" in text
    bad_map.write_text(text.replace(odd + "+", odd + "-"))
    run = measured_run([PROGRAM, "verify", "JB1.E01", "--hash", "sha256", "--json"], tmp_path)
    answer = json.loads(run.stdout)
    (found,) = [item for item in answer["findings"] if item["code"] == "unreadable-ranges"]
    assert (run.exit_code, answer["verdict"], found["first_sector"]) == (6, "FAILED", 599_999)
