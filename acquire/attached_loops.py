"""Loop devices over a file: who mounts one changes the file, and who writes to its file system writes into it.

Documentation: loop(4); Documentation/ABI/testing/sysfs-block-loop (backing_file).
"""

import os
from pathlib import Path

from acquire.sysfs import LIVE_SYSTEM, BlockNode, SystemPaths, find_node_by_name


def loops_over(path: str, paths: SystemPaths = LIVE_SYSTEM) -> tuple[BlockNode, ...]:
    """The loop devices that show this file, by whatever name it was given to them; none where it is no file."""
    try:
        names = sorted(entry.name for entry in (paths.sys / "block").iterdir() if entry.name.startswith("loop"))
        wanted = Path(path).stat()
    except OSError:
        return ()
    nodes = [find_node_by_name(name, paths) for name in names]
    return tuple(node for node in nodes if node is not None and _shows(node, wanted))


def _shows(node: BlockNode, wanted: os.stat_result) -> bool:
    """Whether the file behind a loop device is this one."""
    backing = node.text("loop/backing_file")
    try:
        return backing is not None and os.path.samestat(Path(backing).stat(), wanted)
    except OSError:
        return False
