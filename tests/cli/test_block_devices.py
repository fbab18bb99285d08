"""Imaging real block devices: loop devices, as root."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from image.tools import find_tool
from tests.cli.conftest import Workstation

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(os.geteuid() != 0, reason="attaching a loop device needs root"),
    pytest.mark.skipif(find_tool("losetup") is None, reason="losetup is not installed: Debian package mount"),
]


def _system(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def device(source: Path) -> Iterator[str]:
    """A loop device over the source file."""
    name = _system("losetup", "--find", "--show", str(source))
    try:
        yield name
    finally:
        _system("blockdev", "--setrw", name)
        _system("losetup", "--detach", name)


def test_a_device_is_imaged_with_its_write_protection_on_and_put_back(
    station: Workstation, device: str, source: Path
) -> None:
    answer = station.run_json("acquire", device, "--output", "JB1", "--no-second-opinion")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"] == station.run_json("hash", source)["digests"]
    assert _system("blockdev", "--getro", device) == "0"
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


def test_a_mounted_device_is_refused_unless_forced(station: Workstation, tmp_path: Path) -> None:
    if find_tool("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 is not installed: Debian package e2fsprogs")
    disk, mount = tmp_path / "ext4.img", tmp_path / "mounted"
    with disk.open("wb") as file:
        file.truncate(8 * 1024 * 1024)
    mount.mkdir()
    _system("mkfs.ext4", "-q", str(disk))
    name = _system("losetup", "--find", "--show", str(disk))
    try:
        _system("mount", name, str(mount))
        result = station.run("acquire", name, "--output", "JB1")
        assert result.exit_code == 3
        assert str(mount) in result.stderr
        assert station.run("acquire", name, "--output", mount / "JB1", "--force-mounted").exit_code == 4
        assert not list(station.folder.glob("JB1*"))
        forced = station.run_json("acquire", name, "--output", "JB1", "--force-mounted", "--no-verify")
        assert forced["exit_code"] == 0
        assert any("in use" in text for text in forced["warnings"])
    finally:
        subprocess.run(["umount", str(mount)], check=False)
        _system("losetup", "--detach", name)
