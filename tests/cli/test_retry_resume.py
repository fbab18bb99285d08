"""`acquire --retry-bad` killed at any step goes on as a retry: the drive is never read anew."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.cli.failing_drives import digest_without
from tests.cli.killed_program import Moment, run_until_killed
from tests.sim.block_devices import FaultyDevice, faulty_device, needs_root, numbered_image

pytestmark = [pytest.mark.root, needs_root]
SECTORS = 24_576
BAD = [[0, 1], [3000, 40]]
STILL_BAD = [[3010, 5]]
STILL_BAD_RANGES = [{"first_sector": 3010, "sector_count": 5}]
MOMENTS = {
    "journals made": Moment("acquire.rescue_state", "create_rescue_file"),
    "first piece copied": Moment("acquire.rescue_seed", "Progress"),
    "some pieces copied": Moment("acquire.rescue_seed", "Progress", 1),
    "copied, no map": Moment("acquire.rescue_seed", "_story"),
    "map made": Moment("acquire.rescue_state", "journal_bytes"),
    "passes begin": Moment("workflow.rescue_exhibit", "rescue_image"),
}


def requested_sectors(log: Path) -> int:
    """How many sectors the device was asked for."""
    return sum(json.loads(line)[1] for line in log.read_text().splitlines())


def acquired(station: Workstation, device: FaultyDevice, log: Path) -> str:
    """Make the image whose bad sectors are tried again, heal the drive, and begin a log of its requests."""
    station.run("acquire", device.path, "--output", "JB1", "--no-verify")
    device.set_rules(bad=STILL_BAD, log=str(log))
    return hashlib.sha256((station.folder / "JB1.manifest.json").read_bytes()).hexdigest()


@pytest.mark.long
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_retry_goes_on_as_a_retry(station: Workstation, tmp_path: Path, moment: str) -> None:
    disk, log = numbered_image(tmp_path / "disk.img", SECTORS), tmp_path / "log"
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        earlier = acquired(station, device, log)
        run_until_killed(
            station, MOMENTS[moment], "acquire", device.path, "--retry-bad", "JB1.E01", "--no-second-opinion"
        )
        answer = station.run_json(
            "acquire", device.path, "--retry-bad", "JB1.E01", "--resume", "--no-second-opinion"
        )
    assert (answer["exit_code"], answer["bad_sectors"]) == (5, STILL_BAD_RANGES)
    assert answer["digests"]["sha256"] == digest_without(disk, STILL_BAD)
    assert requested_sectors(log) < SECTORS // 2
    named = station.manifest("JB1-2")["job"]["parameters"]["retry_of"]
    image = str(station.folder / "JB1.E01")
    assert named == {"image": image, "manifest": "JB1.manifest.json", "manifest_sha256": earlier}
    assert not (station.folder / "JB1-2.rescue.raw").exists()
    assert not (station.folder / "JB1-3.manifest.json").exists()


@pytest.mark.long
@pytest.mark.parametrize("moment", ["journals made", "some pieces copied", "copied, no map"])
def test_resume_alone_begins_the_copy_again(station: Workstation, tmp_path: Path, moment: str) -> None:
    disk, log = numbered_image(tmp_path / "disk.img", SECTORS), tmp_path / "log"
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        acquired(station, device, log)
        run_until_killed(station, MOMENTS[moment], "acquire", device.path, "--retry-bad", "JB1.E01")
        answer = station.run_json("acquire", device.path, "--output", "JB1-2", "--resume", "--no-second-opinion")
    assert (answer["exit_code"], answer["bad_sectors"]) == (5, STILL_BAD_RANGES)
    assert answer["digests"]["sha256"] == digest_without(disk, STILL_BAD)
    assert requested_sectors(log) < SECTORS // 2
    kinds = [event["kind"] for event in station.manifest("JB1-2")["read"]["events"]]
    assert [kind for kind in kinds if kind != "rescue pass"] == ["earlier image", "stopped", "resumed"]
    assert "JB1.manifest.json" in (station.folder / "JB1-2.txt").read_text()


@pytest.mark.long
def test_a_retry_whose_earlier_image_has_changed_is_not_gone_on_with(station: Workstation, tmp_path: Path) -> None:
    disk, log = numbered_image(tmp_path / "disk.img", SECTORS), tmp_path / "log"
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        acquired(station, device, log)
        run_until_killed(station, MOMENTS["some pieces copied"], "acquire", device.path, "--retry-bad", "JB1.E01")
        manifest = station.folder / "JB1.manifest.json"
        whole = manifest.read_bytes()
        manifest.chmod(0o644)
        manifest.write_bytes(whole.replace(b"EIO", b"EXO"))
        refused = station.run("acquire", device.path, "--output", "JB1-2", "--resume")
        assert (refused.exit_code, "is not the one that this job began with" in refused.stderr) == (7, True)
        assert station.run("acquire", device.path, "--retry-bad", "JB1.E01", "--resume").exit_code == 2
        manifest.write_bytes(whole)
        assert station.run("acquire", device.path, "--output", "JB1-2", "--resume").exit_code == 5


def test_a_finished_retry_is_not_made_twice_by_resume(station: Workstation, tmp_path: Path) -> None:
    disk, log = numbered_image(tmp_path / "disk.img", SECTORS), tmp_path / "log"
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        acquired(station, device, log)
        words = ("acquire", device.path, "--retry-bad", "JB1.E01", "--no-second-opinion")
        assert station.run(*words).exit_code == 5
        again = station.run(*words, "--resume")
    assert (again.exit_code, "nothing is left to read" in again.stderr) == (5, True)
    assert not list(station.folder.glob("JB1-3*"))
