"""The segment files of an image, open for reading: exact reads, and a bounded number of open files."""

import os
import stat
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from image.errors import ImageNotReadError

OPEN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
FILE_ENDS = "the file ends here"


class SegmentReadError(Exception):
    """The system could not read bytes that should be in a segment file."""

    def __init__(self, segment_index: int, offset_bytes: int, size_bytes: int, reason: str) -> None:
        self.segment_index = segment_index
        self.offset_bytes = offset_bytes
        self.size_bytes = size_bytes
        self.reason = reason
        super().__init__(f"{reason} at byte {offset_bytes} (segment index {segment_index})")


class SegmentFiles:
    """The files of one image in segment order, with their sizes when first looked at; threads may share it.

    Of files that are not finished only the first `limits_bytes` count, and their names may not be links.
    """

    def __init__(self, paths: Sequence[Path], limits_bytes: Sequence[int] | None = None) -> None:
        self.paths = tuple(paths)
        self.names = tuple(path.name for path in paths)
        self._open: dict[int, _OpenFile] = {}
        self._lock = threading.Lock()
        sizes = tuple(regular_size_bytes(path) for path in paths)
        self.sizes_bytes = sizes if limits_bytes is None else tuple(map(min, sizes, limits_bytes))
        self._flags = OPEN_FLAGS if limits_bytes is None else OPEN_FLAGS | os.O_NOFOLLOW

    def __len__(self) -> int:
        """How many segment files there are."""
        return len(self.paths)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every file."""
        self.close()

    def read(self, index: int, offset_bytes: int, size_bytes: int) -> bytes:
        """Exactly these bytes of the segment of this index (from 0).

        Raises:
            SegmentReadError: the system refuses, or the file ends before.
        """
        try:
            with self._descriptor(index) as descriptor:
                data = os.pread(descriptor, size_bytes, offset_bytes)
                while 0 < len(data) < size_bytes:
                    more = os.pread(descriptor, size_bytes - len(data), offset_bytes + len(data))
                    if not more:
                        break
                    data += more
        except OSError as error:
            raise SegmentReadError(index, offset_bytes, size_bytes, error.strerror or "cannot read") from error
        if len(data) < size_bytes:
            raise SegmentReadError(index, offset_bytes + len(data), size_bytes, FILE_ENDS)
        return data

    def read_into(self, index: int, offset_bytes: int, view: memoryview) -> None:
        """Fill the view with the bytes from this offset of a segment on.

        Raises:
            SegmentReadError: the system refuses, or the file ends before.
        """
        filled = 0
        try:
            with self._descriptor(index) as descriptor:
                while filled < len(view):
                    size = os.preadv(descriptor, [view[filled:]], offset_bytes + filled)
                    if not size:
                        raise SegmentReadError(index, offset_bytes + filled, len(view) - filled, FILE_ENDS)
                    filled += size
        except OSError as error:
            raise SegmentReadError(index, offset_bytes, len(view), error.strerror or "cannot read") from error

    def forget_cached(self) -> None:
        """Drop what the page cache holds of the files, so that the next read comes from the medium.

        Pages not yet written stay: they are written out first.

        Raises:
            SegmentReadError: the system refuses.
        """
        for index in range(len(self.paths)):
            try:
                with self._descriptor(index) as descriptor:
                    os.fsync(descriptor)
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            except OSError as error:
                raise SegmentReadError(index, 0, 0, error.strerror or "cannot drop the cache") from error
            self.close_before(index)

    def close_before(self, index: int) -> None:
        """Close the files of segments before this index; reading one again opens it again.

        A file that a thread is reading is closed when the read is done.
        """
        with self._lock:
            for number in [number for number in self._open if number < index]:
                file = self._open.pop(number)
                file.is_kept = False
                file.close_unused()

    def close(self) -> None:
        """Close every file."""
        self.close_before(len(self.paths))

    @contextmanager
    def _descriptor(self, index: int) -> Iterator[int]:
        """The open file of a segment, which nobody closes meanwhile."""
        with self._lock:
            file = self._open.get(index)
            if file is None:
                file = self._open[index] = _OpenFile(os.open(self.paths[index], self._flags))
            file.users += 1
        try:
            yield file.descriptor
        finally:
            with self._lock:
                file.users -= 1
                file.close_unused()


@dataclass
class _OpenFile:
    """A descriptor, how many threads read through it now, and whether it stays open when none does."""

    descriptor: int
    users: int = 0
    is_kept: bool = True

    def close_unused(self) -> None:
        """Close the descriptor where nobody reads through it nor will."""
        if not self.users and not self.is_kept:
            os.close(self.descriptor)


def regular_size_bytes(path: Path) -> int:
    """The size of a regular file.

    Raises:
        ImageNotReadError: absent, no permission, or not a regular file.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise ImageNotReadError(f"cannot read the image ({error.strerror or error})", str(path)) from error
    if not stat.S_ISREG(status.st_mode):
        raise ImageNotReadError("not a file that holds an image", str(path), "Name the first segment file")
    return status.st_size
