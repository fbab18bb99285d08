"""Chunks of media data as an EWF-E01 file stores them: deflated, or raw with an Adler-32 behind.

A chunk is stored deflated only where that is smaller than the raw chunk without its checksum
(specification, "Sectors section", "Data chunk"; EnCase refuses larger ones).
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from isal import isal_zlib
from isal.igzip_lib import IsalError

from image.buffers import BufferStore, Lease
from image.ewf.chunk_batches import ChunkBatches, chunk_batches
from image.ewf.code_sets import require_whole_sets
from image.ewf.sections import CompressionLevel
from image.sampling import is_zero, looks_incompressible

CHECKSUM = Struct("<I")


@dataclass(frozen=True, slots=True)
class EncodedChunks:
    """A stretch of chunks as they go to the file: their bytes, each one's stored size, and which are deflated.

    `data` is valid until `lease` is released, which whoever writes the last of it does.
    """

    data: memoryview
    sizes: tuple[int, ...]
    deflated: tuple[bool, ...]
    zero_bytes: int
    incompressible_bytes: int
    lease: Lease


class ChunkEncoder:
    """Encodes stretches of at most `stretch_bytes` in chunks of one size; threads may share it."""

    def __init__(self, chunk_size_bytes: int, compression: CompressionLevel, stretch_bytes: int) -> None:
        self.chunk_size_bytes = chunk_size_bytes
        self._buffers = BufferStore(stretch_bytes + -(-stretch_bytes // chunk_size_bytes) * CHECKSUM.size)
        self._compression = compression
        self._deflated_zeros = self._deflate(memoryview(bytes(chunk_size_bytes)))
        self._batches = chunk_batches() if compression is not CompressionLevel.BEST else None

    def encode(self, media: memoryview) -> EncodedChunks:
        """The stored form of media that begins at a chunk border; only its last chunk may be short."""
        if self._batches is not None:
            return self._encoded_together(self._batches, media)
        stretch = _Stretch(self._buffers.lease())
        for start in range(0, len(media), self.chunk_size_bytes):
            chunk = media[start : start + self.chunk_size_bytes]
            if is_zero(chunk):
                stretch.zero_bytes += len(chunk)
                packed = self._packed_zeros(chunk)
            else:
                packed = self._packed(chunk, expect_dense=stretch.is_dense)
                stretch.note_density(chunk, self._is_dense(chunk, packed))
            stretch.add(chunk, packed)
        return stretch.encoded()

    def _encoded_together(self, batches: ChunkBatches, media: memoryview) -> EncodedChunks:
        """The same in one call."""
        lease = self._buffers.lease()
        zeros = b"" if self._compression is CompressionLevel.NONE else self._deflated_zeros
        made = batches.encode(media, self.chunk_size_bytes, zeros, lease.buffer)
        data = memoryview(lease.buffer)[: made.stored_bytes]
        deflated = tuple(mark == 1 for mark in made.deflated)
        return EncodedChunks(data, tuple(made.sizes), deflated, made.zero_bytes, made.incompressible_bytes, lease)

    def _is_dense(self, chunk: memoryview, packed: bytes | None) -> bool:
        """Whether the chunk did not shrink, or would not have."""
        return packed is None and (self._compression is not CompressionLevel.NONE or looks_incompressible(chunk))

    def _packed_zeros(self, chunk: memoryview) -> bytes | None:
        if self._compression is CompressionLevel.NONE:
            return None
        if len(chunk) == self.chunk_size_bytes:
            return self._deflated_zeros
        packed = self._deflate(chunk)
        return packed if len(packed) < len(chunk) else None

    def _packed(self, chunk: memoryview, *, expect_dense: bool) -> bytes | None:
        """The deflated chunk, or None where it is better stored raw.

        Content comes in runs: only behind a chunk that did not shrink is a quick look worth its time.
        """
        if self._compression is CompressionLevel.NONE:
            return None
        if expect_dense and self._compression is CompressionLevel.FAST and looks_incompressible(chunk):
            return None
        packed = self._deflate(chunk)
        return packed if len(packed) < len(chunk) else None

    def _deflate(self, chunk: memoryview) -> bytes:
        if self._compression is CompressionLevel.BEST:
            return zlib.compress(chunk, 9)
        return isal_zlib.compress(chunk, 1)


class _Stretch:
    """The chunks of a stretch, put into one buffer as they are encoded."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._buffer = memoryview(lease.buffer)
        self._filled_bytes = 0
        self._sizes: list[int] = []
        self._deflated: list[bool] = []
        self._incompressible_bytes = 0
        self.zero_bytes = 0
        self.is_dense = True

    def note_density(self, chunk: memoryview, is_dense: bool) -> None:
        """Remember whether the chunk shrank."""
        self.is_dense = is_dense
        if is_dense:
            self._incompressible_bytes += len(chunk)

    def add(self, chunk: memoryview, packed: bytes | None) -> None:
        """Add a chunk deflated, or raw with its checksum behind."""
        before = self._filled_bytes
        if packed is None:
            self._put(chunk)
            self._put(CHECKSUM.pack(isal_zlib.adler32(chunk)))
        else:
            self._put(packed)
        self._sizes.append(self._filled_bytes - before)
        self._deflated.append(packed is not None)

    def encoded(self) -> EncodedChunks:
        """The stretch as a value."""
        data = self._buffer[: self._filled_bytes]
        sizes, deflated = tuple(self._sizes), tuple(self._deflated)
        return EncodedChunks(data, sizes, deflated, self.zero_bytes, self._incompressible_bytes, self._lease)

    def _put(self, data: bytes | memoryview) -> None:
        end = self._filled_bytes + len(data)
        self._buffer[self._filled_bytes : end] = data
        self._filled_bytes = end


@dataclass(frozen=True, slots=True)
class Inflated:
    """What a deflated chunk came to: its media data, whether the stream ended, and the bytes behind its end."""

    data: bytes
    ended: bool
    rest_bytes: int


def inflate(stored: bytes | memoryview, maximum_bytes: int) -> Inflated:
    """Inflate a stored chunk, its checksum looked at, to at most `maximum_bytes` and one.

    Raises:
        ValueError: the stream is damaged.
    """
    stream = isal_zlib.decompressobj()
    try:
        data = stream.decompress(stored, maximum_bytes + 1)
    except IsalError as error:  # type: ignore[misc]  # the stub declares an instance
        raise ValueError(f"does not inflate: {error}") from error
    require_whole_sets(stored, maximum_bytes)
    return Inflated(data, stream.eof, len(stream.unused_data))


class ChunkInflater:
    """Inflates one large chunk in pieces of at most `piece_bytes`."""

    def __init__(self, piece_bytes: int) -> None:
        self._stream = zlib.decompressobj()
        self._piece_bytes = piece_bytes

    def pieces(self, stored: bytes) -> Iterator[bytes]:
        """The media data that the next stored bytes give.

        Raises:
            ValueError: the stream is damaged, or bytes stand behind its end.
        """
        if self._stream.eof:
            raise ValueError("bytes stand behind the compressed data")
        try:
            data = self._stream.decompress(stored, self._piece_bytes)
            while data:
                yield data
                data = self._stream.decompress(self._stream.unconsumed_tail, self._piece_bytes)
        except zlib.error as error:
            raise ValueError(f"does not inflate: {error}") from error

    @property
    def ended(self) -> bool:
        """Whether the stream has ended with nothing behind it."""
        return self._stream.eof and not self._stream.unused_data


def checksum(data: bytes | memoryview) -> int:
    """The Adler-32 of chunk data that is stored raw."""
    return isal_zlib.adler32(data)
