"""Segment files that are there already, opened again by the one who goes on writing them.

Whoever can write to the destination can put anything by these names: a link, a pipe, a second name of some other
file. Only a regular file with this one name is ever opened, cut or removed.
"""

import errno
import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from image.segment_names import MAXIMUM_LISTED_GAP
from image.split_extensions import SegmentNamesExhaustedError

WRITABLE = 0o644


def open_durable(path: Path, length_bytes: int) -> int:
    """A descriptor for writing a segment file that is there, standing at this length; only its mode is changed.

    Raises:
        OSError: not there, no regular file of one name, or shorter than this.
    """
    looked_at = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(looked_at)
        _require_own(status, path)
        if status.st_size < length_bytes:
            raise OSError(errno.ESTALE, f"only {status.st_size} of {length_bytes} bytes are there", str(path))
        if not status.st_mode & stat.S_IWUSR:
            with suppress(OSError):
                os.fchmod(looked_at, WRITABLE)
        return _writable(looked_at, path, length_bytes)
    finally:
        os.close(looked_at)


def require_file(path: Path, length_bytes: int, *, exactly: bool) -> None:
    """See that a segment file is there with at least, or exactly, this length.

    Raises:
        OSError: it is not, or is no regular file of one name.
    """
    status = path.lstat()
    _require_own(status, path)
    if status.st_size < length_bytes or (exactly and status.st_size != length_bytes):
        raise OSError(errno.ESTALE, f"{status.st_size} bytes instead of {length_bytes}", str(path))


def forget_cached(path: Path) -> None:
    """Drop what the page cache holds of a file, so that the next read comes from the medium.

    An error that the system kept from an earlier write is no matter here: what was lost is found by the reading.

    Raises:
        OSError: the file cannot be opened.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
        with suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def cut_to(descriptor: int, length_bytes: int) -> None:
    """Make the file durable at this length.

    Raises:
        OSError: the system could not.
    """
    os.ftruncate(descriptor, length_bytes)
    os.fsync(descriptor)


def later_segments(output: Path, number: int, name_for: Callable[[str, int], str]) -> tuple[Path, ...]:
    """The segment files from this number on that are there; a gap of many names ends them.

    Raises:
        OSError: one of them is no regular file of one name.
    """
    found: list[Path] = []
    last = number + MAXIMUM_LISTED_GAP
    while number <= last:
        try:
            path = output.with_name(name_for(output.name, number))
        except SegmentNamesExhaustedError:
            break
        if os.path.lexists(path):
            _require_own(path.lstat(), path)
            found.append(path)
            last = number + MAXIMUM_LISTED_GAP
        number += 1
    return tuple(found)


def remove_files(paths: Sequence[Path]) -> None:
    """Remove these files, the last first, so that no gap is ever left.

    Raises:
        OSError: the system could not.
    """
    for path in reversed(paths):
        path.unlink()


def _require_own(status: os.stat_result, path: Path) -> None:
    """See that this is a file such as we make.

    Raises:
        OSError: it is not.
    """
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    if status.st_nlink != 1:
        raise OSError(errno.EMLINK, "the file has a second name elsewhere", str(path))


def _writable(looked_at: int, path: Path, length_bytes: int) -> int:
    """A descriptor for writing the file that was looked at.

    Raises:
        OSError: the system refuses, or another file has taken its name meanwhile.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not os.path.sameopenfile(descriptor, looked_at):
        os.close(descriptor)
        raise OSError(errno.ESTALE, "another file has taken its place", str(path))
    os.lseek(descriptor, length_bytes, os.SEEK_SET)
    return descriptor
