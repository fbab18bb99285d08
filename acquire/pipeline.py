"""The engine room: one reader, a thread for each digest, a pool that encodes, one thread that writes.

Batches travel in a fixed pool of buffers, so memory is constant and a slow stage slows the reader down.
Python touches batches of 1 to 16 MiB; everything done to their bytes is C code that runs side by side.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic

from image.buffers import Buffer, BufferPool
from image.digest_lanes import DigestLanes
from image.lanes import Lane, worker_pool
from image.media_digest import MediaDigester
from image.part_proof import ProvenPart
from image.sectors import SectorRange
from image.writing import Encoded, EncodedT, ImageWriter, batch_size

POOL_SIZE_BYTES = 32 * 1024 * 1024
MINIMUM_BUFFERS = 4


@dataclass(frozen=True)
class Batch(Generic[EncodedT]):
    """One stretch of media on its way: its sectors, its buffer, its encoding under way, and whether sectors of it
    are unreadable."""

    sectors: SectorRange
    buffer: Buffer
    encoding: "Future[EncodedT]"
    has_unreadable: bool


class Pipeline(Generic[EncodedT]):
    """Feeds batches to the digests and the writer.

    `before_append` is called in the writing thread before a batch goes to the writer, `after_append` behind it.
    The digests go on behind the `proven` part of an image that was begun before.
    """

    def __init__(
        self,
        writer: ImageWriter[EncodedT],
        algorithms: tuple[str, ...],
        before_append: Callable[[Batch[EncodedT]], None],
        after_append: Callable[[SectorRange, Encoded], None],
        proven: ProvenPart | None = None,
    ) -> None:
        self._writer = writer
        self._algorithms = algorithms
        self._before_append = before_append
        self._after_append = after_append
        self.batch_size_bytes = batch_size(writer.stretch_bytes)
        buffers = max(MINIMUM_BUFFERS, POOL_SIZE_BYTES // self.batch_size_bytes)
        self._pool = BufferPool(buffers, self.batch_size_bytes)
        self._encoders = worker_pool("encode")
        names = [name for name in algorithms if name != "sha256"]
        self._digests = DigestLanes(names, proven.hashers) if proven else DigestLanes(names)
        self.media = proven.media if proven else MediaDigester()
        self._media_lane = Lane(self._digest_media, "sha256", drop=lambda item: item[0].release())
        self._write_lane = Lane(self._write, "write", drop=self._drop)

    def take_buffer(self, size_bytes: int) -> Buffer:
        """A free buffer for the next batch; waits while all are in use."""
        return self._pool.take(size_bytes, len(self._digests) + 1)

    def put(self, sectors: SectorRange, buffer: Buffer, *, has_unreadable: bool) -> None:
        """Hand a filled buffer to the digests and the writer.

        Raises:
            DestinationError: no destination is left.
        """
        encoding = self._encoders.submit(self._writer.encode, buffer.view)
        self._write_lane.put(Batch(sectors, buffer, encoding, has_unreadable))
        self._digests.put(buffer)

    def settle(self) -> None:
        """Wait until every batch so far is with the writer and in the media digest; more may follow.

        Raises:
            DestinationError: no destination is left.
        """
        self._write_lane.settle()
        self._media_lane.settle()

    def drain(self) -> None:
        """Wait until every batch is digested and with the writer.

        Raises:
            DestinationError: no destination is left.
        """
        try:
            self._write_lane.close()
            self._media_lane.close()
            self._digests.close()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Stop the threads, whatever state they are in."""
        self._write_lane.abandon()
        self._media_lane.abandon()
        self._digests.abandon()
        self._encoders.shutdown(cancel_futures=True)

    def hexdigests(self) -> dict[str, str]:
        """Algorithm to digest in hex of the whole stream; to be asked when the pipeline has drained."""
        made = self._digests.hexdigests() | {"sha256": self.media.hexdigest()}
        return {name: made[name] for name in self._algorithms}

    def _digest_media(self, item: tuple[Buffer, tuple[int, ...]]) -> None:
        buffer, cuts = item
        self.media.update(buffer.view, cuts)
        buffer.release()

    def _write(self, batch: Batch[EncodedT]) -> None:
        encoded = batch.encoding.result()
        self._before_append(batch)
        cuts = self._writer.append(batch.buffer.view, encoded)
        self._media_lane.put((batch.buffer, cuts))
        self._after_append(batch.sectors, encoded)

    def _drop(self, batch: Batch[EncodedT]) -> None:
        batch.buffer.release()


def batch_ranges(first_sector: int, end_sector: int, batch_sectors: int) -> Iterator[SectorRange]:
    """The media from one sector to before another, cut into batches, in order; none where nothing is left."""
    if first_sector < end_sector:
        yield from SectorRange(first_sector, end_sector - first_sector).pieces(batch_sectors)
