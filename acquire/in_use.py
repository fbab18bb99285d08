"""Who uses a block device now: mounts, swap and holders, of the device itself and of its partitions.

Documentation: proc(5), /proc/pid/mountinfo and /proc/swaps; holders: Documentation/ABI/testing/sysfs-block.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from acquire.sysfs import (
    LIVE_SYSTEM,
    BlockNode,
    DeviceNumber,
    SystemPaths,
    find_node,
    find_node_by_name,
    number_of_node,
    partitions_of,
    shown_path,
    underlying_disks,
)

MAXIMUM_TABLE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of mountinfo: the number of the mounted device, where it is mounted, its type and its source."""

    number: DeviceNumber
    mount_point: str
    file_system: str
    source: str


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
    """What uses this device or a partition of it."""
    mounts, swaps = list_mounts(paths), _swap_names(paths)
    nodes = (node, *partitions_of(node))
    return Usage(
        mounted=tuple(
            f"{item.name} mounted at {shown_path(mount.mount_point)}"
            for item in nodes
            for mount in mounts
            if mount.number == item.number or _names(mount.source, item, paths)
        ),
        swap=tuple(f"{item.name} in use as swap" for item in nodes if item.name in swaps),
        held=tuple(
            f"{item.name} held by {_holder(name, paths)}" for item in nodes for name in item.linked_names("holders")
        ),
    )


def list_mounts(paths: SystemPaths = LIVE_SYSTEM) -> tuple[Mount, ...]:
    """Everything mounted where this process runs; what lies over another mount comes later."""
    lines = _table(paths.proc / "self" / "mountinfo")
    return tuple(mount for line in lines if (mount := decode_mount(line)) is not None)


def decode_mount(line: str) -> Mount | None:
    """One line of mountinfo, or None where it has another shape."""
    before, separator, behind = line.partition(" - ")
    fields, rest = before.split(" "), behind.split(" ")
    if not separator or len(fields) < 6 or len(rest) < 2 or not re.fullmatch(r"\d+:\d+", fields[2]):
        return None
    major, minor = fields[2].split(":")
    return Mount(DeviceNumber(int(major), int(minor)), _unescaped(fields[4]), rest[0], _unescaped(rest[1]))


def mount_of(path: Path, paths: SystemPaths = LIVE_SYSTEM) -> Mount | None:
    """The mount that a path lies on, or None; the path itself need not exist."""
    resolved = os.path.realpath(path)
    over = [mount for mount in list_mounts(paths) if _lies_in(resolved, mount.mount_point)]
    return max(reversed(over), key=lambda mount: len(mount.mount_point), default=None)


def shared_disks(path: Path, source: BlockNode, paths: SystemPaths = LIVE_SYSTEM) -> frozenset[DeviceNumber]:
    """The disks that hold both a path's file system and the source, through LVM, RAID and encryption too."""
    mount = mount_of(path, paths)
    if mount is None:
        return frozenset()
    holders = [find_node(mount.number, paths), find_node_by_name(_source_name(mount.source), paths)]
    holders += _btrfs_devices(mount, paths)
    below = [underlying_disks(node, paths) for node in holders if node is not None]
    return frozenset().union(*below) & underlying_disks(source, paths)


def is_file_of_output(source: Path, output: Path) -> bool:
    """Whether a source file is, or by its name belongs to, the image `output` (given without extension)."""
    source, output = Path(os.path.realpath(source)), Path(os.path.realpath(output))
    return source.parent == output.parent and (
        source.name == output.name or source.name.startswith(output.name + ".")
    )


def _names(mount_source: str, node: BlockNode, paths: SystemPaths) -> bool:
    """Whether a mount's source is this node: file systems over several devices hide the number."""
    if not mount_source.startswith("/dev/"):
        return False
    return _source_name(mount_source) == node.name or (
        paths == LIVE_SYSTEM and number_of_node(mount_source) == node.number
    )


def _source_name(mount_source: str) -> str:
    """The kernel name that a path under /dev stands for."""
    return os.path.realpath(mount_source).removeprefix("/dev/").replace("/", "!")


def _btrfs_devices(mount: Mount, paths: SystemPaths) -> list[BlockNode | None]:
    """All devices of the btrfs that a mount belongs to; its mount names only one of them."""
    if mount.file_system != "btrfs":
        return []
    found: list[BlockNode | None] = []
    for folder in (paths.sys / "fs" / "btrfs").glob("*/devices"):
        names = [entry.name for entry in folder.iterdir()]
        if _source_name(mount.source) in names:
            found += [find_node_by_name(name, paths) for name in names]
    return found


def _swap_names(paths: SystemPaths) -> frozenset[str]:
    """The kernel names of the devices that are swap."""
    lines = _table(paths.proc / "swaps")[1:]
    return frozenset(_source_name(_unescaped(line.split()[0])) for line in lines if line.split())


def _holder(name: str, paths: SystemPaths) -> str:
    """A holder with what it is, where device-mapper or RAID tells: `dm-0 (vg-root, LVM)`."""
    node = find_node_by_name(name, paths)
    if node is None:
        return name
    kind = (node.text("dm/uuid") or "").partition("-")[0] or node.text("md/level")
    told = ", ".join(filter(None, (node.text("dm/name"), kind)))
    return f"{name} ({told})" if told else name


def _lies_in(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return folder == "/" or path == folder or path.startswith(folder.rstrip("/") + "/")


def _table(path: Path) -> list[str]:
    """The lines of a table of the kernel, bounded; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAXIMUM_TABLE_BYTES).decode("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []


def _unescaped(field: str) -> str:
    """A field of mountinfo or swaps with its octal escapes (blank, tab, newline, backslash) undone."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)
