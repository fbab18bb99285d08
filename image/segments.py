"""Segment files as they are made: created new, written append-only, hashed while they are written.

The same bytes go to every destination. A destination that fails is dropped and the others go on; the writer
stops only when none is left.
"""

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from image.digests import Hasher
from image.durable_part import DurablePart
from image.errors import DestinationError
from image.reopening import cut_to, later_segments, open_durable, remove_files
from image.write_errors import NO_PERMISSION_BITS, describe_write_error

Piece = bytes | memoryview


@dataclass(eq=False)
class Destination:
    """One folder and stem that receives the segments, e.g. /dest/JB1; `failure` is set once and for all."""

    path: Path
    failure: str | None = None
    _descriptor: int = field(default=-1, repr=False)
    _file: Path | None = field(default=None, repr=False)

    @property
    def is_live(self) -> bool:
        """Whether it still receives data."""
        return self.failure is None

    def create(self, name: str) -> None:
        """Create the next segment file; never over an existing one."""
        self._file = self.path.with_name(name)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._descriptor = os.open(self._file, flags, 0o644)

    def reopen(self, name: str, length_bytes: int) -> None:
        """Open a segment file that is there, cut to this length and durable so, to be written further."""
        self._file = self.path.with_name(name)
        self._descriptor = open_durable(self._file, length_bytes)
        cut_to(self._descriptor, length_bytes)

    def append(self, pieces: Sequence[Piece]) -> None:
        """Write all of the pieces, however the system cuts the writes up."""
        rest = [memoryview(piece) for piece in pieces if len(piece)]
        while rest:
            written = os.writev(self._descriptor, rest[:512])
            if not written:
                raise OSError(errno.EIO, "a write took nothing")
            rest = _behind(rest, written)

    def skip(self, size_bytes: int) -> None:
        """Leave a hole of zeros."""
        os.lseek(self._descriptor, size_bytes, os.SEEK_CUR)

    def start_writeback(self, offset_bytes: int, size_bytes: int) -> None:
        """Let the kernel write these bytes out now and forget them, so that little is left for the last sync."""
        os.posix_fadvise(self._descriptor, offset_bytes, size_bytes, os.POSIX_FADV_DONTNEED)

    def sync(self, length_bytes: int) -> None:
        """Make the open file durable at this length (a hole at its end included)."""
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, length_bytes)
            os.fsync(self._descriptor)

    def cut(self, durable: Mapping[str, int]) -> None:
        """Shorten the last file to what is durable of it, in bytes by name; one that is not named keeps nothing.

        A segment that was closed meanwhile is opened again for it.
        """
        if self._file is None:
            return
        length_bytes = durable.get(self._file.name, 0)
        if self._descriptor < 0:
            if self._file.stat().st_size <= length_bytes:
                return
            self._descriptor = open_durable(self._file, length_bytes)
        cut_to(self._descriptor, length_bytes)

    def finish(self) -> None:
        """Close the open file and make it read-only."""
        if self._descriptor >= 0 and self._file is not None:
            make_read_only(self._descriptor)
            self.close()
            sync_folder(self._file.parent)

    def close(self) -> None:
        """Close the open file as it is."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


class SegmentSet:
    """The segment file being written, at every live destination, with its length and running SHA-256."""

    def __init__(self, destinations: Sequence[Destination], on_failure: Callable[[Destination], None]) -> None:
        self._destinations = tuple(destinations)
        self._on_failure = on_failure
        self._hasher: Hasher = hashlib.sha256()
        self._hashed_bytes = 0
        self.name: str | None = None
        self.length_bytes = 0

    @property
    def live(self) -> tuple[Destination, ...]:
        """The destinations that still receive data."""
        return tuple(item for item in self._destinations if item.is_live)

    def open_next(self, name_for: Callable[[str], str]) -> None:
        """Create the next segment file at each destination; `name_for` makes its name from the stem.

        Raises:
            DestinationError: no destination is left.
        """
        self._hasher = hashlib.sha256()
        self._hashed_bytes = 0
        self.length_bytes = 0
        self.name = name_for(self._destinations[0].path.name)
        self._everywhere(lambda item: item.create(name_for(item.path.name)))

    def reopen(self, part: DurablePart, hasher: Hasher | None, name_for: Callable[[str, int], str]) -> None:
        """Cut every destination back to a proven part and go on there; segment files behind it are removed.

        `hasher` is the SHA-256 of the open segment file up to the watermark, None for files that are not hashed;
        `name_for` makes the name of a segment from the stem and its number. Nothing is changed at a destination
        that has anything else by these names.

        Raises:
            DestinationError: no destination is left.
        """
        number = len(part.closed) + (1 if part.file is None else 2)
        self._hasher = hasher or hashlib.sha256()
        self._hashed_bytes = -1 if hasher is None else part.length_bytes
        self.name, self.length_bytes = part.file, part.length_bytes

        def cut_back(item: Destination) -> None:
            later = later_segments(item.path, number, name_for)
            if part.file is not None:
                item.reopen(part.file, part.length_bytes)
            remove_files(later)

        self._everywhere(cut_back)

    @property
    def file_sha256(self) -> str | None:
        """The SHA-256 in hex of the open segment file so far; None without one, or where it was not hashed."""
        known = self.name is not None and self._hashed_bytes == self.length_bytes
        return self._hasher.hexdigest() if known else None

    def append(self, pieces: Sequence[Piece], *, hashed: bool = True) -> None:
        """Write these bytes to every destination; with `hashed` they enter the SHA-256 of the file.

        Raises:
            DestinationError: no destination is left.
        """
        start = self.length_bytes
        size_bytes = sum(len(piece) for piece in pieces)
        if hashed:
            for piece in pieces:
                self._hasher.update(piece)
            self._hashed_bytes += size_bytes
        self._everywhere(lambda item: item.append(pieces))
        self.length_bytes += size_bytes
        self._everywhere(lambda item: item.start_writeback(start, size_bytes))

    def skip(self, size_bytes: int) -> None:
        """Leave a hole of zeros; the caller hashes them.

        Raises:
            DestinationError: no destination is left.
        """
        self._everywhere(lambda item: item.skip(size_bytes))
        self.length_bytes += size_bytes

    def sync(self) -> None:
        """Make everything written so far durable.

        Raises:
            DestinationError: no destination is left.
        """
        self._everywhere(lambda item: item.sync(self.length_bytes))

    def finish(self) -> str:
        """Close the file, durable and read-only; its SHA-256 in hex as hashed here.

        Raises:
            DestinationError: no destination is left.
        """
        self.sync()
        self._everywhere(lambda item: item.finish())
        self.name = None
        return self._hasher.hexdigest()

    def close(self) -> None:
        """Close the open files as they are, at every destination."""
        for item in self._destinations:
            with contextlib.suppress(OSError):
                item.close()

    def fail(self, destination: Destination, error: OSError) -> None:
        """Drop a destination.

        Raises:
            DestinationError: it was the last one.
        """
        destination.failure = describe_write_error(error)
        self._on_failure(destination)
        with contextlib.suppress(OSError):
            destination.close()
        if not self.live:
            raise DestinationError(
                "the image cannot be written", str(destination.path), destination.failure
            ) from error

    def _everywhere(self, act: Callable[[Destination], None]) -> None:
        for item in self.live:
            try:
                act(item)
            except OSError as error:
                self.fail(item, error)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable.

    Raises:
        OSError: the system could not.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_read_only(descriptor: int) -> None:
    """Take the write permission from a file, where its file system keeps permissions.

    Raises:
        OSError: the system could not.
    """
    try:
        os.fchmod(descriptor, 0o444)
    except OSError as error:
        if error.errno not in NO_PERMISSION_BITS:
            raise


def _behind(pieces: list[memoryview], written: int) -> list[memoryview]:
    """What is left of the pieces when this many bytes of them are written."""
    index = 0
    while index < len(pieces) and written >= len(pieces[index]):
        written -= len(pieces[index])
        index += 1
    rest = pieces[index:]
    if written:
        rest[0] = rest[0][written:]
    return rest
