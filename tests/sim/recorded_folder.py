"""A folder that notes down every change made in it; run as a program, it stays until unmounted.

Arguments: mount point, the folder that really holds the files, the file for the record, seconds that each change
takes, and as JSON how many bytes of segment files may be written inside a folder ({"one": 500000}). A line of the
record is a JSON list: what was done and its arguments, bytes as base64 (see recordings.py).
"""

import base64
import errno
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("FUSE_LIBRARY_NAME", "fuse3")

import mfusepy

READY = ".ready"
SEGMENT = re.compile(r"\.(E\d\d|\d{3})$")
STATUS = ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size", "st_ino", "st_blocks")
SPACE = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_favail", "f_ffree", "f_files", "f_frsize", "f_namemax")


class RecordedFolder(mfusepy.Operations):  # type: ignore[misc]  # mfusepy has no types
    """The file system: all it does, it does in the real folder."""

    use_ns = True

    def __init__(self, folder: Path, record: Path, seconds: float, room: dict[str, int]) -> None:
        self.folder = str(folder)
        self.record = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self.seconds = seconds
        self.room = room

    def note(self, kind: str, *arguments: Any) -> int:
        """Note one change down, after the time that it takes."""
        time.sleep(self.seconds)
        os.write(self.record, json.dumps([kind, *arguments]).encode() + b"\n")
        return 0

    def getattr(self, path: str, fh: Any = None) -> dict[str, int]:
        """Attributes of a file."""
        if path == f"/{READY}":
            return {"st_mode": 0o100444, "st_nlink": 1, "st_size": 0}
        status = os.lstat(self.folder + path)
        times = {f"st_{kind}time": getattr(status, f"st_{kind}time_ns") for kind in "amc"}
        return {name: getattr(status, name) for name in STATUS} | times

    def readdir(self, path: str, fh: Any) -> list[str]:
        """The names in a folder."""
        return [".", "..", *(item.name for item in Path(self.folder + path).iterdir())]

    def statfs(self, path: str) -> dict[str, int]:
        """The space there is."""
        space = os.statvfs(self.folder)
        return {name: getattr(space, name) for name in SPACE}

    def create(self, path: str, mode: int, info: Any) -> int:
        """Make a file and open it."""
        info.fh = os.open(self.folder + path, os.O_RDWR | os.O_CREAT | info.flags & os.O_EXCL, mode)
        info.direct_io = 1
        return self.note("create", path, mode & 0o777)

    def open(self, path: str, info: Any) -> int:
        """Open a file; a change of its length on opening is a change."""
        writing = info.flags & os.O_ACCMODE != os.O_RDONLY
        info.fh = os.open(self.folder + path, os.O_RDWR if writing else os.O_RDONLY)
        info.direct_io = 1
        return self.truncate(path, 0) if info.flags & os.O_TRUNC else 0

    def read(self, path: str, size: int, offset: int, info: Any) -> bytes:
        """Bytes of a file."""
        return os.pread(info.fh, size, offset)

    def write(self, path: str, data: bytes, offset: int, info: Any) -> int:
        """Write bytes, as far as there is room."""
        folder, name = path[1:].rpartition("/")[::2]
        if folder in self.room and SEGMENT.search(name):
            if not self.room[folder]:
                raise mfusepy.FuseOSError(errno.ENOSPC)
            data = data[: self.room[folder]]
            self.room[folder] -= len(data)
        self.note("write", path, offset, base64.b64encode(data).decode())
        return os.pwrite(info.fh, data, offset)

    def truncate(self, path: str, length: int, fh: Any = None) -> int:
        """Set the length of a file."""
        os.truncate(self.folder + path, length)
        return self.note("truncate", path, length)

    def fsync(self, path: str, datasync: int, info: Any) -> int:
        """Make a file durable: to the record, not to the medium."""
        return self.note("fsync", path)

    def fsyncdir(self, path: str, datasync: int, info: Any) -> int:
        """Make the names in a folder durable."""
        return self.note("fsyncdir", path)

    def release(self, path: str, info: Any) -> int:
        """Close a file."""
        os.close(info.fh)
        return 0

    def rename(self, old: str, new: str) -> int:
        """Give a file another name."""
        Path(self.folder + old).rename(self.folder + new)
        return self.note("rename", old, new)

    def unlink(self, path: str) -> int:
        """Remove a file."""
        Path(self.folder + path).unlink()
        return self.note("unlink", path)

    def mkdir(self, path: str, mode: int) -> int:
        """Make a folder."""
        Path(self.folder + path).mkdir(mode)
        return self.note("mkdir", path)

    def chmod(self, path: str, mode: int) -> int:
        """Set the permissions of a file."""
        Path(self.folder + path).chmod(mode)
        return self.note("chmod", path, mode & 0o777)

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        """Set the times of a file; not worth a note."""
        if times is not None:
            os.utime(self.folder + path, ns=times)
        return 0


if __name__ == "__main__":
    mount, real, noted = (Path(word).absolute() for word in sys.argv[1:4])
    file_system = RecordedFolder(real, noted, float(sys.argv[4]), json.loads(sys.argv[5]))
    mfusepy.FUSE(file_system, str(mount), foreground=True, raw_fi=True, nothreads=True, hard_remove=True)
