"""Chunks above 16 MiB, read and decoded in pieces of 1 MiB, so that memory stays bounded."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from zlib import adler32

from image.ewf.chunk_plan import ChunkBatch
from image.ewf.chunks import CHECKSUM, ChunkInflater
from image.ewf.decoding import ChunkGeometry
from image.media_pieces import MediaPiece, PieceDefect
from image.segment_files import SegmentFiles, SegmentReadError

BIG_CHUNK_BYTES = 16 * 1024 * 1024
PIECE_BYTES = 1024 * 1024


class BigChunkReader:
    """Reads one chunk at a time; what cannot be decoded counts as zeros."""

    def __init__(self, files: SegmentFiles, geometry: ChunkGeometry) -> None:
        self._files = files
        self._geometry = geometry

    def pieces(self, batch: ChunkBatch) -> Iterator[MediaPiece]:
        """The media of a batch of one chunk, as much as it should hold; a batch without one was not read."""
        at = self._geometry.place_of(batch)
        for piece in self._unplaced(batch):
            yield replace(piece, media_offset_bytes=at)
            at = at + len(piece.data) if at is not None else None

    def _unplaced(self, batch: ChunkBatch) -> Iterator[MediaPiece]:
        """The pieces of the batch, each behind the one before."""
        if not batch.starts:
            yield MediaPiece(batch.segment_index, b"", 0, b"", is_read=False)
            return
        (start,), (end,), wanted = batch.starts, batch.ends, self._wanted(batch)
        inside = batch.area_start_bytes <= start < end <= batch.area_end_bytes
        if not inside or end - start > self._geometry.maximum_stored_bytes:
            yield from self._zeros(batch, wanted, "chunk-offset", "its entry points outside the place for chunks")
            return
        given = 0
        try:
            for piece in self._inflated(batch) if batch.compressed[0] else self._raw(batch):
                yield piece
                given += len(piece.data)
        except ValueError as error:
            yield from self._zeros(batch, wanted - given, "chunk-damaged", f"{error}")
        except SegmentReadError as error:
            yield from self._zeros(batch, wanted - given, "segment-unreadable", error.reason, is_read=False)

    def _wanted(self, batch: ChunkBatch) -> int:
        """The bytes of media data that the chunk should hold."""
        return batch.last_chunk_bytes or self._geometry.chunk_bytes

    def _stored(self, batch: ChunkBatch, end: int) -> Iterator[tuple[int, bytes]]:
        """The stored bytes of the chunk up to `end`, each piece with its place in the file."""
        for offset in range(batch.starts[0], end, PIECE_BYTES):
            yield offset, self._files.read(batch.segment_index, offset, min(PIECE_BYTES, end - offset))

    def _inflated(self, batch: ChunkBatch) -> Iterator[MediaPiece]:
        """The pieces of a compressed chunk.

        Raises:
            ValueError: the stream is damaged, cut short, or gives another number of bytes.
        """
        inflater = ChunkInflater(PIECE_BYTES)
        left = self._wanted(batch)
        for offset, stored in self._stored(batch, batch.ends[0]):
            for data in chain(inflater.pieces(stored), (b"",)):
                left -= len(data)
                if left < 0:
                    raise ValueError(f"more than {self._wanted(batch)} bytes of media data")
                yield MediaPiece(batch.segment_index, data, offset, stored)
        if left or not inflater.ended:
            raise ValueError(f"{left} bytes of media data are missing, or bytes stand behind the compressed data")

    def _raw(self, batch: ChunkBatch) -> Iterator[MediaPiece]:
        """The pieces of an uncompressed chunk.

        Raises:
            ValueError: another size, or the checksum is wrong.
        """
        end = batch.ends[0] - CHECKSUM.size
        if end - batch.starts[0] != self._wanted(batch):
            raise ValueError(f"{end - batch.starts[0]} bytes instead of {self._wanted(batch)}")
        computed = 1
        for offset, stored in self._stored(batch, end):
            computed = adler32(stored, computed)
            yield MediaPiece(batch.segment_index, stored, offset, stored)
        (found,) = CHECKSUM.unpack(self._files.read(batch.segment_index, end, CHECKSUM.size))
        if found != computed:
            raise ValueError(f"checksum {found:08x} instead of {computed:08x}")

    def _zeros(
        self, batch: ChunkBatch, size_bytes: int, code: str, detail: str, *, is_read: bool = True
    ) -> Iterator[MediaPiece]:
        """Zeros for the rest of the chunk, the first piece with the defect."""
        sectors = self._geometry.sectors_of(batch.first_chunk) if batch.is_placed else None
        defects: tuple[PieceDefect, ...] = (
            PieceDefect(code, f"chunk {batch.first_chunk}: {detail}", batch.starts[0], sectors),
        )
        for offset in range(0, max(size_bytes, 1), PIECE_BYTES):
            data = bytes(min(PIECE_BYTES, size_bytes - offset))
            yield MediaPiece(batch.segment_index, data, batch.starts[0], b"", defects, is_read)
            defects = ()
