"""The read-only flag that an interrupted job left on a source: put back to what it was before that job.

A journal is a file of somebody's making, so it never decides which device is touched: only the source that was
named, and the disk it is on.
"""

import contextlib
from dataclasses import replace

from acquire.ioctls import read_only_flag, set_read_only_flag
from acquire.protection import plan_protection
from acquire.source import OpenedSource, open_node
from acquire.sysfs import LIVE_SYSTEM, SystemPaths, disk_of, find_node, number_of_node
from image.errors import SourceError
from image.job import WriteProtection


def put_flag_back(recorded: WriteProtection, path: str, paths: SystemPaths = LIVE_SYSTEM) -> None:
    """Clear the flag of the drive at `path` where the interrupted job found it clear, whatever has become of it."""
    number = number_of_node(path)
    node = find_node(number, paths) if number is not None else None
    if node is None or recorded.flag_before is not False:
        return
    ours = {item.device_path for item in (node, disk_of(node))}
    if recorded.flag_target not in ours:
        return
    with contextlib.suppress(SourceError, OSError), open_node(recorded.flag_target) as descriptor:
        if read_only_flag(descriptor):
            set_read_only_flag(descriptor, read_only=False)


def plan_again(
    opened: OpenedSource, recorded: WriteProtection, paths: SystemPaths = LIVE_SYSTEM
) -> WriteProtection:
    """What is to be flagged now, with the write counters of the beginning as long as they went on counting."""
    planned = replace(plan_protection(opened, paths), blocker=recorded.blocker)
    before, now = recorded.writes_before, planned.writes_before
    if before is None or now is None or now < before:
        return planned
    return replace(planned, writes_before=before, sectors_written_before=recorded.sectors_written_before)
