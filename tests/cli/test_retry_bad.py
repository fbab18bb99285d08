"""`acquire --retry-bad`: the bad sectors of a finished image are tried again, and nothing else is read."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.cli.failing_drives import digest_without, stranger_to, two_folders
from tests.sim.block_devices import faulty_device, needs_root, numbered_image

SECTORS = 8192
BAD = [[0, 1], [3000, 40]]
STILL_BAD = [[3010, 5]]


@needs_root
@pytest.mark.parametrize("image_format", ["e01", "raw"])
def test_what_reads_now_is_in_a_new_version_and_the_earlier_one_stays(
    station: Workstation, tmp_path: Path, image_format: str
) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        first = station.run_json("acquire", device.path, "--output", "JB1", "--format", image_format)
        before = {path.name: path.read_bytes() for path in station.folder.iterdir()}
        device.set_rules(bad=STILL_BAD)
        image = next(iter(path for path in before if path in ("JB1.E01", "JB1.raw")))
        answer = station.run_json("acquire", device.path, "--retry-bad", image)
    assert first["exit_code"] == 5
    assert (answer["exit_code"], answer["verdict"]) == (5, "PASSED")
    assert answer["bad_sectors"] == [{"first_sector": 3010, "sector_count": 5}]
    assert answer["digests"]["sha256"] == digest_without(disk, STILL_BAD)
    after = {path.name: path.read_bytes() for path in station.folder.iterdir()}
    assert {name: after[name] for name in before} == before
    manifest = json.loads(after["JB1-2.manifest.json"])
    earlier = hashlib.sha256(before["JB1.manifest.json"]).hexdigest()
    told = [event["detail"] for event in manifest["read"]["events"] if event["kind"] == "earlier image"]
    assert [f"JB1.manifest.json, SHA-256 {earlier}" in text for text in told] == [True]
    assert manifest["job"]["parameters"]["format"] == image_format
    assert "JB1-2.rescue.raw" not in after


@needs_root
def test_another_drive_or_a_damaged_image_makes_no_new_version(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    other = stranger_to(disk)
    one, two = two_folders(tmp_path)
    with faulty_device(disk, one, bad=BAD) as device:
        station.run("acquire", device.path, "--output", "JB1", "--format", "raw")
        (station.folder / "JB1.raw").chmod(0o644)
        data = bytearray((station.folder / "JB1.raw").read_bytes())
        data[4_000_000] ^= 1
        (station.folder / "JB2.raw").write_bytes(data)
        (station.folder / "JB2.manifest.json").write_bytes(
            (station.folder / "JB1.manifest.json").read_bytes().replace(b"JB1.raw", b"JB2.raw")
        )
        assert station.run("acquire", device.path, "--retry-bad", "JB2.raw").exit_code == 7
    with faulty_device(other, two, bad=BAD) as device:
        assert station.run("acquire", device.path, "--retry-bad", "JB1.raw").exit_code == 3
    assert not list(station.folder.glob("JB?-*"))


def test_an_image_without_bad_sectors_needs_none_tried_again(station: Workstation, source: Path) -> None:
    station.run("acquire", source, "--output", "JB1", "--no-verify")
    assert station.run("acquire", source, "--retry-bad", "JB1.E01").exit_code == 2
    assert station.run("acquire", source, "--retry-bad", "JB9.E01").exit_code == 7
    assert station.run("acquire", source, "--retry-bad", "JB1.E01", "--resume").exit_code == 2


@needs_root
def test_a_person_vouches_for_a_drive_that_gives_none_of_its_sectors_again(
    station: Workstation, tmp_path: Path
) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        station.run("acquire", device.path, "--output", "JB1", "--format", "raw")
        device.set_rules(bad=[[1, 2999], [3040, SECTORS - 3040]])
        words = ("acquire", device.path, "--retry-bad", "JB1.raw")
        refused = station.run(*words)
        vouched = station.run_json(*words, "--same-device")
    assert (refused.exit_code, "Give --same-device if it is" in refused.stderr) == (3, True)
    assert (vouched["exit_code"], vouched["verdict"], vouched["bad_sectors"]) == (0, "PASSED", [])
    assert vouched["digests"]["sha256"] == hashlib.sha256(disk.read_bytes()).hexdigest()


@needs_root
def test_what_was_never_tried_is_tried_first(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        words = ("--output", "JB1", "--rescue", "--passes", "copy-forwards", "--format", "raw", "--no-verify")
        first = station.run_json("acquire", device.path, *words)
        device.set_rules(bad=STILL_BAD)
        answer = station.run_json("acquire", device.path, "--retry-bad", "JB1.raw", "--no-second-opinion")
    left = sum(item["sector_count"] for item in first["bad_sectors"])
    assert answer["bad_sectors"] == [{"first_sector": 3010, "sector_count": 5}]
    assert answer["digests"]["sha256"] == digest_without(disk, STILL_BAD)
    events = station.manifest("JB1-2")["read"]["events"]
    [told] = [event["detail"] for event in events if event["kind"] == "earlier image"]
    assert f"all its media but 0 bad sectors, which are tried again, and {left} sectors that were not tried" in told
    passes = [event["detail"].partition(":")[0] for event in events if event["kind"] == "rescue pass"]
    assert [name for name in passes if "copy" in name] == ["copy forwards"] * passes.count("copy forwards")
    assert passes[0] == "copy forwards"
    assert passes[-2:] == ["retry 2", "end of the passes"]


@needs_root
def test_nothing_is_copied_for_another_drive(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    other = stranger_to(disk)
    one, two = two_folders(tmp_path)
    with faulty_device(disk, one, bad=BAD) as device:
        station.run("acquire", device.path, "--output", "JB1", "--no-verify")
    with faulty_device(other, two, bad=BAD) as device:
        words = ("acquire", device.path, "--retry-bad", "JB1.E01", "--progress", "json")
        refused = station.run(*words)
    assert (refused.exit_code, "reads otherwise" in refused.stderr) == (3, True)
    assert '"stage":"copy"' not in refused.stderr.replace(" ", "")


@needs_root
def test_a_retry_that_is_refused_is_not_under_way_in_the_case(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    other = stranger_to(disk)
    one, two = two_folders(tmp_path)
    station.begin_case()
    words = ("--exhibit", "JB1", "--case", "matter", "--no-verify")
    with faulty_device(disk, one, bad=BAD) as device:
        assert station.run("acquire", device.path, *words).exit_code == 5
    [image] = station.folder.glob("matter/images/JB1/*.E01")
    with faulty_device(other, two, bad=BAD) as device:
        assert station.run("acquire", device.path, "--retry-bad", image, *words).exit_code == 3
    shown = station.run_json("exhibit", "show", "JB1", "--case", "matter")
    assert [item["state"] for item in shown["record"]["acquisitions"]] == ["complete", "stopped"]
