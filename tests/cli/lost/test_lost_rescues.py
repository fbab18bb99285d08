"""Rescues of drives that die and come back, by the installed program."""

import signal
from pathlib import Path

import pytest

from image.badmap import BadSectorMap, SectorState
from image.mapfile import decode_mapfile
from tests.cli.conftest import Workstation, kinds_of_events
from tests.cli.failing_drives import digest_without, listed, stranger_to
from tests.cli.lost.lost_sources import DIES_AT, QUICK, Job, journal, start
from tests.sim.block_devices import (
    FaultyDevice,
    loop_device,
    needs_program,
    needs_root,
    tool,
)
from tests.sim.faulty_disk import sector_set

pytestmark = [pytest.mark.root, needs_root, needs_program("losetup", "blockdev", "fusermount3")]
BAD = [[100, 3], [12_000, 40]]
WAITING = ("--rescue", "--retries", "0", "--wait-for-device", "100")


def bad_sectors() -> set[int]:
    return {sector for first, count in BAD for sector in range(first, first + count)}


def map_of(station: Workstation) -> BadSectorMap:
    return decode_mapfile((station.folder / "JB1.map").read_text(), 512, "JB1.map")


def assert_map_tells_only_what_is_known(station: Workstation) -> None:
    """See that the map calls no sector bad that can be read, and none finished that cannot."""
    kept = map_of(station)
    assert sector_set(kept.bad_ranges()) <= bad_sectors()
    assert sector_set(kept.ranges(SectorState.FINISHED)).isdisjoint(bad_sectors())


@pytest.mark.long
@pytest.mark.parametrize("image_format", ["raw", "e01"])
@pytest.mark.parametrize("error", ["EIO", "ENODEV"])
def test_a_rescue_waits_for_a_drive_that_died_and_goes_on_in_the_same_job(
    station: Workstation, device: FaultyDevice, image: Path, error: str, image_format: str
) -> None:
    device.set_rules(bad=BAD, gone_at=DIES_AT, gone_errno=error)
    job = start(station, device, *WAITING, "--format", image_format)
    job.await_state("waiting for the source since")
    assert_map_tells_only_what_is_known(station)
    assert map_of(station).ranges(SectorState.NON_TRIED)
    device.set_rules(bad=BAD)
    answer = job.end()
    assert (answer["exit_code"], answer["verdict"]) == (5, "PASSED")
    assert answer["bad_sectors"] == listed(BAD)
    assert answer["digests"]["sha256"] == digest_without(image, BAD)
    manifest = station.manifest()
    assert kinds_of_events(manifest) == ["source lost", "source back"]
    protection = manifest["job"]["protection"]
    assert (protection["flag_before"], protection["flag_during"], protection["flag_after"]) == (False, True, False)


@pytest.mark.long
def test_a_rescued_drive_that_comes_back_under_another_name_is_known_by_its_sectors(
    station: Workstation, device: FaultyDevice, image: Path
) -> None:
    device.set_rules(gone_at=DIES_AT, gone_errno="EIO")
    job = start(station, device, *WAITING)
    job.await_state("waiting for the source since")
    with loop_device(image) as other:
        answer = job.end()
        assert tool("blockdev", "--getro", other) == "0"
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (0, "PASSED", [])
    manifest = station.manifest()
    [back] = [item["detail"] for item in manifest["read"]["events"] if item["kind"] == "source back"]
    assert back.startswith(f"as {other}; ")
    assert manifest["job"]["protection"]["flag_target"] == other
    assert tool("blockdev", "--getro", device.path) == "0"


@pytest.mark.long
def test_a_rescue_does_not_go_on_with_another_drive(
    station: Workstation, device: FaultyDevice, image: Path, tmp_path: Path
) -> None:
    stranger = stranger_to(image)
    device.set_rules(bad=BAD, gone_at=DIES_AT, gone_errno="EIO")
    job = start(station, device, "--rescue", "--retries", "0", "--wait-for-device", "8")
    job.await_state("waiting for the source since")
    with loop_device(stranger) as other:
        answer = job.end()
    assert answer["exit_code"] == 9
    assert "Waited for it for 8 s" in answer["stopped"]
    refused = [item["detail"] for item in journal(station)["read"]["events"] if item["kind"] == "source refused"]
    assert [text.startswith(f"{other} is another drive, or was changed: sector ") for text in refused] == [True]
    assert_map_tells_only_what_is_known(station)


@pytest.mark.long
def test_a_retry_of_bad_sectors_waits_for_its_drive(
    station: Workstation, device: FaultyDevice, image: Path
) -> None:
    device.set_rules(bad=BAD)
    assert station.run("acquire", device.path, "--output", "JB1", "--no-verify").exit_code == 5
    device.set_rules(gone_at=12_000, gone_errno="EIO")
    words = ("--retry-bad", "JB1.E01", "--wait-for-device", "100", *QUICK)
    job = Job(station.start("acquire", device.path, *words))
    job.await_state("waiting for the source since")
    device.set_rules()
    answer = job.end()
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (0, "PASSED", [])
    assert answer["digests"] == station.run_json("hash", image)["digests"]


def test_a_stop_ends_the_wait_of_a_rescue_which_can_be_gone_on_with(
    station: Workstation, device: FaultyDevice, image: Path
) -> None:
    device.set_rules(bad=BAD, gone_at=DIES_AT, gone_errno="ENODEV")
    job = start(station, device, *WAITING)
    job.await_state("waiting for the source since")
    job.process.send_signal(signal.SIGINT)
    answer = job.end()
    assert answer["exit_code"] == 9
    assert "stopped by the operator while the source was away" in answer["stopped"]
    assert kinds_of_events(journal(station)) == ["source lost", "stopped"]
    assert_map_tells_only_what_is_known(station)
    device.set_rules(bad=BAD)
    again = station.run_json("acquire", device.path, "--output", "JB1", "--resume", "--no-second-opinion")
    assert (again["exit_code"], again["digests"]["sha256"]) == (5, digest_without(image, BAD))
