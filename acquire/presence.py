"""Whether an open source is still there, and still itself.

A drive that was pulled out may report no error at all: its size becomes 0 and reads give nothing. The kernel's
sequence number of a disk (`diskseq`) tells a drive that came back under the same name from the one that was opened.
"""

import os
from collections.abc import Callable

from acquire.ioctls import device_size_bytes
from acquire.sysfs import BlockNode, DeviceNumber, SystemPaths, disk_of, find_node

STATES_OF_A_LOST_DRIVE = frozenset({"offline", "transport-offline", "cancel", "deleted", "dead", "deleting"})
"""Of `device/state`: Linux kernel, drivers/scsi/scsi_sysfs.c and drivers/nvme/host/sysfs.c."""


def device_absence(
    descriptor: int, number: DeviceNumber, size_bytes: int, paths: SystemPaths
) -> Callable[[], str | None]:
    """A function that says why this open device is no longer what it is now, or None while it is."""
    opened_as = _sequence(find_node(number, paths))

    def absence() -> str | None:
        size_now = _size_or_none(descriptor)
        if not size_now:
            return "the drive no longer answers"
        if size_now != size_bytes:
            return f"its size was {size_bytes} bytes and is {size_now}"
        node = find_node(number, paths)
        if opened_as is not None and _sequence(node) != opened_as:
            return "the kernel gave its place to another drive"
        state = disk_of(node).text("device/state") if node is not None else None
        return f"the kernel has set it {state}" if state in STATES_OF_A_LOST_DRIVE else None

    return absence


def file_absence(descriptor: int, size_bytes: int) -> Callable[[], str | None]:
    """A function that says why this open file is no longer whole, or None while it is."""

    def absence() -> str | None:
        try:
            size_now = os.fstat(descriptor).st_size
        except OSError as error:
            return error.strerror
        return f"the file had {size_bytes} bytes and has {size_now}" if size_now < size_bytes else None

    return absence


def _sequence(node: BlockNode | None) -> int | None:
    """The kernel's sequence number of the disk, which no other disk gets until the next start."""
    return disk_of(node).integer("diskseq") if node is not None else None


def _size_or_none(descriptor: int) -> int | None:
    """The size of an open device in bytes, or None where it does not answer."""
    try:
        return device_size_bytes(descriptor)
    except OSError:
        return None
