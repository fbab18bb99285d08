"""A file system of one file, `disk`, that fails as a rules file says; run as a program, it stays until unmounted.

Arguments: mount point, image, rules. The rules are JSON and read again whenever they change; sectors have 512
bytes: `bad` [[first, count], ...], `errno` "EIO"; `flaky` [[first, count, tries], ...] (each sector fails so many
tries first); `slow` [[first, count, seconds], ...] (a read of any of them takes so long); `gone` true (everything
fails, with `gone_errno` "ENODEV"); `gone_at` a sector (everything fails from the read of it on); `size` in bytes
(0 is what a drive that was pulled out looks like); `short` [sector, ...] (no read gives more than what lies before
such a sector); `log` a file that gets [first, count, whether it was read] for each read.
"""

import errno
import json
import os
import stat
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("FUSE_LIBRARY_NAME", "fuse3")

import mfusepy

SECTOR_BYTES = 512
DISK = "/disk"


class FaultyFile(mfusepy.Operations):  # type: ignore[misc]  # mfusepy has no types
    """The file system."""

    use_ns = True

    def __init__(self, image: Path, rules: Path) -> None:
        self.content = os.open(image, os.O_RDONLY)
        self.size_bytes = os.fstat(self.content).st_size
        self.rules_file = rules
        self.rules_time = 0
        self.rules: dict[str, Any] = {}
        self.tries: Counter[int] = Counter()
        self.is_gone = False

    def read_rules(self) -> dict[str, Any]:
        """The rules as they are now."""
        written = self.rules_file.stat().st_mtime_ns
        if written != self.rules_time:
            self.rules, self.rules_time = json.loads(self.rules_file.read_text()), written
        return self.rules

    def getattr(self, path: str, fh: Any = None) -> dict[str, int]:
        """Attributes of the folder or of the file."""
        if path == "/":
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        if path != DISK:
            raise mfusepy.FuseOSError(errno.ENOENT)
        size = self.read_rules().get("size", self.size_bytes)
        return {"st_mode": stat.S_IFREG | 0o444, "st_nlink": 1, "st_size": size}

    def open(self, path: str, info: Any) -> int:
        """Open the file without a page cache of its own."""
        info.direct_io = 1
        return 0

    def read(self, path: str, size: int, offset: int, fh: Any) -> bytes:
        """Bytes of the file, unless the rules say otherwise."""
        rules = self.read_rules()
        first, end = offset // SECTOR_BYTES, -(-(offset + size) // SECTOR_BYTES)
        self.is_gone = "gone_at" in rules and (self.is_gone or first <= rules["gone_at"] < end)
        if rules.get("gone") or self.is_gone:
            raise mfusepy.FuseOSError(getattr(errno, rules.get("gone_errno", "ENODEV")))
        for slow, count, seconds in rules.get("slow", ()):
            if first < slow + count and slow < end:
                time.sleep(seconds)
        is_bad = any(first < bad + count and bad < end for bad, count in rules.get("bad", ()))
        fails = is_bad or self.is_flaky(first, end)
        self.note(first, end, ok=not fails)
        if fails:
            raise mfusepy.FuseOSError(getattr(errno, rules.get("errno", "EIO")))
        ends = (short * SECTOR_BYTES for short in rules.get("short", ()) if first < short < end)
        return os.pread(self.content, min([offset + size, *ends]) - offset, offset)

    def note(self, first: int, end: int, *, ok: bool) -> None:
        """Note a read down, where that is asked for."""
        if "log" in self.rules:
            with Path(self.rules["log"]).open("a") as log:
                log.write(json.dumps([first, end - first, ok]) + "\n")

    def is_flaky(self, first: int, end: int) -> bool:
        """Whether this try of the sectors fails; a drive stops at the first one that does."""
        for flaky, count, tries in self.rules.get("flaky", ()):
            for sector in range(max(first, flaky), min(end, flaky + count)):
                self.tries[sector] += 1
                if self.tries[sector] <= tries:
                    return True
        return False


if __name__ == "__main__":
    mount_point, image_path, rules_path = map(Path, sys.argv[1:])
    mfusepy.FUSE(FaultyFile(image_path, rules_path), str(mount_point), foreground=True, raw_fi=True)
