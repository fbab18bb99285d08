"""What is done with the media of an image while it passes by: digests of the stream, of ranges, of the files.

A consumer takes pieces in order, in one thread, and finishes once.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from image.digests import Hasher, new_hasher
from image.media_pieces import MediaPiece
from image.segment_files import SegmentFiles, SegmentReadError

PIECE_DIGEST_BYTES = 64 * 1024 * 1024
FILE_BLOCK_BYTES = 1024 * 1024


class Consumer(Protocol):
    """Something that looks at every piece of the media."""

    def take(self, piece: MediaPiece) -> None:
        """Look at the next piece."""
        ...

    def finish(self) -> None:
        """Say that there are no more pieces."""
        ...


class WholeDigest:
    """One digest of the whole stream."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm
        self.hasher = new_hasher(algorithm)

    def take(self, piece: MediaPiece) -> None:
        """Take in the next piece."""
        self.hasher.update(piece.data)

    def finish(self) -> None:
        """Nothing is left to do."""

    @property
    def hexdigest(self) -> str:
        """The digest so far."""
        return self.hasher.hexdigest()


class SegmentMediaDigests:
    """SHA-256 of the media of each segment; `unread` are segments of which the system could not read all."""

    def __init__(self, segment_count: int) -> None:
        self._hasher = new_hasher("sha256")
        self._current = 0
        self._empty = self._hasher.hexdigest()
        self.digests = [self._empty] * segment_count
        self.unread: set[int] = set()

    def take(self, piece: MediaPiece) -> None:
        """Take in the next piece."""
        if piece.segment_index != self._current:
            self.finish()
            self._current = piece.segment_index
        self._hasher.update(piece.data)
        if not piece.is_read:
            self.unread.add(piece.segment_index)

    def finish(self) -> None:
        """End the segment that was last looked at."""
        digest = self._hasher.hexdigest()
        if digest != self._empty:
            self.digests[self._current] = digest
            self._hasher = new_hasher("sha256")


class MediaPieceDigests:
    """SHA-256 of each 64 MiB of the media, the last one shorter."""

    def __init__(self) -> None:
        self._hasher = new_hasher("sha256")
        self._filled_bytes = 0
        self.digests: list[str] = []

    def take(self, piece: MediaPiece) -> None:
        """Take in the next piece."""
        view = memoryview(piece.data)
        while len(view):
            part = view[: PIECE_DIGEST_BYTES - self._filled_bytes]
            self._hasher.update(part)
            self._filled_bytes += len(part)
            view = view[len(part) :]
            if self._filled_bytes == PIECE_DIGEST_BYTES:
                self._close()

    def finish(self) -> None:
        """End the last, shorter piece."""
        if self._filled_bytes:
            self._close()

    def _close(self) -> None:
        """Keep a digest and begin the next one."""
        self.digests.append(self._hasher.hexdigest())
        self._hasher = new_hasher("sha256")
        self._filled_bytes = 0


class FileDigests:
    """Digests of the segment files themselves, fed with the stored bytes as they pass and with what lies between.

    Pieces that come out of order are passed over here and read again with what lies between. `last_hashers` are
    those of the last file that has ended.
    """

    def __init__(self, files: SegmentFiles, wanted: Sequence[frozenset[str]], go_on: Callable[[], None]) -> None:
        self._files = files
        self._wanted = wanted
        self._go_on = go_on
        self._index = 0
        self._position_bytes = 0
        self._hashers = self._fresh(0)
        self.last_hashers: dict[str, Hasher] = {}
        self.digests: dict[tuple[int, str], str] = {}
        self.errors: list[SegmentReadError] = []

    def take(self, piece: MediaPiece) -> None:
        """Take in the stored bytes of the next piece, after whatever stands before them."""
        while self._index < piece.segment_index:
            self._end_file()
        if piece.segment_index > self._index or piece.stored_offset_bytes < self._position_bytes:
            return
        self._read_to(piece.stored_offset_bytes)
        if self._position_bytes == piece.stored_offset_bytes:
            self._update(piece.stored)

    def finish(self) -> None:
        """Take in the rest of every file."""
        while self._index < len(self._files):
            self._end_file()

    def _fresh(self, index: int) -> dict[str, Hasher]:
        """New hashers for a file."""
        return {name: new_hasher(name) for name in self._wanted[index]} if index < len(self._wanted) else {}

    def _update(self, data: bytes | memoryview) -> None:
        """Take in the next bytes of the file."""
        for hasher in self._hashers.values():
            hasher.update(data)
        self._position_bytes += len(data)

    def _read_to(self, offset_bytes: int) -> None:
        """Read the file from where its digests stand to this offset."""
        while self._hashers and self._position_bytes < offset_bytes:
            self._go_on()
            size = min(FILE_BLOCK_BYTES, offset_bytes - self._position_bytes)
            try:
                self._update(self._files.read(self._index, self._position_bytes, size))
            except SegmentReadError as error:
                self.errors.append(error)
                self._hashers = {}

    def _end_file(self) -> None:
        """Keep the digests of a file and go on to the next."""
        self._read_to(self._files.sizes_bytes[self._index])
        for name, hasher in self._hashers.items():
            self.digests[self._index, name] = hasher.hexdigest()
        self.last_hashers = self._hashers
        self._index += 1
        self._position_bytes = 0
        self._hashers = self._fresh(self._index)
