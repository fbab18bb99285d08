"""A folder that fails as a rules file says, passed through from another folder; run as a program until unmounted.

Arguments: mount point, backing folder, rules. The rules are JSON and read again whenever they change:
`faults` [{"call", "name", "errno", "after", "times"}, ...]: a call ("create", "open", "read", "write", "fsync",
"fsyncdir", "close", "rename", "truncate", "unlink") on a file whose name ends so fails behind the first `after`
ones, so many `times` (absent: always); `space` bytes that may still be written, then `space_errno` ("ENOSPC");
`hidden` keeps that from statfs; `short` bytes that a write takes at most; `read_only`; `rot` [[name, offset], ...];
`dead` {"call", "name", "errno"}: from this call on everything fails, looking at a file too.
"""

import errno
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

os.environ.setdefault("FUSE_LIBRARY_NAME", "fuse3")

import mfusepy

ATTRIBUTES = ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size", "st_ino", "st_blocks")
SPACE_FACTS = (
    "f_bavail",
    "f_bfree",
    "f_blocks",
    "f_bsize",
    "f_favail",
    "f_ffree",
    "f_files",
    "f_frsize",
    "f_namemax",
)
BLOCK = 4096


class FailingFolder(mfusepy.Operations):  # type: ignore[misc]  # mfusepy has no types
    """The file system."""

    use_ns = True

    def __init__(self, root: Path, rules: Path) -> None:
        self.root = root
        self.rules_file, self.rules_time = rules, 0
        self.rules: dict[str, Any] = {}
        self.seen: dict[int, int] = {}
        self.written = 0
        self.died: int | None = None
        self.guard = threading.RLock()

    def look(self) -> dict[str, Any]:
        """The rules as they are now; new ones count from the start."""
        written = self.rules_file.stat().st_mtime_ns
        if written != self.rules_time:
            self.rules, self.rules_time = json.loads(self.rules_file.read_text()), written
            self.seen, self.written, self.died = {}, 0, None
        if self.died is not None:
            raise mfusepy.FuseOSError(self.died)
        return self.rules

    def meet(self, call: str, path: str) -> dict[str, Any]:
        """Fail where a rule says so; the rules otherwise."""
        with self.guard:
            rules = self.look()
            last = rules.get("dead")
            if last and call == last["call"] and path.endswith(last["name"]):
                self.died = getattr(errno, last["errno"])
                self.look()
            if rules.get("read_only") and call not in ("open", "read", "close", "fsyncdir"):
                raise mfusepy.FuseOSError(errno.EROFS)
            for index, fault in enumerate(rules.get("faults", ())):
                if fault["call"] == call and path.endswith(fault["name"]):
                    count = self.seen[index] = self.seen.get(index, 0) + 1
                    after, times = fault.get("after", 0), fault.get("times", 1 << 30)
                    if after < count <= after + times:
                        raise mfusepy.FuseOSError(getattr(errno, fault["errno"]))
            return rules

    def below(self, path: str) -> Path:
        """The path in the backing folder."""
        return self.root / path.lstrip("/")

    def getattr(self, path: str, fh: Any = None) -> dict[str, int]:
        """Attributes of a file."""
        self.look()
        found = self.below(path).lstat()
        times = {"st_atime": found.st_atime_ns, "st_mtime": found.st_mtime_ns, "st_ctime": found.st_ctime_ns}
        return {name: getattr(found, name) for name in ATTRIBUTES} | times

    def readdir(self, path: str, fh: Any) -> list[str]:
        """The names in a folder."""
        self.look()
        return [".", "..", *(entry.name for entry in self.below(path).iterdir())]

    def statfs(self, path: str) -> dict[str, int]:
        """Room: what the rules leave of it."""
        found = os.statvfs(self.root)
        facts = {name: getattr(found, name) for name in SPACE_FACTS}
        rules = self.look()
        if "space" in rules and not rules.get("hidden"):
            free = max(0, rules["space"] - self.written) // facts["f_frsize"]
            facts |= {"f_bavail": free, "f_bfree": free}
        return facts

    def create(self, path: str, mode: int, info: Any) -> int:
        """Make a file."""
        self.meet("create", path)
        info.fh = os.open(self.below(path), (info.flags & (os.O_EXCL | os.O_TRUNC)) | os.O_RDWR | os.O_CREAT, mode)
        info.direct_io = 1
        return 0

    def open(self, path: str, info: Any) -> int:
        """Open a file past the page cache."""
        writes, rules = info.flags & os.O_ACCMODE, self.meet("open", path)
        if writes and rules.get("read_only"):
            raise mfusepy.FuseOSError(errno.EROFS)
        info.fh = os.open(self.below(path), os.O_RDWR if writes else os.O_RDONLY)
        info.direct_io = 1
        return 0

    def read(self, path: str, size: int, offset: int, info: Any) -> bytes:
        """Bytes of a file, some of them rotten."""
        data = bytearray(os.pread(info.fh, size, offset))
        for name, at in self.meet("read", path).get("rot", ()):
            if path == "/" + name and offset <= at < offset + len(data):
                data[at - offset] ^= 0x10
        return bytes(data)

    def write(self, path: str, data: bytes, offset: int, info: Any) -> int:
        """Write as much as the rules let."""
        with self.guard:
            rules = self.meet("write", path)
            size = min(len(data), rules.get("short", len(data)))
            if "space" in rules:
                size = min(size, rules["space"] - self.written)
                if size <= 0:
                    raise mfusepy.FuseOSError(getattr(errno, rules.get("space_errno", "ENOSPC")))
            size = os.pwrite(info.fh, data[:size], offset)
            self.written += size
        return size

    def truncate(self, path: str, length: int, fh: Any = None) -> int:
        """Cut a file; what it took is free again."""
        with self.guard:
            self.meet("truncate", path)
            size = self.below(path).stat().st_size
            os.truncate(self.below(path), length)
            self.written -= max(0, size - length)
        return 0

    def fsync(self, path: str, datasync: int, info: Any) -> int:
        """Make a file durable."""
        self.meet("fsync", path)
        return 0

    def fsyncdir(self, path: str, datasync: int, info: Any) -> int:
        """Make the names of a folder durable."""
        self.meet("fsyncdir", path)
        return 0

    def flush(self, path: str, info: Any) -> int:
        """Close a descriptor of a file that was written."""
        self.meet("close", path)
        return 0

    def release(self, path: str, info: Any) -> int:
        """Forget a descriptor."""
        os.close(info.fh)
        return 0

    def rename(self, old: str, new: str) -> int:
        """Give a file another name."""
        self.meet("rename", new)
        self.below(old).rename(self.below(new))
        return 0

    def unlink(self, path: str) -> int:
        """Remove a file; what it took is free again."""
        with self.guard:
            self.meet("unlink", path)
            size = self.below(path).stat().st_size
            self.below(path).unlink()
            self.written -= size
        return 0

    def chmod(self, path: str, mode: int) -> int:
        """Set the permissions of a file."""
        self.meet("chmod", path)
        self.below(path).chmod(mode)
        return 0


if __name__ == "__main__":
    mount_point, backing, rules_path = map(Path, sys.argv[1:])
    # Otherwise libfuse hides an open file before another is renamed over it, and loses it when the renaming fails.
    mfusepy.FUSE(
        FailingFolder(backing, rules_path), str(mount_point), foreground=True, raw_fi=True, hard_remove=True
    )
