"""What is asked of a drive beside its sectors, on a sysfs of its own."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from acquire.devices import Device, describe_device
from acquire.pause_wishes import PauseReason, PauseWishes
from acquire.sysfs import DeviceNumber, SystemPaths
from tests.sim.still_clock import StillClock
from tests.sim.sysfs_tree import TreeDisk, build_system
from workflow.drive_watch import NO_TEMPERATURE, watch_drive

FOLDER = "pci0000:00/ata1/host0/block/sda"
SENSOR = "device/hwmon/hwmon3/temp1_input"


def system_with(root: Path, **attributes: str) -> tuple[SystemPaths, Device]:
    """A system with one drive of these attributes."""
    paths = build_system(root, [TreeDisk(FOLDER, "8:0", {"size": "1000", "diskseq": "5"} | attributes)])
    device = describe_device(DeviceNumber(8, 0), paths, ask_tools=False)
    assert device
    return paths, device


def soon(is_so: Callable[[], object]) -> bool:
    """Whether this becomes so before long."""
    deadline = time.monotonic() + 10
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(is_so())


@pytest.fixture
def smartctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called smartctl that answers with its arguments."""
    folder = tmp_path / "programs"
    folder.mkdir()
    program = folder / "smartctl"
    program.write_text('#!/bin/sh\necho "$*"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return program


def test_a_drive_too_hot_at_the_start_pauses_the_reading(tmp_path: Path) -> None:
    paths, device = system_with(tmp_path, **{SENSOR: "71000"})
    pauses = PauseWishes()
    with watch_drive(lambda: device, 60, StillClock(), pauses, print, paths) as watch:
        assert soon(lambda: pauses.any)
        assert [sample.celsius for sample in watch.temperatures()] == [71]
    assert pauses.wishes == {PauseReason.HEAT: "the drive has 71 degrees Celsius, the limit is 60"}


def test_a_source_without_a_thermometer_makes_a_limit_a_warning(tmp_path: Path) -> None:
    told: list[str] = []
    with watch_drive(lambda: None, 60, StillClock(), PauseWishes(), told.append) as watch:
        assert watch.temperatures() == ()
        assert watch.ask(1.0) == ()
    assert told == [NO_TEMPERATURE]
    with watch_drive(lambda: None, None, StillClock(), PauseWishes(), told.append):
        pass
    assert told == [NO_TEMPERATURE]


def test_the_drive_is_asked_for_all_its_logs_and_for_no_test(tmp_path: Path, smartctl: Path) -> None:
    paths, device = system_with(tmp_path / "system", **{SENSOR: "30000"})
    with watch_drive(lambda: device, None, StillClock(), PauseWishes(), print, paths) as watch:
        (report,) = watch.ask(5.0)
    assert report.output == "--json=c -x -- /dev/sda\n"
    assert smartctl.exists()


def test_a_drive_that_took_the_place_of_ours_is_not_asked(tmp_path: Path, smartctl: Path) -> None:
    paths, device = system_with(tmp_path / "system", **{SENSOR: "30000"})
    with watch_drive(lambda: device, None, StillClock(), PauseWishes(), print, paths) as watch:
        (paths.sys / "devices" / FOLDER / "diskseq").write_text("6")
        assert watch.ask(5.0) == ()
    assert smartctl.exists()
