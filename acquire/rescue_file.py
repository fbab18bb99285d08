"""The file a rescue works into: as long as the media, written in any order, with holes where zeros were read."""

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from image.durability import sync_folder
from image.errors import DestinationError
from image.sampling import is_zero
from image.write_errors import describe_write_error

BLOCK_SIZE_BYTES = 64 * 1024
ZEROS = bytes(1024 * 1024)


@dataclass(frozen=True)
class RescueFile:
    """An open rescue file; offsets and sizes are bytes. Threads may share it."""

    path: Path
    descriptor: int
    size_bytes: int

    def write(self, view: memoryview, offset_bytes: int) -> None:
        """Put media at its place; blocks of zeros stay or become zeros without taking room.

        Raises:
            OSError: the system could not.
        """
        for start, size, zero in _runs(view):
            if zero:
                self.blank(offset_bytes + start, size)
            else:
                self._write_whole(view[start : start + size], offset_bytes + start)
        os.posix_fadvise(self.descriptor, offset_bytes, len(view), os.POSIX_FADV_DONTNEED)

    def blank(self, offset_bytes: int, size_bytes: int) -> None:
        """See that these bytes are zeros; only what is no hole is written.

        Raises:
            OSError: the system could not.
        """
        end = offset_bytes + size_bytes
        while (start := self._next_data(offset_bytes)) < end:
            offset_bytes = min(end, start + len(ZEROS))
            self._write_whole(memoryview(ZEROS)[: offset_bytes - start], start)

    def read_into(self, view: memoryview, offset_bytes: int) -> None:
        """Fill the view with what was kept at this place.

        Raises:
            OSError: the system could not.
            DestinationError: the file has become shorter.
        """
        filled = 0
        while filled < len(view):
            got = os.preadv(self.descriptor, [view[filled:]], offset_bytes + filled)
            if not got:
                raise DestinationError("the rescue file has become shorter", str(self.path))
            filled += got

    def sync(self) -> None:
        """Make everything written so far durable.

        Raises:
            OSError: the system could not.
        """
        os.fsync(self.descriptor)

    def close(self) -> None:
        """Close the file as it is; what counts of it was made durable before."""
        with contextlib.suppress(OSError):
            os.close(self.descriptor)

    def _write_whole(self, rest: memoryview, offset_bytes: int) -> None:
        while rest:
            written = os.pwrite(self.descriptor, rest, offset_bytes)
            rest, offset_bytes = rest[written:], offset_bytes + written

    def _next_data(self, offset_bytes: int) -> int:
        """Where the next bytes begin that are no hole; a file system that cannot tell may have them here."""
        try:
            return os.lseek(self.descriptor, offset_bytes, os.SEEK_DATA)
        except OSError as error:
            nothing_but_a_hole = error.errno == errno.ENXIO
            return self.size_bytes if nothing_but_a_hole else offset_bytes


def create_rescue_file(path: Path, size_bytes: int) -> RescueFile:
    """Create a rescue file, all of it a hole; never over an existing file.

    Raises:
        DestinationError: it cannot be created; nothing is left.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise _no_file(path, error) from error
    try:
        os.ftruncate(descriptor, size_bytes)
        sync_folder(path.parent)
    except OSError as error:
        os.close(descriptor)
        path.unlink(missing_ok=True)
        raise _no_file(path, error) from error
    return RescueFile(path, descriptor, size_bytes)


def open_rescue_file(path: Path, size_bytes: int, held_bytes: int) -> RescueFile:
    """Open a rescue file that is there, whoever began it; one that is shorter than the media is lengthened.

    It must hold `held_bytes`, up to which its map calls something finished: what is missing would become zeros.

    Raises:
        DestinationError: absent, no regular file of one name, longer than the media, shorter than it must be, or
            the system refuses.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError as error:
        raise _no_file(path, error) from error
    try:
        _require_fitting(path, os.fstat(descriptor), size_bytes, held_bytes)
        os.ftruncate(descriptor, size_bytes)
    except OSError as error:
        os.close(descriptor)
        raise _no_file(path, error) from error
    except DestinationError:
        os.close(descriptor)
        raise
    return RescueFile(path, descriptor, size_bytes)


def _require_fitting(path: Path, found: os.stat_result, size_bytes: int, held_bytes: int) -> None:
    """See that a file can be the rescue file of media of this size.

    Raises:
        DestinationError: it cannot.
    """
    if not stat.S_ISREG(found.st_mode):
        raise DestinationError("the rescue file is no regular file", str(path), "Put the file itself there")
    if found.st_nlink != 1:
        raise DestinationError("the rescue file has a second name elsewhere", str(path), "Make a copy of it")
    if found.st_size < held_bytes:
        what = f"the rescue file has {found.st_size} bytes, its map calls some up to {held_bytes} finished"
        raise DestinationError(what, str(path), "One of the two was cut or is of another rescue")
    if found.st_size > size_bytes:
        what = f"the rescue file has {found.st_size} bytes, the media {size_bytes}"
        raise DestinationError(what, str(path), "It is of another drive, or of another range of it")


def _no_file(path: Path, error: OSError) -> DestinationError:
    return DestinationError("the rescue file cannot be used", str(path), describe_write_error(error))


def _runs(view: memoryview) -> list[tuple[int, int, bool]]:
    """The stretch cut where zeros begin and end: (offset, size, whether it is zeros), in whole blocks."""
    runs: list[tuple[int, int, bool]] = []
    for offset in range(0, len(view), BLOCK_SIZE_BYTES):
        block = view[offset : offset + BLOCK_SIZE_BYTES]
        zero = is_zero(block)
        if runs and runs[-1][2] is zero:
            runs[-1] = (runs[-1][0], runs[-1][1] + len(block), zero)
        else:
            runs.append((offset, len(block), zero))
    return runs
