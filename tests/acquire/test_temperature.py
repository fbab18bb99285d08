"""The temperature of the drive: who tells it, how many samples are kept, and the limit that pauses the reading."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import acquire.temperature
from acquire.pause_wishes import PauseReason, PauseWishes
from acquire.request import JobHooks
from acquire.sysfs import DeviceNumber, find_node
from acquire.temperature import (
    MAXIMUM_SAMPLES,
    SECONDS_BETWEEN_SAMPLES,
    SECONDS_BETWEEN_SAMPLES_CLOSE,
    SILENT_SAMPLES_TO_GO_ON,
    TemperatureWatch,
    celsius_in_answer,
    thermometer_of,
    thinned,
    watch_temperature,
)
from image.read_record import TemperatureSample
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.faulty_disk import FaultyDisk
from tests.sim.still_clock import NOON, StillClock
from tests.sim.sysfs_tree import TreeDisk, build_system


def watched(*degrees: int | None, limit: int | None = None) -> tuple[TemperatureWatch, PauseWishes]:
    """A watch that has looked so often and was told these temperatures."""
    left, pauses = list(degrees), PauseWishes()
    watch = TemperatureWatch(lambda: left.pop(0), StillClock(), pauses, limit)
    for _ in degrees:
        watch.look()
    return watch, pauses


@pytest.mark.parametrize(
    ("folder", "sensor"),
    [
        ("pci0000:00/ata1/host0/block/sda", "device/hwmon/hwmon3/temp1_input"),
        ("pci0000:00/nvme/nvme0/nvme0n1", "device/hwmon1/temp1_input"),
        ("virtual/nvme-subsystem/nvme-subsys0/nvme0n1", "device/nvme0/hwmon1/temp1_input"),
    ],
)
def test_the_kernels_own_sensor_is_asked_first(tmp_path: Path, folder: str, sensor: str) -> None:
    paths = build_system(tmp_path, [TreeDisk(folder, "8:0", {sensor: "41850"})])
    node = find_node(DeviceNumber(8, 0), paths)
    assert node
    thermometer = thermometer_of(node)
    assert thermometer
    assert thermometer() == 42
    (node.folder / sensor).write_text("garbage")
    assert thermometer() is None
    (node.folder / sensor).unlink()
    assert thermometer() is None


def test_a_loop_device_has_no_thermometer(tmp_path: Path) -> None:
    node = find_node(DeviceNumber(7, 0), build_system(tmp_path, [TreeDisk("virtual/block/loop0", "7:0")]))
    assert node
    assert thermometer_of(node) is None


def test_smartctl_is_asked_where_the_kernel_has_no_sensor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "smartctl"
    program.write_text('#!/bin/sh\n[ "$1 $2" = "--json=c -A" ] && echo \'{"temperature":{"current":38}}\'\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    paths = build_system(tmp_path / "system", [TreeDisk("pci0000:00/ata1/host0/block/sda", "8:0")])
    node = find_node(DeviceNumber(8, 0), paths)
    assert node
    thermometer = thermometer_of(node)
    assert thermometer
    assert thermometer() == 38


@pytest.mark.parametrize(
    ("output", "celsius"),
    [
        ('{"temperature":{"current":50}}', 50),
        ('{"temperature":{"current":0}}', None),
        ('{"temperature":{"current":-40}}', None),
        ('{"temperature":{"current":65535}}', None),
        ('{"temperature":{"current":"50"}}', None),
        ('{"temperature":[]}', None),
        ("{}", None),
        ("[" * 50_000, None),
        ("", None),
    ],
)
def test_only_a_plausible_temperature_is_taken_from_smartctl(output: str, celsius: int | None) -> None:
    assert celsius_in_answer(output) == celsius


def test_the_reading_pauses_above_the_limit_until_the_drive_is_five_degrees_cooler() -> None:
    expected = {55: False, 56: True, 54: True, 51: True, 50: False}
    for step in range(1, 6):
        degrees = [55, 56, 54, 51, 50][:step]
        _, pauses = watched(*degrees, limit=55)
        assert pauses.any is expected[degrees[-1]], degrees
    _, pauses = watched(56, limit=55)
    assert pauses.wishes == {PauseReason.HEAT: "the drive has 56 degrees Celsius, the limit is 55"}


def test_without_a_limit_heat_is_only_noted() -> None:
    watch, pauses = watched(90)
    assert not pauses.any
    assert watch.samples == (TemperatureSample(NOON, 90),)


def test_a_hot_drive_is_asked_more_often() -> None:
    assert watched(40, limit=55)[0].seconds_to_next == SECONDS_BETWEEN_SAMPLES
    assert watched(60, limit=55)[0].seconds_to_next == SECONDS_BETWEEN_SAMPLES_CLOSE


def test_a_drive_that_falls_silent_while_hot_does_not_hold_the_reading_for_ever() -> None:
    assert watched(60, *[None] * (SILENT_SAMPLES_TO_GO_ON - 1), limit=55)[1].any
    assert not watched(60, *[None] * SILENT_SAMPLES_TO_GO_ON, limit=55)[1].any


def test_a_drive_that_never_tells_its_temperature_is_asked_three_times() -> None:
    assert watched(None, None)[0].seconds_to_next is not None
    assert watched(None, None, None)[0].seconds_to_next is None
    assert watched(40, None, None, None)[0].seconds_to_next is not None


@given(st.lists(st.integers(1, 125), max_size=5000))
def test_samples_stay_few_and_the_hottest_is_among_them(degrees: list[int]) -> None:
    kept = thinned([TemperatureSample(NOON, celsius) for celsius in degrees])
    assert len(kept) <= MAXIMUM_SAMPLES
    assert max((sample.celsius for sample in kept), default=None) == max(degrees, default=None)


def test_a_thermometer_that_hangs_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acquire.temperature, "SECONDS_TO_END", 0.05)
    hung, asked = threading.Event(), threading.Event()

    def hang() -> int | None:
        asked.set()
        hung.wait(30)
        return None

    silence: list[str] = []
    watch = TemperatureWatch(hang, StillClock(), PauseWishes(), None)
    with watch_temperature(watch, lambda: silence.append("none")):
        assert asked.wait(10)
    assert watch.samples == ()
    hung.set()


def test_who_tells_nothing_is_given_up_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acquire.temperature, "SECONDS_BETWEEN_SAMPLES_CLOSE", 0.0)
    said = threading.Event()
    tell: Callable[[], None] = said.set
    with watch_temperature(TemperatureWatch(lambda: None, StillClock(), PauseWishes(), 55), tell):
        assert said.wait(10)


def test_temperatures_are_in_the_manifest(tmp_path: Path) -> None:
    options = Options(raw=True)
    samples = (TemperatureSample(NOON, 40), TemperatureSample(NOON, 41))
    options.hooks = JobHooks(options.hooks.clock, options.hooks.stop, temperatures=lambda: samples)
    assert acquire_disk(FaultyDisk(100), tmp_path / "JB1", options=options).manifest
    read = json.loads((tmp_path / "JB1.manifest.json").read_bytes())["read"]
    assert [sample["celsius"] for sample in read["temperatures"]] == [40, 41]
