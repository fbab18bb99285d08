"""The SHA-256 of the media: of the whole stream, of each segment's range, and so far at every 64 MiB.

The running digest at each 64 MiB lets a resumed job prove, while it reads back, that what it finds is what was
written; it costs nothing, where separate digests of those pieces would cost a pass of their own.
"""

from hashlib import sha256
from threading import Condition

PREFIX_STEP_BYTES = 64 * 1024 * 1024
WAITS, WAIT_SECONDS = 30, 10.0
"""Waited in short stretches: a process that another one stops loses one of them, however long it stands still."""


class MediaDigester:
    """Takes the media in order, with the places at which segments end; another thread may ask for its digest."""

    def __init__(self) -> None:
        self._whole = sha256()
        self._segment = self._whole
        self._position_bytes = 0
        self._moved = Condition()
        self.segment_digests: list[str] = []
        self.prefix_digests: list[str] = []

    def update(self, media: memoryview, cuts: tuple[int, ...]) -> None:
        """Take in the next stretch; `cuts` are offsets in it, in bytes, at which a segment ends."""
        start = 0
        for cut in cuts:
            self._take(media[start:cut])
            self._end_segment()
            start = cut
        self._take(media[start:])
        with self._moved:
            self._moved.notify_all()

    def digest_at(self, position_bytes: int) -> str | None:
        """The digest of the media so far, in hex, once it stands here; None where more was taken in already.

        Raises:
            RuntimeError: it never gets here.
        """
        with self._moved:
            for _ in range(WAITS):
                if self._moved.wait_for(lambda: self._position_bytes >= position_bytes, WAIT_SECONDS):
                    break
            else:
                raise RuntimeError(f"the media digest stays at byte {self._position_bytes} of {position_bytes}")
        return self._whole.hexdigest() if self._position_bytes == position_bytes else None

    def finish(self, segment_count: int) -> None:
        """Say that the media is complete in so many segments: those without a digest yet end here."""
        while len(self.segment_digests) < segment_count:
            self._end_segment()

    def hexdigest(self) -> str:
        """The digest of the whole stream so far, in hex."""
        return self._whole.hexdigest()

    def _take(self, media: memoryview) -> None:
        while len(media):
            room = PREFIX_STEP_BYTES - self._position_bytes % PREFIX_STEP_BYTES
            piece, media = media[:room], media[room:]
            self._whole.update(piece)
            if self._segment is not self._whole:
                self._segment.update(piece)
            self._position_bytes += len(piece)
            if self._position_bytes % PREFIX_STEP_BYTES == 0:
                self.prefix_digests.append(self._whole.hexdigest())

    def _end_segment(self) -> None:
        """Record the segment's digest; the first segment's is the whole stream's so far."""
        self.segment_digests.append(self._segment.hexdigest())
        self._segment = sha256()
