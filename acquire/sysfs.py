"""Block devices as the kernel's sysfs shows them: nodes, attributes, partitions, holders.

Documentation: Linux kernel, Documentation/ABI/stable/sysfs-block and admin-guide/sysfs-rules. Every attribute
may be absent or unreadable; then it is None. Contents come from the device and are hostile: reads are bounded.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

MAXIMUM_ATTRIBUTE_BYTES = 4096
MAXIMUM_PAGE_BYTES = 65_540
KERNEL_SECTOR_SIZE_BYTES = 512
"""The unit of `size`, `start` and `stat` in sysfs, whatever the device's own sector size."""


@dataclass(frozen=True, slots=True)
class SystemPaths:
    """Where the kernel's own file systems are mounted; tests bring recorded ones."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    dev: Path = Path("/dev")
    run: Path = Path("/run")


LIVE_SYSTEM = SystemPaths()


@dataclass(frozen=True, order=True, slots=True)
class DeviceNumber:
    """The number of a device node, as `major:minor`."""

    major: int
    minor: int

    def __str__(self) -> str:
        """The form sysfs and mountinfo use: `8:0`."""
        return f"{self.major}:{self.minor}"


@dataclass(frozen=True, slots=True)
class BlockNode:
    """One block device in sysfs: its kernel name, its number and its real folder."""

    name: str
    number: DeviceNumber
    folder: Path

    def raw(self, attribute: str, maximum_bytes: int = MAXIMUM_ATTRIBUTE_BYTES) -> bytes | None:
        """The bytes of an attribute, at most so many, or None."""
        try:
            with (self.folder / attribute).open("rb") as file:
                return file.read(maximum_bytes)
        except OSError:
            return None

    def text(self, attribute: str) -> str | None:
        """An attribute without the blanks and zero bytes around it, or None where there is nothing."""
        raw = self.raw(attribute)
        return clean_text(raw) if raw is not None else None

    def integer(self, attribute: str) -> int | None:
        """An attribute that is a decimal number, or None."""
        text = self.text(attribute)
        return int(text) if text is not None and text.isascii() and text.isdigit() else None

    def flag(self, attribute: str) -> bool | None:
        """An attribute that is 0 or 1, or None."""
        number = self.integer(attribute)
        return bool(number) if number in (0, 1) else None

    def linked_names(self, folder: str) -> tuple[str, ...]:
        """The names in a folder of links, such as `holders` and `slaves`, in order."""
        try:
            return tuple(sorted(entry.name for entry in (self.folder / folder).iterdir()))
        except OSError:
            return ()

    @property
    def is_partition(self) -> bool:
        """Whether the node is a partition of a disk."""
        return (self.folder / "partition").exists()

    @property
    def device_path(self) -> str:
        """The node's path under /dev, as the kernel names it."""
        for line in (self.text("uevent") or "").splitlines():
            if line.startswith("DEVNAME="):
                return "/dev/" + line.removeprefix("DEVNAME=")
        return "/dev/" + self.name.replace("!", "/")


def clean_text(raw: bytes) -> str | None:
    """Bytes from a device as text: blanks and zero bytes at the ends gone, other bytes visible; empty is None."""
    return raw.strip(b"\0 \t\r\n").decode("utf-8", errors="backslashreplace") or None


def shown_path(path: str) -> str:
    """A path as text that can be stored: bytes that are no characters become visible escapes."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def number_of_node(path: str) -> DeviceNumber | None:
    """The number of a block device node, or None where the path is not one."""
    try:
        facts = Path(path).stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISBLK(facts.st_mode):
        return None
    return DeviceNumber(os.major(facts.st_rdev), os.minor(facts.st_rdev))


def find_node(number: DeviceNumber, paths: SystemPaths = LIVE_SYSTEM) -> BlockNode | None:
    """The block device of this number, or None where the kernel knows none."""
    return _node_in(paths.sys / "dev" / "block" / str(number))


def find_node_by_name(name: str, paths: SystemPaths = LIVE_SYSTEM) -> BlockNode | None:
    """The block device of this kernel name, such as `sda1`, or None."""
    if not name or "/" in name or name in (".", ".."):
        return None
    return _node_in(paths.sys / "class" / "block" / name)


def node_of_path(path: str, paths: SystemPaths = LIVE_SYSTEM) -> BlockNode | None:
    """The block device that a path stands for, or None where it stands for none."""
    number = number_of_node(path) if paths == LIVE_SYSTEM else None
    if number is not None:
        return find_node(number, paths)
    return find_node_by_name(name_under_dev(path), paths) if path.startswith("/dev/") else None


def name_under_dev(path: str) -> str:
    """The kernel name that a path under /dev stands for."""
    return os.path.realpath(path).removeprefix("/dev/").replace("/", "!")


def list_disks(paths: SystemPaths = LIVE_SYSTEM) -> tuple[BlockNode, ...]:
    """Every whole disk that sysfs shows, those without a medium too; a path hidden behind another is left out."""
    try:
        entries = sorted((paths.sys / "block").iterdir())
    except OSError:
        return ()
    nodes = [node for entry in entries if (node := _node_in(entry)) is not None]
    return tuple(node for node in nodes if not node.flag("hidden"))


def partitions_of(disk: BlockNode) -> tuple[BlockNode, ...]:
    """The partitions of a disk, in the order of their numbers."""
    try:
        folders = [entry for entry in disk.folder.iterdir() if (entry / "partition").is_file()]
    except OSError:
        return ()
    nodes = [node for folder in folders if (node := _node_in(folder)) is not None]
    return tuple(sorted(nodes, key=lambda node: node.integer("partition") or 0))


def disk_of(node: BlockNode) -> BlockNode:
    """The whole disk that a partition is on; a whole disk is its own."""
    return (_node_in(node.folder.parent) if node.is_partition else None) or node


def underlying_disks(node: BlockNode, paths: SystemPaths = LIVE_SYSTEM) -> frozenset[DeviceNumber]:
    """The disks that hold a device's bytes in the end, through partitions, LVM, RAID, encryption, loops."""
    found: set[DeviceNumber] = set()
    waiting, seen = [node], set[DeviceNumber]()
    while waiting:
        current = disk_of(waiting.pop())
        if current.number in seen:
            continue
        seen.add(current.number)
        below = [find_node_by_name(name, paths) for name in current.linked_names("slaves")]
        below.append(device_behind(current, paths))
        waiting += [lower for lower in below if lower is not None]
        if not any(below):
            found.add(current.number)
    return frozenset(found)


def device_behind(loop: BlockNode, paths: SystemPaths = LIVE_SYSTEM) -> BlockNode | None:
    """The block device that a loop device shows; None where it shows a file, or is no loop device."""
    path = loop.text("loop/backing_file")
    return None if path is None else node_of_path(path, paths)


def _node_in(folder: Path) -> BlockNode | None:
    """The node whose folder, or a link to it, this is."""
    try:
        real = folder.resolve(strict=True)
        major, _, minor = (real / "dev").read_text(encoding="ascii").strip().partition(":")
        return BlockNode(real.name, DeviceNumber(int(major), int(minor)), real)
    except (OSError, ValueError, RuntimeError):
        return None
