"""What is mounted where, as the kernel's mountinfo tells it, and which file systems other machines write to.

Documentation: proc(5), /proc/pid/mountinfo.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MOUNTINFO = Path("/proc/self/mountinfo")
MAXIMUM_TABLE_BYTES = 16 * 1024 * 1024
NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2"}
    | {"smb2", "smb3", "smbfs", "fuse.afpfs", "fuse.ceph", "fuse.ceph-fuse", "fuse.curlftpfs", "fuse.davfs"}
    | {"fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs"}
)
_DEVICE_NUMBER = re.compile(r"(\d+):(\d+)")
_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of mountinfo: the number of the mounted device, where it is mounted, its type and its source."""

    major: int
    minor: int
    mount_point: str
    file_system: str
    source: str


def read_mounts(table: Path = MOUNTINFO) -> tuple[Mount, ...]:
    """Everything mounted where this process runs; what lies over another mount comes later."""
    return tuple(mount for line in kernel_table(table) if (mount := decode_mount(line)) is not None)


def decode_mount(line: str) -> Mount | None:
    """One line of mountinfo, or None where it has another shape."""
    before, separator, behind = line.partition(" - ")
    fields, rest = before.split(" "), behind.split(" ")
    if not separator or len(fields) < 6 or len(rest) < 2:
        return None
    number = _DEVICE_NUMBER.fullmatch(fields[2])
    if number is None:
        return None
    return Mount(int(number[1]), int(number[2]), unescaped(fields[4]), rest[0], unescaped(rest[1]))


def mount_above(path: Path, mounts: Iterable[Mount]) -> Mount | None:
    """The mount that a path lies on, of two at one place the later; None without any. The path need not exist."""
    resolved = os.path.realpath(path)
    over = [mount for mount in mounts if _lies_in(resolved, mount.mount_point)]
    return max(reversed(over), key=lambda mount: len(mount.mount_point), default=None)


def kernel_table(path: Path) -> list[str]:
    """The lines of a table of the kernel, bounded; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAXIMUM_TABLE_BYTES).decode("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []


def unescaped(field: str) -> str:
    """A field of such a table with its octal escapes (blank, tab, newline, backslash) undone."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), field)


def _lies_in(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return folder == "/" or path == folder or path.startswith(folder.rstrip("/") + "/")
