"""Loop devices over a file or device: who mounts one changes what is behind it, and writes there go into it.

Documentation: loop(4); Documentation/ABI/testing/sysfs-block-loop (backing_file).
"""

import os
from pathlib import Path

from acquire.sysfs import (
    LIVE_SYSTEM,
    BlockNode,
    SystemPaths,
    device_behind,
    find_node_by_name,
    list_disks,
    partitions_of,
)


def loops_over(path: str, paths: SystemPaths = LIVE_SYSTEM) -> tuple[BlockNode, ...]:
    """The loop devices that show this file, by whatever name it was given to them; none where it is no file."""
    try:
        names = sorted(entry.name for entry in (paths.sys / "block").iterdir() if entry.name.startswith("loop"))
        wanted = Path(path).stat()
    except OSError:
        return ()
    nodes = [find_node_by_name(name, paths) for name in names]
    return tuple(node for node in nodes if node is not None and _shows(node, wanted))


def with_loops(nodes: tuple[BlockNode, ...], paths: SystemPaths = LIVE_SYSTEM) -> tuple[BlockNode, ...]:
    """These devices, the loop devices that show one of them, and those that show such a loop device in turn."""
    behind = [(loop, device_behind(loop, paths)) for loop in list_disks(paths) if loop.name.startswith("loop")]
    found, waiting = list(nodes), list(nodes)
    while waiting:
        shown = waiting.pop()
        over = [loop for loop, device in behind if device == shown and loop not in found]
        newly = [node for loop in over for node in (loop, *partitions_of(loop))]
        found += newly
        waiting += newly
    return tuple(found)


def _shows(node: BlockNode, wanted: os.stat_result) -> bool:
    """Whether the file behind a loop device is this one."""
    backing = node.text("loop/backing_file")
    try:
        return backing is not None and os.path.samestat(Path(backing).stat(), wanted)
    except OSError:
        return False
