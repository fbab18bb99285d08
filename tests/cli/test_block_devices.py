"""Imaging real block devices: loop devices, healthy and faulty, as root."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from image.tools import find_tool
from tests.cli.conftest import Workstation
from tests.sim.block_devices import faulty_device, loop_device, mounted, needs_root, tool

pytestmark = [pytest.mark.root, needs_root]


@pytest.fixture
def device(source: Path) -> Iterator[str]:
    """A loop device over the source file."""
    with loop_device(source) as path:
        yield path


def test_a_device_is_imaged_with_its_write_protection_on_and_put_back(
    station: Workstation, device: str, source: Path
) -> None:
    answer = station.run_json("acquire", device, "--output", "JB1", "--no-second-opinion")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"] == station.run_json("hash", source)["digests"]
    assert tool("blockdev", "--getro", device).strip() == "0"
    protection = station.manifest()["job"]["protection"]
    assert (protection["flag_before"], protection["flag_during"], protection["flag_after"]) == (False, True, False)
    assert station.run_json("verify", "JB1.E01", "--source", device)["exit_code"] == 0


def test_an_image_of_another_source_fails_against_this_one(station: Workstation, device: str, source: Path) -> None:
    other = bytearray(source.read_bytes())
    other[5 * 512] ^= 1
    (station.folder / "other.img").write_bytes(other)
    station.run("acquire", "other.img", "--output", "JB1", "--no-verify")
    answer = station.run_json("verify", "JB1.E01", "--source", device)
    assert (answer["exit_code"], answer["verdict"]) == (6, "FAILED")
    assert 5 in {item["first_sector"] for item in answer["findings"]}


def test_devices_lists_it(station: Workstation, device: str) -> None:
    devices = station.run_json("devices")["devices"]
    [found] = [item for item in devices if item["path"] == device]
    assert (found["size"], found["logical_sector_size"], found["read_only"]) == (1024 * 1024, 512, False)


def test_a_file_that_is_mounted_is_refused_and_never_written_into(station: Workstation, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with disk.open("wb") as file:
        file.truncate(8 * 1024 * 1024)
    tool("mkfs.ext4", "-q", "-F", str(disk))
    with loop_device(disk) as name, mounted(name, tmp_path / "mounted") as folder:
        refused = station.run("acquire", disk, "--output", "JB1")
        assert (refused.exit_code, "in use" in refused.stderr) == (3, True)
        inside = station.run("acquire", disk, "--output", folder / "JB1", "--force-mounted")
        assert (inside.exit_code, "lies inside the source" in inside.stderr) == (4, True)
        assert {path.name for path in folder.iterdir()} == {"lost+found"}


def test_a_device_has_the_sectors_it_has(station: Workstation, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(1024 * 1024))
    with loop_device(disk) as name:
        refused = station.run("acquire", name, "--output", "JB1", "--sector-size", "4096")
        assert (refused.exit_code, "has sectors of 512 bytes" in refused.stderr) == (3, True)
        assert station.run("acquire", name, "--output", "JB1", "--sector-size", "512").exit_code == 0


def test_a_mounted_device_is_refused_unless_forced(station: Workstation, tmp_path: Path) -> None:
    if find_tool("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 is not installed: Debian package e2fsprogs")
    disk = tmp_path / "ext4.img"
    with disk.open("wb") as file:
        file.truncate(8 * 1024 * 1024)
    tool("mkfs.ext4", "-q", str(disk))
    with loop_device(disk) as name, mounted(name, tmp_path / "mounted") as folder:
        result = station.run("acquire", name, "--output", "JB1")
        assert result.exit_code == 3
        assert str(folder) in result.stderr
        assert station.run("acquire", name, "--output", folder / "JB1", "--force-mounted").exit_code == 4
        assert not list(station.folder.glob("JB1*"))
        forced = station.run_json("acquire", name, "--output", "JB1", "--force-mounted", "--no-verify")
    assert forced["exit_code"] == 0
    assert any("in use" in text for text in forced["warnings"])


def test_unreadable_sectors_are_told_everywhere_and_end_as_exit_5(
    station: Workstation, source: Path, tmp_path: Path
) -> None:
    bad = [{"first_sector": 100, "sector_count": 3}, {"first_sector": 2047, "sector_count": 1}]
    with faulty_device(source, tmp_path, bad=[[100, 3], [2047, 1]]) as device:
        answer = station.run_json("acquire", device.path, "--output", "JB1", "--retries", "0")
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (5, "PASSED", bad)
    data = bytearray(source.read_bytes())
    data[100 * 512 : 103 * 512] = bytes(3 * 512)
    data[2047 * 512 :] = bytes(512)
    (station.folder / "zeroed.img").write_bytes(data)
    assert answer["digests"] == station.run_json("hash", "zeroed.img")["digests"]
    assert station.run_json("info", "JB1.E01")["bad_sectors"] == bad
    assert "4 sectors could not be read" in station.run("verify", "JB1.E01").stdout
    assert "0x0000C800  0x00000600  -" in (station.folder / "JB1.map").read_text()


def test_hash_counts_unreadable_sectors_as_zeros_and_says_so(
    station: Workstation, source: Path, tmp_path: Path
) -> None:
    with faulty_device(source, tmp_path, bad=[[7, 1]]) as device:
        answer = station.run_json("hash", device.path, "--retries", "0")
        aborted = station.run_json("hash", device.path, "--retries", "0", "--on-error", "abort")
    assert (answer["exit_code"], answer["bad_sectors"]) == (5, [{"first_sector": 7, "sector_count": 1}])
    assert aborted["exit_code"] == 9


def test_an_abort_at_the_first_bad_sector_leaves_a_partial_image(
    station: Workstation, source: Path, tmp_path: Path
) -> None:
    with faulty_device(source, tmp_path, bad=[[100, 1]]) as device:
        answer = station.run_json(
            "acquire", device.path, "--output", "JB1", "--retries", "0", "--on-error", "abort"
        )
        assert tool("blockdev", "--getro", device.path).strip() == "0"
    assert (answer["exit_code"], answer["verdict"]) == (9, None)
    assert [item["state"] for item in answer["outputs"]] == ["partial"]
    assert "sector 100" in answer["stopped"]
    assert not (station.folder / "JB1.manifest.json").exists()
