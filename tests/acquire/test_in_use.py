"""Who uses a disk: mounts, swap and holders, on the disk and on its partitions."""

from pathlib import Path

import pytest

from acquire.in_use import (
    Usage,
    find_usage,
    is_file_of_output,
    list_mounts,
    shared_disks,
)
from acquire.sysfs import (
    BlockNode,
    DeviceNumber,
    SystemPaths,
    disk_of,
    find_node,
    find_node_by_name,
    list_disks,
    partitions_of,
    underlying_disks,
)
from image.mounts import mount_above
from tests.sim.sysfs_tree import TreeDisk, TreePartition, build_system

SDA = TreeDisk(
    "ata1/host0/block/sda",
    "8:0",
    {"size": "100000"},
    partitions=(
        TreePartition("sda1", "8:1", 2048, 4096),
        TreePartition("sda2", "8:2", 8192, 4096, holders=("dm-0",)),
        TreePartition("sda10", "8:10", 16384, 4096),
    ),
)
SDB = TreeDisk(
    "ata2/host1/block/sdb", "8:16", {"size": "100000"}, partitions=(TreePartition("sdb1", "8:17", 1, 9),)
)
DM0 = TreeDisk(
    "virtual/block/dm-0", "253:0", {"size": "4096", "dm/name": "vg-root", "dm/uuid": "LVM-abc"}, slaves=("sda2",)
)
DISKS = (SDA, SDB, DM0)


def node(name: str, paths: SystemPaths) -> BlockNode:
    """A node that is there."""
    found = find_node_by_name(name, paths)
    assert found is not None
    return found


def test_a_disk_is_used_by_what_uses_its_partitions(tmp_path: Path) -> None:
    mountinfo = (
        "20 1 8:1 / /boot rw,relatime - ext4 /dev/sda1 rw\n"
        "21 1 253:0 / / rw shared:1 - ext4 /dev/mapper/vg-root rw\n"
    )
    paths = build_system(
        tmp_path, DISKS, mountinfo=mountinfo, swaps="/dev/sda10                partition 100 0 -2\n"
    )
    assert find_usage(node("sda", paths), paths) == Usage(
        mounted=("sda1 mounted at /boot",),
        swap=("sda10 in use as swap",),
        held=("sda2 held by dm-0 (vg-root, LVM)",),
    )
    assert find_usage(node("sdb", paths), paths) == Usage()
    assert not find_usage(node("sdb", paths), paths).is_used


def test_a_partition_is_not_used_by_its_neighbours(tmp_path: Path) -> None:
    mountinfo = "20 1 8:1 / /boot rw - ext4 /dev/sda1 rw\n"
    paths = build_system(tmp_path, DISKS, mountinfo=mountinfo)
    assert not find_usage(node("sda10", paths), paths).is_used
    assert find_usage(node("sda1", paths), paths).mounted == ("sda1 mounted at /boot",)


def test_a_disk_is_used_by_the_loop_devices_that_show_it(tmp_path: Path) -> None:
    loops = (
        TreeDisk("virtual/block/loop0", "7:0", {"loop/backing_file": "/dev/sdb1"}),
        TreeDisk("virtual/block/loop1", "7:1", {"loop/backing_file": "/dev/loop0"}),
        TreeDisk("virtual/block/loop2", "7:2", {"loop/backing_file": "/home/a/sdb1"}),
    )
    mountinfo = "20 1 7:1 / /data rw - ext4 /dev/loop1 rw\n21 1 7:2 / /other rw - ext4 /dev/loop2 rw\n"
    paths = build_system(tmp_path, (*DISKS, *loops), mountinfo=mountinfo)
    assert find_usage(node("sdb", paths), paths).mounted == ("loop1 mounted at /data",)
    assert find_usage(node("sda", paths), paths).mounted == ()
    assert shared_disks(Path("/data/out"), node("sdb", paths), paths) == {DeviceNumber(8, 16)}
    assert shared_disks(Path("/other/out"), node("sdb", paths), paths) == frozenset()


def test_loop_devices_that_claim_to_show_each_other_end_the_search(tmp_path: Path) -> None:
    loops = (
        TreeDisk("virtual/block/loop0", "7:0", {"loop/backing_file": "/dev/loop1"}),
        TreeDisk("virtual/block/loop1", "7:1", {"loop/backing_file": "/dev/loop0"}),
    )
    paths = build_system(tmp_path, loops)
    assert not find_usage(node("loop0", paths), paths).is_used
    assert underlying_disks(node("loop0", paths), paths) == frozenset()


def test_a_mount_that_hides_its_number_is_known_by_its_source(tmp_path: Path) -> None:
    mountinfo = "20 1 0:45 / /data rw - btrfs /dev/sdb1 rw\n"
    paths = build_system(tmp_path, DISKS, mountinfo=mountinfo)
    assert find_usage(node("sdb", paths), paths).mounted == ("sdb1 mounted at /data",)


def test_a_mount_point_that_is_no_text_is_shown_with_escapes(tmp_path: Path) -> None:
    paths = build_system(tmp_path, DISKS)
    (paths.proc / "self" / "mountinfo").write_bytes(b"20 1 8:17 / /mnt/\xff rw - ext4 /dev/sdb1 rw\n")
    assert find_usage(node("sdb", paths), paths).mounted == ("sdb1 mounted at /mnt/\\xff",)


def test_the_nearest_mount_holds_a_path_and_a_later_one_lies_over_an_earlier(tmp_path: Path) -> None:
    mountinfo = (
        "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "21 20 8:16 / /nowhere/cases rw - ext4 /dev/sdb rw\n"
        "22 21 8:17 / /nowhere/cases rw - xfs /dev/sdb1 rw\n"
    )
    paths = build_system(tmp_path, DISKS, mountinfo=mountinfo)
    found = [
        mount_above(Path(path), list_mounts(paths))
        for path in ("/nowhere/cases/1/image", "/nowhere/casesX", "/nowhere/cases")
    ]
    assert [(mount.major, mount.minor) if mount else None for mount in found] == [(8, 17), (8, 1), (8, 17)]


def test_a_destination_on_a_volume_lies_on_the_disks_below_it(tmp_path: Path) -> None:
    paths = build_system(tmp_path, DISKS, mountinfo="21 1 253:0 / / rw - ext4 /dev/mapper/vg-root rw\n")
    destination = Path("/nowhere/out")
    assert shared_disks(destination, node("sda1", paths), paths) == {DeviceNumber(8, 0)}
    assert shared_disks(destination, node("dm-0", paths), paths) == {DeviceNumber(8, 0)}
    assert shared_disks(destination, node("sdb", paths), paths) == frozenset()


def test_a_destination_on_btrfs_lies_on_all_its_devices(tmp_path: Path) -> None:
    paths = build_system(tmp_path, DISKS, mountinfo="21 1 0:40 / / rw - btrfs /dev/sdb1 rw\n")
    for name in ("sdb1", "sda10"):
        (paths.sys / "fs/btrfs/some-uuid/devices" / name).mkdir(parents=True)
    assert shared_disks(Path("/nowhere/out"), node("sda", paths), paths) == {DeviceNumber(8, 0)}


def test_disks_and_partitions_find_each_other(tmp_path: Path) -> None:
    paths = build_system(tmp_path, DISKS)
    disk = node("sda", paths)
    assert [part.name for part in partitions_of(disk)] == ["sda1", "sda2", "sda10"]
    assert disk_of(node("sda10", paths)) == disk
    assert disk_of(disk) == disk
    assert [item.name for item in list_disks(paths)] == ["dm-0", "sda", "sdb"]
    assert underlying_disks(node("dm-0", paths), paths) == {DeviceNumber(8, 0)}
    assert find_node(DeviceNumber(1, 1), paths) is None


@pytest.mark.parametrize("name", ["", ".", "..", "../../etc", "sd/a"])
def test_a_name_that_is_no_kernel_name_finds_nothing(tmp_path: Path, name: str) -> None:
    assert find_node_by_name(name, build_system(tmp_path, DISKS)) is None


@pytest.mark.parametrize(
    ("source", "output", "belongs"),
    [
        ("JB1.raw", "JB1", True),
        ("JB1.E01", "JB1", True),
        ("JB1", "JB1", True),
        ("JB10.raw", "JB1", False),
        ("other/JB1.raw", "JB1", False),
        ("disk.img", "JB1", False),
    ],
)
def test_a_source_file_that_belongs_to_the_image_to_be_made_is_told(
    tmp_path: Path, source: str, output: str, belongs: bool
) -> None:
    assert is_file_of_output(tmp_path / source, tmp_path / output) is belongs
