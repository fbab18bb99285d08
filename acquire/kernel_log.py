"""What the kernel says about a device while it is read.

Records of /dev/kmsg: Documentation/ABI/testing/dev-kmsg. Reading them may need root; without it nothing is
recorded, which is not the same as nothing said.
"""

import errno
import os
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from acquire.source import open_node
from acquire.sysfs import LIVE_SYSTEM, BlockNode, SystemPaths, disk_of, partitions_of
from image.errors import SourceError

RECORD_BYTES = 8192
MAXIMUM_MESSAGES = 1000
MAXIMUM_MESSAGE_CHARACTERS = 500
MAXIMUM_RECORDS_A_LOOK = 100_000
NAMES_ALONG_THE_PATH = (
    (re.compile(r"ata\d+"), r"{}(?:\.\d+)?"),
    (re.compile(r"\d+:\d+:\d+:\d+"), r"{}"),
    (re.compile(r"nvme\d+"), r"{}"),
    (re.compile(r"mmc\d+"), r"{}"),
    (re.compile(r"\d+-[\d.]+"), r"usb {}(?![.\d])"),
)
"""Parts of a device's path in sysfs by which drivers call it, and the pattern of that name in a message."""


class KernelLogWatch:
    """Messages about one device from the moment the watch began; any thread may look."""

    def __init__(self, descriptor: int, node: BlockNode) -> None:
        self._descriptor = descriptor
        self.follow(node)
        self._kept: list[str] = []
        self._count = 0
        self._lock = threading.Lock()

    def follow(self, node: BlockNode) -> None:
        """Watch for this device from now on: the one before came back under another name."""
        self._pattern = name_pattern(node)
        self._key = f"DEVICE=b{node.number}"

    def look(self) -> None:
        """Take what came since the last look; to be called now and then, since the kernel keeps only so much."""
        with self._lock:
            for _ in range(MAXIMUM_RECORDS_A_LOOK):
                record = _next_record(self._descriptor)
                if record is None:
                    return
                self._take(record)

    def _take(self, record: bytes) -> None:
        """Keep a record that is about the device."""
        message = decode_record(record)
        if message is not None and (self._pattern.search(message) or self._key in record.decode("latin-1")):
            self._count += 1
            if len(self._kept) < MAXIMUM_MESSAGES:
                self._kept.append(message)

    def messages(self) -> tuple[str, ...]:
        """The messages so far, capped, the last line saying how many more there were."""
        self.look()
        more = self._count - len(self._kept)
        return (*self._kept, f"and {more} more messages") if more else tuple(self._kept)


@contextmanager
def watch_kernel_log(node: BlockNode, paths: SystemPaths = LIVE_SYSTEM) -> Iterator[KernelLogWatch | None]:
    """Watch for messages about a device from now on; None where this process may not read them."""
    with ExitStack() as closing:
        descriptor = None
        with suppress(SourceError):
            descriptor = closing.enter_context(open_node(str(paths.dev / "kmsg"), os.O_NONBLOCK))
        if descriptor is not None:
            with suppress(OSError):
                os.lseek(descriptor, 0, os.SEEK_END)
        yield KernelLogWatch(descriptor, node) if descriptor is not None else None


def name_pattern(node: BlockNode) -> re.Pattern[str]:
    """What finds the disk of a device, its partitions and the ports it hangs on, by their names in a message."""
    disk = disk_of(node)
    names = [re.escape(item.name) for item in (disk, *partitions_of(disk))]
    for part in disk.folder.parts:
        names += [form.format(re.escape(part)) for pattern, form in NAMES_ALONG_THE_PATH if pattern.fullmatch(part)]
    return re.compile(r"(?<![\w:.-])(?:" + "|".join(names) + r")(?![\w-])(?!\.\d)")


def decode_record(record: bytes) -> str | None:
    """A record as one line, seconds since the start of the system before its text, or None where it is none."""
    head, separator, rest = record.partition(b";")
    fields = head.split(b",")
    if not separator or len(fields) < 3 or not fields[2].isdigit():
        return None
    text = rest.partition(b"\n")[0].decode("utf-8", errors="backslashreplace")
    harmless = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"[{int(fields[2]) / 1_000_000:.6f}] {harmless[:MAXIMUM_MESSAGE_CHARACTERS]}"


def _next_record(descriptor: int) -> bytes | None:
    """The next record, or None when there is none now; records the kernel dropped meanwhile are passed over."""
    while True:
        try:
            return os.read(descriptor, RECORD_BYTES) or None
        except OSError as error:
            if error.errno != errno.EPIPE:
                return None
