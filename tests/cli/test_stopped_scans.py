"""Ctrl-C and SIGTERM while tables of a virtual disk, or the files of a medium, are looked at: real processes."""

import json
import os
import signal
import struct
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.image.virtual.disks import needs_qemu
from tests.sim.block_devices import faulty_file, needs_program, needs_root, tool

CLUSTER = 64 * 1024
SIZE_BYTES = 256 * 1024**2
JSON = ("--progress", "json", "--json")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture
def slow_disk(station: Workstation) -> Path:
    """A QCOW2 with 8 GiB of tables, all of them holes, which take seconds to be looked at."""
    path, size = station.folder / "disk.qcow2", 64 * 1024**4
    tool("qemu-img", "create", "-q", "-f", "qcow2", str(path), str(size))
    head = path.read_bytes()
    entries, first = *struct.unpack_from(">I", head, 36), *struct.unpack_from(">Q", head, 40)
    begin = -(-(first + entries * 8) // CLUSTER) * CLUSTER
    with path.open("r+b") as file:
        file.seek(first)
        file.write(struct.pack(f">{entries}Q", *(begin + CLUSTER * number for number in range(entries))))
        file.truncate(begin + CLUSTER * entries)
    return path


@pytest.fixture
def unread_fat(station: Workstation) -> Path:
    """A FAT volume whose map calls sectors 32 to 39 unread: its orphans are looked for in all of it."""
    path = station.folder / "fat.raw"
    with path.open("wb") as file:
        file.truncate(SIZE_BYTES)
    tool("mkfs.vfat", "-F", "32", str(path))
    lines = ("0 0x4000 +", "0x4000 0x1000 -", f"0x5000 {SIZE_BYTES - 0x5000:#x} +")
    path.with_suffix(".map").write_text("\n".join(["# Mapfile", "0 + 1", *lines, ""]))
    return path


def stopped_at(process: "subprocess.Popen[str]", stage: str, number: signal.Signals) -> tuple[int, str, list[str]]:
    """Send the signal to a process and its children, as a terminal does, at the first progress of a stage.

    Gives exit code, stdout, and the lines of stderr that are neither progress nor warnings.
    """
    assert process.stderr
    told = []
    for line in process.stderr:
        told.append(line)
        if line.startswith("{") and json.loads(line)["stage"] == stage:
            break
    os.killpg(process.pid, number)
    stdout, stderr = process.communicate(timeout=20)
    lines = [*told, *stderr.splitlines()]
    return process.returncode, stdout, [line for line in lines if not line.startswith(("{", "warning: "))]


@needs_qemu
@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("acquire", "--output", "JB1"), signal.SIGINT),
        (("acquire", "--output", "JB1"), signal.SIGTERM),
        (("hash",), signal.SIGINT),
        (("verify",), signal.SIGINT),
        (("convert", "JB1"), signal.SIGINT),
    ],
)
def test_a_scan_of_tables_shows_progress_and_stops_at_the_first_signal(
    station: Workstation, slow_disk: Path, words: tuple[str, ...], number: signal.Signals
) -> None:
    command, *rest = words
    started = station.start(command, slow_disk, *rest, *JSON, start_new_session=True)
    code, stdout, complaints = stopped_at(started, "tables", number)
    answer = json.loads(stdout)
    assert (code, answer["exit_code"], len(complaints)) == (9, 9, 1)
    assert "stopped" in complaints[0]
    assert not (station.folder / "JB1.manifest.json").exists()


@needs_program("mkfs.vfat")
@pytest.mark.parametrize("number", SIGNALS)
def test_a_search_for_files_stops_at_the_first_signal_and_the_verdict_is_told(
    station: Workstation, unread_fat: Path, number: signal.Signals
) -> None:
    started = station.start("verify", unread_fat, "--hash", "sha256", "--files", *JSON, start_new_session=True)
    code, stdout, complaints = stopped_at(started, "files", number)
    answer = json.loads(stdout)
    assert (code, answer["verdict"], len(complaints)) == (9, "INDETERMINATE", 1), "".join(complaints)
    assert "the search for damaged files was stopped" in complaints[0]
    assert {item["reason"] for item in answer["files"]["not_walked"]} == {"stopped by the operator"}


@needs_program("mkfs.vfat")
def test_the_search_behind_a_conversion_stops_and_the_image_is_whole(
    station: Workstation, unread_fat: Path
) -> None:
    started = station.start("convert", unread_fat, "JB1", "--hash", "sha256", *JSON, start_new_session=True)
    code, stdout, _ = stopped_at(started, "files", signal.SIGINT)
    answer = json.loads(stdout)
    assert (code, answer["verdict"], answer["outputs"][0]["state"]) == (9, "PASSED", "complete")
    verified = station.run_json("verify", "JB1.E01")
    assert (verified["exit_code"], verified["verdict"]) == (0, "PASSED")


@pytest.mark.root
@needs_root
@needs_program("mkfs.vfat")
def test_the_search_behind_an_acquisition_stops_and_the_image_is_whole(
    station: Workstation, unread_fat: Path, tmp_path: Path
) -> None:
    options = ("--output", "JB1", "--hash", "sha256", "--retries", "0", *JSON)
    with faulty_file(unread_fat, tmp_path, bad=[[32, 8]]) as source:
        started = station.start("acquire", source, *options, start_new_session=True)
        code, stdout, _ = stopped_at(started, "files", signal.SIGINT)
    answer = json.loads(stdout)
    assert (code, answer["verdict"], answer["outputs"][0]["state"]) == (9, "PASSED", "complete")
    assert answer["files"]["not_walked"]


@needs_program("mkfs.vfat")
def test_a_search_for_files_tells_how_much_was_looked_at(station: Workstation, unread_fat: Path) -> None:
    started = station.start("verify", unread_fat, "--hash", "sha256", "--files", *JSON)
    _, stderr = started.communicate(timeout=60)
    told = [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]
    states = [item["state"] for item in told if item["stage"] == "files"]
    assert any("MB looked at" in state for state in states)
    assert told[-1]["bytes_done"] == told[-1]["bytes_total"] == SIZE_BYTES
