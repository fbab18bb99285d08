"""Who uses a block device now: mounts, swap and holders, of the device itself and of its partitions.

Documentation: proc(5), /proc/swaps; holders: Documentation/ABI/testing/sysfs-block.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from acquire.attached_loops import with_loops
from acquire.sysfs import (
    LIVE_SYSTEM,
    BlockNode,
    DeviceNumber,
    SystemPaths,
    find_node,
    find_node_by_name,
    name_under_dev,
    number_of_node,
    partitions_of,
    shown_path,
    underlying_disks,
)
from image.mounts import Mount, kernel_table, mount_above, read_mounts, unescaped


@dataclass(frozen=True, slots=True)
class Usage:
    """What uses a device, each as a device's kernel name with the use: `sda1 mounted at /mnt`."""

    mounted: tuple[str, ...] = ()
    swap: tuple[str, ...] = ()
    held: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every use, mounts first."""
        return self.mounted + self.swap + self.held

    @property
    def is_used(self) -> bool:
        """Whether anything uses the device."""
        return bool(self.all)


def find_usage(node: BlockNode, paths: SystemPaths = LIVE_SYSTEM) -> Usage:
    """What uses this device, a partition of it, or a loop device over either."""
    mounts, swaps = list_mounts(paths), _swap_names(paths)
    nodes = with_loops((node, *partitions_of(node)), paths)
    return Usage(
        mounted=tuple(
            f"{item.name} mounted at {shown_path(mount.mount_point)}"
            for item in nodes
            for mount in mounts
            if _number(mount) == item.number or _names(mount.source, item, paths)
        ),
        swap=tuple(f"{item.name} in use as swap" for item in nodes if item.name in swaps),
        held=tuple(
            f"{item.name} held by {_holder(name, paths)}" for item in nodes for name in item.linked_names("holders")
        ),
    )


def list_mounts(paths: SystemPaths = LIVE_SYSTEM) -> tuple[Mount, ...]:
    """Everything mounted where this process runs; what lies over another mount comes later."""
    return read_mounts(paths.proc / "self" / "mountinfo")


def shared_disks(path: Path, source: BlockNode, paths: SystemPaths = LIVE_SYSTEM) -> frozenset[DeviceNumber]:
    """The disks that hold both a path's file system and the source, through LVM, RAID and encryption too."""
    mount = mount_above(path, list_mounts(paths))
    if mount is None:
        return frozenset()
    holders = [find_node(_number(mount), paths), find_node_by_name(name_under_dev(mount.source), paths)]
    holders += _btrfs_devices(mount, paths)
    below = [underlying_disks(node, paths) for node in holders if node is not None]
    return frozenset().union(*below) & underlying_disks(source, paths)


def is_file_of_output(source: Path, output: Path) -> bool:
    """Whether a source file is, or by its name belongs to, the image `output` (given without extension)."""
    source, output = Path(os.path.realpath(source)), Path(os.path.realpath(output))
    return source.parent == output.parent and (
        source.name == output.name or source.name.startswith(output.name + ".")
    )


def _number(mount: Mount) -> DeviceNumber:
    """The number of the mounted device."""
    return DeviceNumber(mount.major, mount.minor)


def _names(mount_source: str, node: BlockNode, paths: SystemPaths) -> bool:
    """Whether a mount's source is this node: file systems over several devices hide the number."""
    if not mount_source.startswith("/dev/"):
        return False
    return name_under_dev(mount_source) == node.name or (
        paths == LIVE_SYSTEM and number_of_node(mount_source) == node.number
    )


def _btrfs_devices(mount: Mount, paths: SystemPaths) -> list[BlockNode | None]:
    """All devices of the btrfs that a mount belongs to; its mount names only one of them."""
    if mount.file_system != "btrfs":
        return []
    found: list[BlockNode | None] = []
    for folder in (paths.sys / "fs" / "btrfs").glob("*/devices"):
        names = [entry.name for entry in folder.iterdir()]
        if name_under_dev(mount.source) in names:
            found += [find_node_by_name(name, paths) for name in names]
    return found


def _swap_names(paths: SystemPaths) -> frozenset[str]:
    """The kernel names of the devices that are swap."""
    lines = kernel_table(paths.proc / "swaps")[1:]
    return frozenset(name_under_dev(unescaped(line.split()[0])) for line in lines if line.split())


def _holder(name: str, paths: SystemPaths) -> str:
    """A holder with what it is, where device-mapper or RAID tells: `dm-0 (vg-root, LVM)`."""
    node = find_node_by_name(name, paths)
    if node is None:
        return name
    kind = (node.text("dm/uuid") or "").partition("-")[0] or node.text("md/level")
    told = ", ".join(filter(None, (node.text("dm/name"), kind)))
    return f"{name} ({told})" if told else name
