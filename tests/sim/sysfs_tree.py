"""A small /sys and /proc in a folder, made from what a test says of its disks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from acquire.sysfs import SystemPaths


@dataclass(frozen=True)
class TreePartition:
    """A partition: its kernel name, number, first sector and sector count of 512 bytes."""

    name: str
    number: str
    start: int
    size: int
    holders: tuple[str, ...] = ()


@dataclass(frozen=True)
class TreeDisk:
    """A disk: its folder below /sys/devices (the last part is its name), number, attributes and partitions."""

    folder: str
    number: str
    attributes: Mapping[str, str | bytes] = field(default_factory=dict)
    partitions: tuple[TreePartition, ...] = ()
    holders: tuple[str, ...] = ()
    slaves: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The kernel name."""
        return Path(self.folder).name


def build_system(root: Path, disks: Sequence[TreeDisk], *, mountinfo: str = "", swaps: str = "") -> SystemPaths:
    """Write the tree and give its paths."""
    paths = SystemPaths(root / "sys", root / "proc", root / "dev")
    for disk in disks:
        folder = paths.sys / "devices" / disk.folder
        _write_node(paths, folder, disk.number, disk.attributes)
        (paths.sys / "block").mkdir(parents=True, exist_ok=True)
        (paths.sys / "block" / disk.name).symlink_to(folder)
        _write_links(folder / "holders", disk.holders)
        _write_links(folder / "slaves", disk.slaves)
        for part in disk.partitions:
            values = {"partition": _digits(part.name), "start": str(part.start), "size": str(part.size), "ro": "0"}
            _write_node(paths, folder / part.name, part.number, values)
            _write_links(folder / part.name / "holders", part.holders)
    (paths.proc / "self").mkdir(parents=True)
    (paths.proc / "self" / "mountinfo").write_text(mountinfo)
    (paths.proc / "swaps").write_text("Filename\tType\tSize\tUsed\tPriority\n" + swaps)
    return paths


def _write_node(paths: SystemPaths, folder: Path, number: str, attributes: Mapping[str, str | bytes]) -> None:
    """One block device with the links by which it is found."""
    for name, value in {"dev": number, **attributes}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(value if isinstance(value, bytes) else value.encode() + b"\n")
    for link in (paths.sys / "dev" / "block" / number, paths.sys / "class" / "block" / folder.name):
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(folder)


def _digits(name: str) -> str:
    """The number at the end of a partition's name."""
    return re.sub(r".*\D", "", name)


def _write_links(folder: Path, names: Sequence[str]) -> None:
    """A folder that holds these names."""
    folder.mkdir()
    for name in names:
        (folder / name).touch()
