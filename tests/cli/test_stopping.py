"""Ctrl-C and SIGTERM, on real processes: exit 9, and nothing that looks whole."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Workstation
from tests.sim.block_devices import faulty_device, needs_root, numbered_image

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _stop_at_progress(process: "subprocess.Popen[str]", number: signal.Signals) -> tuple[int, str, list[str]]:
    """Send the signal when something was read; exit code, stdout, the lines of stderr that are no progress."""
    assert process.stderr
    complaints: list[str] = []
    for line in process.stderr:
        if not line.startswith("{"):
            complaints.append(line)
        elif json.loads(line)["bytes_done"]:
            break
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=60)
    complaints += [line for line in stderr.splitlines() if not line.startswith("{")]
    return process.returncode, stdout, complaints


@pytest.mark.parametrize("number", SIGNALS)
def test_a_stopped_acquisition_is_clearly_partial(
    station: Workstation, long_source: Path, number: signal.Signals
) -> None:
    process = station.start("acquire", long_source, "--output", "JB1", "--progress", "json", "--json")
    code, stdout, complaints = _stop_at_progress(process, number)
    answer = json.loads(stdout)
    assert (code, answer["exit_code"], answer["verdict"]) == (9, 9, None)
    assert [item["state"] for item in answer["outputs"]] == ["partial"]
    assert len([line for line in complaints if line.startswith("diskwitness: ")]) == 1
    names = {item.name for item in station.folder.iterdir()}
    assert "JB1.manifest.json.partial" in names
    assert not names & {"JB1.manifest.json", "JB1.sha256", "JB1.map", "JB1.txt"}
    verified = station.run_json("verify", "JB1.E01")
    assert (verified["exit_code"], verified["verdict"]) == (7, "INDETERMINATE")
    assert "acquisition-incomplete" in {item["code"] for item in verified["findings"]}
    assert station.run("acquire", "long.raw", "--output", "JB1").exit_code == 4


@pytest.mark.parametrize(
    ("command", "number"),
    [*((name, number) for name in ("hash", "verify") for number in SIGNALS), ("hash", signal.SIGHUP)],
)
def test_other_long_commands_end_with_9_as_well(
    station: Workstation, long_source: Path, command: str, number: signal.Signals
) -> None:
    process = station.start(command, long_source, "--progress", "json", "--json")
    code, stdout, complaints = _stop_at_progress(process, number)
    answer = json.loads(stdout)
    assert (code, answer["exit_code"]) == (9, 9)
    assert len(complaints) == 1


def test_a_stopped_acquisition_is_in_the_ledger(station: Workstation, long_source: Path) -> None:
    station.begin_case()
    words = ("acquire", long_source, "--exhibit", "JB1", "--case", "matter", "--progress", "json")
    code, _, _ = _stop_at_progress(station.start(*words), signal.SIGINT)
    assert code == 9
    shown = station.run_json("exhibit", "show", "JB1", "--case", "matter")["record"]
    assert [item["state"] for item in shown["acquisitions"]] == ["stopped"]
    assert "operator" in shown["acquisitions"][0]["reason"]
    assert station.run("ledger", "verify", "matter").exit_code == 0


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("statement", ["os.kill(os.getpid(), {0})", "exec('os.kill(os.getpid(), {0})')"])
def test_a_signal_outside_a_long_job_is_9_too(station: Workstation, number: signal.Signals, statement: str) -> None:
    code = (
        "import os, sys, diskwitness.__main__ as m, diskwitness.cli as c\n"
        f"def interrupted(_): {statement.format(int(number))}\n"
        "c.import_module = interrupted\n"
        "sys.argv = ['diskwitness', 'devices', '--json']\n"
        "m.main()"
    )
    finished = subprocess.run(
        [PROGRAM.with_name("python"), "-c", code], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 9
    answer = json.loads(finished.stdout)
    assert (answer["command"], answer["exit_code"]) == ("devices", 9)


def test_a_signal_after_the_answer_changes_nothing(station: Workstation) -> None:
    code = (
        "import atexit, os, signal, sys, diskwitness.__main__ as m\n"
        "atexit.register(os.kill, os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['diskwitness', 'case', 'list', '--json']\n"
        "m.main()"
    )
    finished = subprocess.run(
        [PROGRAM.with_name("python"), "-c", code], capture_output=True, text=True, check=False
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    assert json.loads(finished.stdout)["exit_code"] == 0


def test_a_second_process_on_the_same_image_is_refused(station: Workstation, long_source: Path) -> None:
    process = station.start("acquire", long_source, "--output", "JB1", "--progress", "json")
    assert process.stderr
    while not process.stderr.readline().startswith("{"):
        pass
    second = station.run("acquire", long_source, "--output", "JB1", "--no-verify")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert second.exit_code == 4
    assert process.returncode == 9


@needs_root
@pytest.mark.parametrize("command", ["acquire", pytest.param("hash", marks=pytest.mark.long)])
def test_a_stop_does_not_wait_for_the_end_of_a_bad_area(station: Workstation, tmp_path: Path, command: str) -> None:
    disk, log = numbered_image(tmp_path / "disk.img", 8192), tmp_path / "log"
    log.touch()
    words = ("--output", "JB1") if command == "acquire" else ()
    bad = [[5000, 1000]]
    with faulty_device(disk, tmp_path, log=str(log), bad=bad, slow=[[5000, 1000, 0.05]]) as device:
        process = station.start(command, device.path, *words, "--progress", "none", "--json")
        while process.poll() is None and log.read_text().count("false") < 20:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=15)
        assert (process.returncode, json.loads(stdout)["exit_code"]) == (9, 9)
        device.set_rules(bad=bad)
        answer = station.run_json(command, device.path, *words, *(("--resume",) if words else ()))
    assert answer["bad_sectors"] == [{"first_sector": 5000, "sector_count": 1000}]
