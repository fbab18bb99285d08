"""Devices as they are listed: from sysfs first, filled up by lsblk and smartctl."""

from pathlib import Path

import pytest

from acquire.device_tools import (
    LsblkRow,
    ask_lsblk,
    decode_lsblk,
    decode_smartctl,
    has_smart,
    identity_from_lsblk,
)
from acquire.devices import describe_device, list_devices
from acquire.identity import Identity
from acquire.sysfs import DeviceNumber
from tests.sim.block_devices import loop_device, needs_program, needs_root, numbered_image
from tests.sim.sysfs_tree import TreeDisk, TreePartition, build_system

SDA = TreeDisk(
    "pci0000:00/ata1/host0/target0:0:0/0:0:0:0/block/sda",
    "8:0",
    {
        "size": "1953525168",
        "ro": "1",
        "removable": "0",
        "diskseq": "7",
        "queue/logical_block_size": "512",
        "queue/physical_block_size": "4096",
        "queue/rotational": "1",
        "device/model": "ST1000DM003-1ER1",
        "uevent": "MAJOR=8\nDEVNAME=sda",
    },
    partitions=(TreePartition("sda1", "8:1", 2048, 204800),),
)
READER = TreeDisk("pci0000:00/usb1/1-1/host1/block/sdb", "8:16", {"size": "0", "removable": "1"})
HIDDEN = TreeDisk("virtual/nvme-subsystem/nvme0c0n1", "259:1", {"size": "100", "hidden": "1"})
LSBLK = """{"blockdevices": [{"kname": "sda", "tran": "sata", "serial": "WD-1", "rm": false, "log-sec": 512,
 "children": [{"kname": "sda1", "fstype": "ntfs", "serial": null}]}]}"""


def test_a_disk_is_described_with_its_partitions(tmp_path: Path) -> None:
    paths = build_system(tmp_path, [SDA], mountinfo="20 1 8:1 / /mnt ro - ntfs3 /dev/sda1 ro\n")
    (disk,) = list_devices(paths, ask_tools=False)
    assert (disk.path, disk.name, disk.number, disk.size_bytes) == (
        "/dev/sda",
        "sda",
        DeviceNumber(8, 0),
        1_000_204_886_016,
    )
    assert (disk.sector_size_bytes, disk.physical_sector_size_bytes) == (512, 4096)
    assert (disk.read_only, disk.removable, disk.rotational, disk.sequence) == (True, False, True, 7)
    assert (disk.identity.model, disk.identity.bus) == ("ST1000DM003-1ER1", "ata")
    assert disk.usage.mounted == ("sda1 mounted at /mnt",)
    (part,) = disk.partitions
    assert (part.path, part.partition_of, part.start_sector, part.size_bytes) == (
        "/dev/sda1",
        "/dev/sda",
        2048,
        204800 * 512,
    )
    assert part.identity == disk.identity


def test_a_partition_is_described_by_its_number(tmp_path: Path) -> None:
    paths = build_system(tmp_path, [SDA])
    part = describe_device(DeviceNumber(8, 1), paths, ask_tools=False)
    assert part is not None
    assert (part.name, part.partition_of, part.read_only) == ("sda1", "/dev/sda", False)
    assert describe_device(DeviceNumber(8, 99), paths, ask_tools=False) is None


def test_what_the_kernel_does_not_say_is_not_recorded(tmp_path: Path) -> None:
    paths = build_system(tmp_path, [TreeDisk("platform/block/fd0", "2:0")])
    (disk,) = list_devices(paths, ask_tools=False)
    assert disk.identity == Identity()
    assert (disk.size_bytes, disk.sector_size_bytes, disk.read_only, disk.rotational) == (0, None, None, None)


def test_an_empty_card_reader_is_listed_and_a_hidden_path_is_not(tmp_path: Path) -> None:
    paths = build_system(tmp_path, [READER, HIDDEN])
    assert [disk.name for disk in list_devices(paths, ask_tools=False)] == ["sdb"]


def test_a_machine_without_sysfs_has_no_devices(tmp_path: Path) -> None:
    paths = build_system(tmp_path, [])
    assert list_devices(paths, ask_tools=False) == ()


def test_lsblk_is_read_with_all_that_lies_on_a_disk() -> None:
    rows = decode_lsblk(LSBLK)
    assert rows["sda1"].fstype == "ntfs"
    assert identity_from_lsblk(rows["sda"]) == Identity(serial="WD-1", bus="sata")
    assert identity_from_lsblk(None) == Identity()


def test_a_name_that_lsblk_makes_up_is_no_world_wide_name() -> None:
    made_up = LsblkRow("nvme0n1", wwn="nvme.1b36-4e56-5145-00000001")
    assert identity_from_lsblk(made_up).wwn is None
    assert identity_from_lsblk(LsblkRow("sda", wwn="0x5000c500a1b2c3d4")).wwn == "0x5000c500a1b2c3d4"


@pytest.mark.parametrize("output", ["", "{}", "[]", '{"blockdevices": [{"kname": 1}]}', "{" * 100_000, "\ud800"])
def test_an_answer_of_another_shape_says_nothing(output: str) -> None:
    assert decode_lsblk(output) == {}
    assert decode_smartctl(output) == Identity()


def test_smartctl_names_an_ata_and_a_scsi_drive() -> None:
    ata = """{"model_name": "ST3500418AS", "serial_number": "9VM12345", "firmware_version": "CC38",
              "wwn": {"naa": 5, "oui": 3152, "id": 2712847316}}"""
    scsi = """{"scsi_model_name": "QEMU MYSCSI", "serial_number": "SCSI-42", "scsi_revision": "2.5+",
               "logical_unit_id": "0x5000c500deadbeef"}"""
    assert decode_smartctl(ata) == Identity("ST3500418AS", "9VM12345", "0x5000c500a1b2c3d4", "CC38")
    assert decode_smartctl(scsi) == Identity("QEMU MYSCSI", "SCSI-42", "0x5000c500deadbeef", "2.5+")


def test_smartctl_is_not_asked_where_no_drive_is() -> None:
    assert not has_smart("loop")
    assert has_smart("sata")
    assert has_smart(None)


@pytest.mark.root
@needs_root
@needs_program("lsblk")
def test_a_real_device_is_listed_with_what_lsblk_said_of_it(tmp_path: Path) -> None:
    with loop_device(numbered_image(tmp_path / "disk", 300)) as path:
        listed = {device.path: device for device in list_devices()}
        rows, report = ask_lsblk(path)
    assert listed[path].size_bytes == 300 * 512
    assert listed[path].reports[0].program == "lsblk"
    assert list(rows) == [Path(path).name]
    assert report is not None
    assert report.version.startswith("lsblk from util-linux")
