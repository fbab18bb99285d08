"""Which file system a path lies on, from /proc/self/mountinfo (proc(5)), and which of them SQLite cannot trust.

SQLite's locks do not hold between machines; a ledger on a share can be torn by two honest writers.
"""

import re
from pathlib import Path

NETWORK_FILE_SYSTEMS = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "fuse.afpfs",
        "fuse.ceph",
        "fuse.ceph-fuse",
        "fuse.curlftpfs",
        "fuse.davfs",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.smbnetfs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "smb2",
        "smb3",
        "smbfs",
    }
)

_MOUNTINFO = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def file_system_of(path: Path) -> str | None:
    """The type of the file system that a path lies on, or None where the system does not tell."""
    try:
        table = _MOUNTINFO.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    return file_system_type(table, str(path.resolve()))


def is_network_file_system(kind: str | None) -> bool:
    """Whether other machines may write there too."""
    return kind in NETWORK_FILE_SYSTEMS


def file_system_type(mountinfo: str, path: str) -> str | None:
    """The type of the mount with the longest mount point above an absolute path; of two at one place, the later."""
    best, kind = "", None
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        mount_point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[4])
        if len(mount_point) >= len(best) and _is_above(mount_point, path):
            best, kind = mount_point, right.split(" ")[0]
    return kind


def _is_above(mount_point: str, path: str) -> bool:
    """Whether the path is the mount point or lies below it."""
    return path == mount_point or path.startswith(mount_point.rstrip("/") + "/")
