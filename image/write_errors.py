"""What a failed write means for the person at the workstation: the system's word for it, and what to do."""

import errno

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
"""The disk is full, or the quota used up: what was written before is as good as it was."""

NO_PERMISSION_BITS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
"""A file system that keeps no permissions (FAT and network mounts) answers a chmod so."""

_GONE = "the destination is gone: connect it again and look at its file system"
_ADVICE = {
    errno.ENOSPC: "free space there, or write to a larger disk",
    errno.EDQUOT: "free space there, or have the quota raised",
    errno.EFBIG: "this file system takes no larger file; choose a smaller --segment-size",
    errno.EEXIST: "choose another --output; nothing is ever overwritten",
    errno.EROFS: "the system made it read-only, often after a disk error; look at the kernel's messages",
    errno.EIO: "the disk or its connection fails; what was written last cannot be trusted",
    errno.EACCES: "make the folder writable, or choose another --output",
    errno.EPERM: "make the folder writable, or choose another --output",
    errno.ENODEV: _GONE,
    errno.ENXIO: _GONE,
    errno.ENOENT: _GONE,
    errno.ENOTCONN: _GONE,
    errno.ESTALE: _GONE,
    errno.EHOSTDOWN: _GONE,
    errno.ETIMEDOUT: _GONE,
}


def describe_write_error(error: OSError) -> str:
    """A failed write in words: what the system says, and what to do about it."""
    said = error.strerror or str(error)
    advice = _ADVICE.get(error.errno or 0)
    return f"{said}: {advice}" if advice else said
