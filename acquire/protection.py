"""The kernel's read-only flag and write counters of a source: planned, set, read back, put back.

The flag outlives a crash, on loop devices even detaching, so what it was before belongs into the journal before
it is changed: plan, journal, apply, and restore at the end, also from another process. Linux: BLKROSET, BLKROGET
(include/uapi/linux/fs.h); counters: Documentation/ABI/stable/sysfs-block, "stat".
"""

import os
from dataclasses import dataclass, replace

from acquire.devices import Device, describe_device
from acquire.in_use import find_usage
from acquire.ioctls import read_only_flag, set_read_only_flag
from acquire.same_drive import contradicts
from acquire.source import OpenedSource, open_node
from acquire.sysfs import LIVE_SYSTEM, BlockNode, SystemPaths, disk_of, find_node, number_of_node
from image.errors import SourceError
from image.job import SourceFacts, WriteProtection

STAT_WRITES = 4
STAT_SECTORS_WRITTEN = 6


@dataclass(frozen=True, slots=True)
class WriteCounters:
    """How many writes the kernel completed on a device, and of how many sectors of 512 bytes; None is unknown."""

    writes: int | None = None
    sectors_written: int | None = None


def plan_protection(opened: OpenedSource, paths: SystemPaths = LIVE_SYSTEM) -> WriteProtection:
    """What is to be flagged, and how flag and counters stand now; changes nothing.

    The whole disk where nothing on it is in use, else the source partition alone.
    """
    device = opened.device
    node = find_node(device.number, paths) if device is not None else None
    if device is None or node is None:
        return WriteProtection(reason_not_set="the source is no device of this kernel")
    counters = read_counters(node)
    planned = WriteProtection(writes_before=counters.writes, sectors_written_before=counters.sectors_written)
    target = _target(node, paths)
    if target is None:
        return replace(planned, reason_not_set=f"in use: {', '.join(device.usage.all)}")
    try:
        with open_node(target) as descriptor:
            return replace(planned, flag_target=target, flag_before=read_only_flag(descriptor))
    except (SourceError, OSError) as error:
        return replace(planned, reason_not_set=f"{target} cannot be asked ({error})")


def apply_protection(plan: WriteProtection) -> WriteProtection:
    """Set the flag that was planned and read it back; a refusal of the kernel is recorded, not raised."""
    if plan.flag_target is None:
        return plan
    try:
        with open_node(plan.flag_target) as descriptor:
            if not plan.flag_before:
                set_read_only_flag(descriptor, read_only=True)
            during = read_only_flag(descriptor)
    except (SourceError, OSError) as error:
        return replace(plan, flag_during=plan.flag_before, reason_not_set=_refusal(error))
    reason = None if during else "the kernel did not keep the flag"
    return replace(plan, flag_during=during, reason_not_set=reason)


def restore_protection(
    recorded: WriteProtection, source: SourceFacts, paths: SystemPaths = LIVE_SYSTEM
) -> WriteProtection:
    """Put the flag back to what it was and take the counters again; may run in another process than `apply`.

    Where the source is gone, or another drive answers to its name, nothing is touched and what is after stays None.
    """
    number = number_of_node(source.path)
    node = find_node(number, paths) if number is not None else None
    if node is None or not _is_same_drive(node, source, paths):
        return recorded
    after = _put_back(recorded)
    counters = _not_restarted(recorded, read_counters(node))
    return replace(
        recorded,
        flag_after=after,
        writes_after=counters.writes,
        sectors_written_after=counters.sectors_written,
    )


def read_counters(node: BlockNode) -> WriteCounters:
    """The write counters of a device now."""
    fields = (node.text("stat") or "").split()
    if len(fields) <= STAT_SECTORS_WRITTEN or not all(field.isdigit() for field in fields):
        return WriteCounters()
    return WriteCounters(int(fields[STAT_WRITES]), int(fields[STAT_SECTORS_WRITTEN]))


def _target(node: BlockNode, paths: SystemPaths) -> str | None:
    """The path of the device to flag: the disk, the partition alone, or None while the source itself is in use."""
    disk = disk_of(node)
    if not find_usage(disk, paths).is_used:
        return disk.device_path
    return None if find_usage(node, paths).is_used else node.device_path


def _put_back(recorded: WriteProtection) -> bool | None:
    """Clear the flag where it was clear before; gives what it is now."""
    if recorded.flag_target is None:
        return None
    try:
        with open_node(recorded.flag_target) as descriptor:
            if recorded.flag_before is False and read_only_flag(descriptor):
                set_read_only_flag(descriptor, read_only=False)
            return read_only_flag(descriptor)
    except (SourceError, OSError):
        return None


def _is_same_drive(node: BlockNode, source: SourceFacts, paths: SystemPaths) -> bool:
    """Whether a device is the recorded one, by size, serial number and WWN where both are known."""
    device: Device | None = describe_device(node.number, paths, ask_tools=False)
    if device is None:
        return False
    # A drive that was pulled out has no size any more; the kernel's device, and its flag, are still the old ones.
    size_bytes = -(-device.size_bytes // source.sector_size_bytes) * source.sector_size_bytes
    return size_bytes in (0, source.size_bytes) and not contradicts(device.identity, source)


def _not_restarted(recorded: WriteProtection, now: WriteCounters) -> WriteCounters:
    """The counters, or none where they began anew, as they do when a drive is attached again."""
    restarted = (now.writes or 0) < (recorded.writes_before or 0)
    return WriteCounters() if restarted else now


def _refusal(error: SourceError | OSError) -> str:
    """Why the flag was not set."""
    if isinstance(error, PermissionError):
        return "setting the flag needs root (CAP_SYS_ADMIN)"
    return os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)
