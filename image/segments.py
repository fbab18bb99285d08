"""Segment files as they are made: created new, written append-only, hashed while they are written.

The same bytes go to every destination. A destination that fails is dropped and the others go on; the writer
stops only when none is left.
"""

import contextlib
import hashlib
from collections.abc import Callable, Sequence

from image.destinations import Destination, Piece
from image.digests import Hasher
from image.durability import sync_folder
from image.durable_part import DurablePart
from image.errors import DestinationError
from image.reopening import later_segments, remove_files
from image.write_errors import describe_write_error


class SegmentSet:
    """The segment file being written, at every live destination, with its length and running SHA-256."""

    def __init__(self, destinations: Sequence[Destination], on_failure: Callable[[Destination], None]) -> None:
        self._destinations = tuple(destinations)
        self._on_failure = on_failure
        self._hasher: Hasher = hashlib.sha256()
        self._hashed_bytes = 0
        self.name: str | None = None
        self.length_bytes = 0
        self.stored_bytes = 0
        """The bytes appended in all, holes left out."""

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
        self.name, self.length_bytes = part.file, part.length_bytes if part.file else 0

        def cut_back(item: Destination) -> None:
            stems = [folder / item.path.name for folder in item.folders]
            later = [path for stem in stems for path in later_segments(stem, number, name_for)]
            if part.file is not None:
                item.reopen(part.file, part.length_bytes)
                later += item.copies(part.file)
            remove_files(later)
            for folder in item.folders:
                sync_folder(folder)

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
        self.stored_bytes += size_bytes
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
