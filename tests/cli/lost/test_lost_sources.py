"""Drives that die, vanish, hang and come back while the installed program images them."""

import signal
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation, kinds_of_events
from tests.cli.failing_drives import stranger_to
from tests.cli.lost.lost_sources import DIES_AT, QUICK, SECTORS, Job, journal, start
from tests.sim.block_devices import (
    FaultyDevice,
    loop_device,
    needs_program,
    needs_root,
    tool,
)

pytestmark = [pytest.mark.root, needs_root, needs_program("losetup", "blockdev", "fusermount3")]


@pytest.mark.parametrize("error", ["EIO", "ENODEV", "ETIMEDOUT"])
def test_a_drive_that_dies_is_exit_9_and_leaves_no_sector_called_bad(
    station: Workstation, device: FaultyDevice, error: str
) -> None:
    device.set_rules(gone_at=DIES_AT, gone_errno=error)
    begun = time.monotonic()
    answer = start(station, device, "--retries", "0").end()
    assert (answer["exit_code"], answer["verdict"]) == (9, None)
    assert "the source is gone" in answer["stopped"]
    assert time.monotonic() - begun < 30
    left = journal(station)
    assert left["read"]["unreadable"] == []
    assert 0 < left["watermark"]["next_sector"] <= DIES_AT
    assert not (station.folder / "JB1.manifest.json").exists()
    assert tool("blockdev", "--getro", device.path) == "0"


def test_a_drive_that_dies_within_damage_keeps_the_damage_that_was_proved(
    station: Workstation, device: FaultyDevice
) -> None:
    device.set_rules(bad=[[100, 3]], gone_at=DIES_AT, gone_errno="EIO")
    assert start(station, device, "--retries", "0").end()["exit_code"] == 9
    assert journal(station)["read"]["unreadable"] == [{"first_sector": 100, "sector_count": 3}]


@pytest.mark.long
@pytest.mark.parametrize("error", ["EIO", "ENODEV"])
def test_a_drive_that_comes_back_is_read_on_in_the_same_job(
    station: Workstation, device: FaultyDevice, image: Path, error: str
) -> None:
    device.set_rules(gone_at=DIES_AT, gone_errno=error)
    job = start(station, device, "--wait-for-device", "100")
    job.await_state("waiting for the source since")
    assert journal(station)["state"] == "running"
    device.set_rules()
    answer = job.end()
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (0, "PASSED", [])
    assert answer["digests"] == station.run_json("hash", image)["digests"]
    manifest = station.manifest()
    assert kinds_of_events(manifest) == ["source lost", "source back"]
    assert manifest["job"]["parameters"]["wait_for_device_seconds"] == 100
    protection = manifest["job"]["protection"]
    assert (protection["flag_before"], protection["flag_during"], protection["flag_after"]) == (False, True, False)
    assert "source back" in (station.folder / "JB1.txt").read_text()


@pytest.mark.long
def test_a_drive_that_comes_back_under_another_name_is_known_by_its_sectors(
    station: Workstation, device: FaultyDevice, image: Path
) -> None:
    device.set_rules(gone_at=DIES_AT, gone_errno="EIO")
    job = start(station, device, "--wait-for-device", "100")
    job.await_state("waiting for the source since")
    with loop_device(image) as other:
        answer = job.end()
        assert tool("blockdev", "--getro", other) == "0"
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    manifest = station.manifest()
    [back] = [item["detail"] for item in manifest["read"]["events"] if item["kind"] == "source back"]
    assert back.startswith(f"as {other}; ")
    assert tool("blockdev", "--getro", device.path) == "0"
    assert manifest["job"]["protection"]["flag_target"] == other
    assert manifest["job"]["protection"]["flag_during"] is True


@pytest.mark.long
def test_another_drive_of_the_same_size_is_refused(
    station: Workstation, device: FaultyDevice, image: Path, tmp_path: Path
) -> None:
    stranger = stranger_to(image)
    device.set_rules(gone_at=DIES_AT, gone_errno="EIO")
    job = start(station, device, "--wait-for-device", "8")
    job.await_state("waiting for the source since")
    with loop_device(stranger) as other:
        answer = job.end()
    assert answer["exit_code"] == 9
    assert "Waited for it for 8 s" in answer["stopped"]
    [refused] = [item["detail"] for item in journal(station)["read"]["events"] if item["kind"] == "source refused"]
    assert refused.startswith(f"{other} is another drive, or was changed: sector ")


def test_a_stop_ends_the_wait(station: Workstation, device: FaultyDevice) -> None:
    device.set_rules(gone_at=DIES_AT, gone_errno="ENODEV")
    job = start(station, device, "--wait-for-device", "1000")
    job.await_state("waiting for the source since")
    job.process.send_signal(signal.SIGINT)
    answer = job.end()
    assert answer["exit_code"] == 9
    assert "stopped by the operator while the source was away" in answer["stopped"]
    assert kinds_of_events(journal(station)) == ["source lost", "stopped"]


@pytest.mark.long
def test_a_drive_that_is_pulled_out_and_put_back_is_read_on(
    station: Workstation, device: FaultyDevice, image: Path
) -> None:
    device.set_rules(slow=[[DIES_AT, 1, 12]])
    job = start(station, device, "--wait-for-device", "100")
    job.await_state("no answer since")
    device.pull_out()
    job.await_state("waiting for the source since")
    device.put_back()
    answer = job.end()
    assert (answer["exit_code"], answer["bad_sectors"]) == (0, [])
    assert answer["digests"] == station.run_json("hash", image)["digests"]


@pytest.mark.long
def test_a_hanging_drive_is_told_and_a_stop_waits_for_it(station: Workstation, device: FaultyDevice) -> None:
    device.set_rules(slow=[[DIES_AT, 1, 12]])
    job = start(station, device)
    progress = job.await_state("no answer since ")
    assert 0 < progress["bytes_done"] <= DIES_AT * 512
    job.process.send_signal(signal.SIGINT)
    job.await_state("stops when the drive answers")
    answer = job.end()
    assert answer["exit_code"] == 9
    assert "stopped by the operator" in answer["stopped"]


@pytest.mark.long
def test_a_slow_drive_is_said_to_be_read(station: Workstation, device: FaultyDevice, image: Path) -> None:
    device.set_rules(slow=[[0, SECTORS, 0.4]])
    job = start(station, device)
    assert job.await_state("reading")["bytes_total"] == SECTORS * 512
    assert job.await_state("reading")["bytes_done"] > 0
    device.set_rules()
    answer = job.end()
    assert (answer["exit_code"], answer["bad_sectors"]) == (0, [])
    assert answer["digests"] == station.run_json("hash", image)["digests"]


@pytest.mark.long
@pytest.mark.parametrize("error", ["EIO", "ENODEV"])
def test_what_a_dead_drive_left_is_finished_when_it_is_back_under_another_name(
    station: Workstation, device: FaultyDevice, image: Path, error: str
) -> None:
    device.set_rules(gone_at=DIES_AT, gone_errno=error)
    assert start(station, device, "--retries", "0").end()["exit_code"] == 9
    with loop_device(image) as other:
        words = ("acquire", other, "--output", "JB1", "--retries", "0", "--resume", *QUICK)
        answer = Job(station.start(*words)).end()
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (0, "PASSED", [])
    assert answer["digests"] == station.run_json("hash", image)["digests"]


@pytest.mark.long
def test_a_file_that_cannot_be_reached_for_a_while_is_waited_for_as_well(
    station: Workstation, device: FaultyDevice, image: Path
) -> None:
    device.set_rules(gone_at=DIES_AT)
    file = device.rules_file.parent / "fuse" / "disk"
    words = ("acquire", file, "--output", "JB1", "--wait-for-device", "100", *QUICK)
    job = Job(station.start(*words))
    job.await_state("waiting for the source since")
    device.set_rules()
    answer = job.end()
    assert (answer["exit_code"], answer["bad_sectors"]) == (0, [])
    assert answer["digests"] == station.run_json("hash", image)["digests"]
