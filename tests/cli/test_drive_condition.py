"""Temperature and the drive's counters through the command line: a loop device for which our smartctl answers."""

from pathlib import Path

import pytest

import acquire.device_tools
from tests.cli.conftest import Workstation
from tests.sim.block_devices import loop_device, needs_root

ANSWER = """#!/bin/sh
case "$*" in *--version*) echo "smartctl 7.3"; exit;; esac
n=$(cat "$0.asked" 2>/dev/null || echo 0)
case "$*" in *-x*) echo $((n + 1)) > "$0.asked";; esac
echo '{"serial_number":"S1","temperature":{"current":41},"power_on_time":{"hours":7},
"ata_smart_attributes":{"table":[{"id":197,"raw":{"value":'$((n * 3))'}}]}}'
"""


@needs_root
def test_a_counter_that_rose_is_in_answer_log_and_manifest(
    station: Workstation, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "programs" / "smartctl"
    program.parent.mkdir()
    program.write_text(ANSWER)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/sbin:/usr/bin:/sbin:/bin")
    monkeypatch.setattr(acquire.device_tools, "BUSES_WITHOUT_SMART", frozenset())
    with loop_device(source) as device:
        answer = station.run_json("acquire", device, "--output", "JB1", "--temperature-limit", "60")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert "drive-counter-rose" in {item["code"] for item in answer["findings"]}
    read = station.manifest()["read"]
    assert read["counters"][0] == {"name": "Pending sectors", "before": 0, "after": 3}
    assert len(read["reports_after"]) == 1
    assert {sample["celsius"] for sample in read["temperatures"]} <= {41}
    log = (station.folder / "JB1.txt").read_text()
    assert "Pending sectors" in log
    assert "60 degrees Celsius" in log


def test_a_limit_that_nobody_can_keep_is_a_warning(station: Workstation, source: Path) -> None:
    answer = station.run_json("acquire", source, "--output", "JB1", "--temperature-limit", "60")
    assert answer["exit_code"] == 0
    assert any("tells no temperature" in text for text in answer["warnings"])
    log = (station.folder / "JB1.txt").read_text()
    assert "Counters of the drive itself:         Not recorded" in log


@pytest.mark.parametrize("limit", ["29", "91", "hot"])
def test_a_limit_no_drive_keeps_is_refused(station: Workstation, source: Path, limit: str) -> None:
    assert station.run("acquire", source, "--output", "JB1", "--temperature-limit", limit).exit_code == 2
