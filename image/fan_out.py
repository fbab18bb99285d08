"""Pieces of media handed to several consumers, each in a thread of its own, with a bound on what waits.

Small images are handed over in the calling thread: threads would cost more than the work.
"""

from collections.abc import Sequence
from threading import Lock, Semaphore
from typing import Self

from image.consumers import Consumer
from image.lanes import Lane
from image.media_pieces import MediaPiece

MEMORY_BYTES = 64 * 1024 * 1024


class FanOut:
    """Hands pieces to consumers; with `threaded`, at most `depth` pieces wait for each of them."""

    def __init__(self, consumers: Sequence[Consumer], *, threaded: bool, piece_bytes: int) -> None:
        self._consumers = tuple(consumers)
        depth = max(2, min(8, MEMORY_BYTES // (2 * max(piece_bytes, 1))))
        self._lanes = [_ConsumerLane(consumer, depth) for consumer in consumers] if threaded else []

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let every thread end, whatever became of it."""
        for lane in self._lanes:
            lane.abandon()

    def put(self, piece: MediaPiece) -> None:
        """Hand a piece to every consumer; it is released when the last one is done.

        Raises:
            BaseException: what a consumer raised.
        """
        if not self._lanes:
            for consumer in self._consumers:
                consumer.take(piece)
            piece.release()
            return
        shared = _Shared(piece, len(self._lanes))
        for lane in self._lanes:
            lane.put(shared)

    def finish(self) -> None:
        """Wait until every consumer is done, and say so to each.

        Raises:
            BaseException: what a consumer raised.
        """
        for lane in self._lanes:
            lane.close()
        for consumer in self._consumers:
            consumer.finish()


class _Shared:
    """A piece that several consumers look at; the last one to be done releases it."""

    def __init__(self, piece: MediaPiece, users: int) -> None:
        self.piece = piece
        self._users = users
        self._lock = Lock()

    def done(self) -> None:
        """Say that one consumer is done."""
        with self._lock:
            self._users -= 1
            if self._users:
                return
        self.piece.release()


class _ConsumerLane:
    """A lane that makes the one who feeds it wait while `depth` pieces are not yet done."""

    def __init__(self, consumer: Consumer, depth: int) -> None:
        self._take = consumer.take
        self._room = Semaphore(depth)
        self._lane = Lane(self._work, type(consumer).__name__, self._drop)

    def put(self, shared: _Shared) -> None:
        """Hand over a piece when there is room."""
        self._room.acquire()
        self._lane.put(shared)

    def close(self) -> None:
        """Wait until every piece is done."""
        self._lane.close()

    def abandon(self) -> None:
        """Let the thread end."""
        self._lane.abandon()

    def _work(self, shared: _Shared) -> None:
        """Take one piece; its room is free again whatever happens."""
        try:
            self._take(shared.piece)
        finally:
            self._drop(shared)

    def _drop(self, shared: _Shared) -> None:
        """Free the room of a piece, and its memory where nobody else uses it."""
        self._room.release()
        shared.done()
