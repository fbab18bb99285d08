"""Chunks of an Ex01 above 16 MiB, read and decoded in pieces of 1 MiB, so that memory stays bounded."""

from collections.abc import Iterator

from image.ewf.big_chunks import PIECE_BYTES
from image.ewf.big_chunks import BigChunkReader as PlainChunkReader
from image.ewf.chunk_plan import ChunkBatch as PlainBatch
from image.ewf.decoding import ChunkGeometry
from image.ewf2.chunk_plan import ChunkBatch, ChunkEntry
from image.ewf2.gaps import gap_defect
from image.ewf2.layout import KNOWN_CHUNK_FLAGS, PATTERN_BYTES, ChunkFlags, CompressionMethod
from image.media_pieces import MediaPiece, PieceDefect
from image.segment_files import SegmentFiles, SegmentReadError


class BigChunkReader:
    """Reads one chunk at a time; what cannot be decoded counts as zeros."""

    def __init__(self, files: SegmentFiles, geometry: ChunkGeometry, method: int) -> None:
        self._files = files
        self._geometry = geometry
        self._method = method
        self._plain = PlainChunkReader(files, geometry)

    def pieces(self, batch: ChunkBatch) -> Iterator[MediaPiece]:
        """The media of a batch of one chunk, as much as it should hold; a batch without one was not read."""
        if not batch.entries:
            yield MediaPiece(batch.segment_index, b"", 0, b"", is_read=False)
            return
        (entry,) = batch.entries
        if entry.is_filled:
            yield from self._repeated(batch, entry.pattern)
        elif self._is_read_in_pieces(entry):
            yield from self._gap(batch, entry)
            yield from self._plain.pieces(_plain_batch(batch, entry))
        else:
            detail = f"chunk {batch.first_chunk}: stored in a way that is not read above 16 MiB"
            defect = PieceDefect("chunk-size", detail, entry.start_bytes, None)
            yield MediaPiece(batch.segment_index, b"", batch.from_bytes, b"", (defect,), is_read=False)
            yield from self._repeated(batch, bytes(PATTERN_BYTES), is_read=False)

    def _is_read_in_pieces(self, entry: ChunkEntry) -> bool:
        """Whether the chunk is a deflate stream, or raw with its checksum."""
        if entry.flags & ~KNOWN_CHUNK_FLAGS or entry.is_unprotected:
            return False
        return not entry.flags & ChunkFlags.COMPRESSED or self._method == CompressionMethod.DEFLATE

    def _gap(self, batch: ChunkBatch, entry: ChunkEntry) -> Iterator[MediaPiece]:
        """A piece without media where something is wrong in front of the chunk."""
        try:
            inside = batch.area_start_bytes <= entry.start_bytes < batch.area_end_bytes
            defect = gap_defect(self._files, batch.segment_index, batch.from_bytes, entry, b"") if inside else None
        except SegmentReadError as error:
            defect = PieceDefect("segment-unreadable", error.reason, error.offset_bytes, None)
        if defect is not None:
            yield MediaPiece(batch.segment_index, b"", batch.from_bytes, b"", (defect,))

    def _repeated(self, batch: ChunkBatch, pattern: bytes, *, is_read: bool = True) -> Iterator[MediaPiece]:
        """The chunk filled with a pattern."""
        wanted = batch.last_chunk_bytes or self._geometry.chunk_bytes
        filling = pattern * (PIECE_BYTES // PATTERN_BYTES)
        for offset in range(0, wanted, PIECE_BYTES):
            data = filling[: min(PIECE_BYTES, wanted - offset)]
            yield MediaPiece(batch.segment_index, data, batch.from_bytes, b"", is_read=is_read)


def _plain_batch(batch: ChunkBatch, entry: ChunkEntry) -> PlainBatch:
    """The batch as the reader of E01 takes it."""
    return PlainBatch(
        batch.segment_index,
        batch.first_chunk,
        [entry.start_bytes],
        [entry.end_bytes],
        [bool(entry.flags & ChunkFlags.COMPRESSED)],
        batch.area_start_bytes,
        batch.area_end_bytes,
        is_first=False,
        is_placed=True,
        last_chunk_bytes=batch.last_chunk_bytes,
    )
