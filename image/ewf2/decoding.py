"""A batch of chunks of an Ex01 read and decoded: media data, and every defect with its sectors.

Pure but for the read. Runs in worker threads; what is not there or cannot be decoded counts as zeros.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from image.buffers import BufferStore, Lease
from image.ewf.decoding import ChunkGeometry
from image.ewf.stored_chunks import SURPLUS, ChunkDefect
from image.ewf2.chunk_plan import ChunkBatch
from image.ewf2.gaps import gap_defect, padding_defect, stored_patterns
from image.ewf2.stored_chunks import chunk_data
from image.media_pieces import MediaPiece, PieceDefect
from image.segment_files import SegmentFiles, SegmentReadError

PADDING_BYTES = 64
"""Room for the padding behind a chunk in a batch that is read in one go."""
Bytes = bytes | memoryview


class ChunkDecoder:
    """Decodes batches of one image; threads may share it."""

    def __init__(self, files: SegmentFiles, geometry: ChunkGeometry, method: int, chunks_per_batch: int) -> None:
        self._files = files
        self._geometry = geometry
        self._method = method
        self._stored_bytes = chunks_per_batch * (geometry.maximum_stored_bytes + PADDING_BYTES)
        self._stored = BufferStore(self._stored_bytes)
        self._media = BufferStore(chunks_per_batch * geometry.chunk_bytes)

    def decode(self, batch: ChunkBatch) -> MediaPiece:
        """Read and decode a batch; one without chunks stands for some that could not be read."""
        if not batch.entries:
            return MediaPiece(batch.segment_index, b"", 0, b"", is_read=False)
        try:
            return self._decode_together(batch) if self._is_regular(batch) else self._decode_singly(batch)
        except SegmentReadError as error:
            return self._unread(batch, error)

    def _is_regular(self, batch: ChunkBatch) -> bool:
        """Whether the chunks follow each other inside their area with nothing but padding between them."""
        position = batch.from_bytes
        for entry in batch.stored:
            gap = entry.start_bytes - position
            if not 0 <= gap <= PADDING_BYTES or not 0 < entry.stored_bytes <= self._geometry.maximum_stored_bytes:
                return False
            position = entry.end_bytes
        return position <= batch.area_end_bytes and position - batch.from_bytes <= self._stored_bytes

    def _decode_together(self, batch: ChunkBatch) -> MediaPiece:
        """One read for all the chunks and what is between them, which is how every sound image is stored."""
        start, lease = batch.from_bytes, self._stored.lease()
        stored = memoryview(lease.buffer)[: batch.to_bytes - start]
        self._files.read_into(batch.segment_index, start, stored)
        work = _Work()
        pieces: list[Bytes] = []
        position, patterns = start, b""
        for entry in batch.entries:
            if entry.is_filled:
                pieces.append(b"")
                patterns += stored_patterns((entry,))
                continue
            work.keep(padding_defect(stored[position - start : entry.start_bytes - start], position, patterns))
            patterns = b""
            pieces.append(stored[entry.start_bytes - start : entry.end_bytes - start])
            position = entry.end_bytes
        return self._decoded(batch, pieces, stored, work, lease)

    def _decode_singly(self, batch: ChunkBatch) -> MediaPiece:
        """One read for each chunk that can be where its entry says; b"" for the others."""
        work = _Work()
        pieces: list[Bytes] = []
        position, patterns = batch.from_bytes, b""
        for entry in batch.entries:
            inside = batch.area_start_bytes <= entry.start_bytes < entry.end_bytes <= batch.area_end_bytes
            if entry.is_filled or not inside:
                pieces.append(b"")
                patterns += stored_patterns((entry,)) if entry.is_filled else b""
                continue
            work.keep(gap_defect(self._files, batch.segment_index, position, entry, patterns))
            patterns = b""
            size = min(entry.stored_bytes, self._geometry.maximum_stored_bytes)
            pieces.append(self._files.read(batch.segment_index, entry.start_bytes, size))
            position = max(position, entry.end_bytes)
        return self._decoded(batch, pieces, b"", work)

    def _decoded(
        self, batch: ChunkBatch, pieces: Sequence[Bytes], stored: Bytes, work: "_Work", *leases: Lease
    ) -> MediaPiece:
        """The media data of all chunks, side by side in one buffer."""
        lease, filled = self._media.lease(), 0
        media = memoryview(lease.buffer)
        for index, (entry, piece) in enumerate(zip(batch.entries, pieces, strict=True)):
            wanted = self._wanted(batch, index)
            data, defect = chunk_data(entry, piece, wanted, self._method)
            media[filled : filled + wanted] = data
            filled += wanted
            if defect is not None:
                self._keep(defect, batch, index, work)
        return MediaPiece(
            batch.segment_index,
            media[:filled],
            batch.from_bytes,
            stored,
            tuple(work.defects),
            is_read=work.is_known,
            surplus_chunks=work.surplus_chunks,
            leases=(lease, *leases),
            media_offset_bytes=batch.first_chunk * self._geometry.chunk_bytes,
        )

    def _wanted(self, batch: ChunkBatch, index: int) -> int:
        """The bytes of media data in one chunk of a batch."""
        is_last = index == len(batch.entries) - 1
        return (batch.last_chunk_bytes if is_last else 0) or self._geometry.chunk_bytes

    def _keep(self, defect: ChunkDefect, batch: ChunkBatch, index: int, work: "_Work") -> None:
        """Keep a defect with its place, or count it where it is one of many that are alike."""
        if defect is SURPLUS:
            work.surplus_chunks += 1
            return
        chunk, entry = batch.first_chunk + index, batch.entries[index]
        work.is_known &= defect.code != "chunk-flags"
        work.defects.append(
            PieceDefect(
                defect.code,
                f"chunk {chunk}: {defect.detail}",
                batch.from_bytes if entry.is_filled else entry.start_bytes,
                self._geometry.sectors_of(chunk),
                defect.expected,
                defect.found,
            )
        )

    def _unread(self, batch: ChunkBatch, error: SegmentReadError) -> MediaPiece:
        """Zeros for a batch that the system could not read."""
        size = sum(self._wanted(batch, index) for index in range(len(batch.entries)))
        sectors = self._geometry.sectors_of(batch.first_chunk, len(batch.entries))
        defect = PieceDefect("segment-unreadable", error.reason, error.offset_bytes, sectors)
        return MediaPiece(
            batch.segment_index,
            bytes(size),
            batch.from_bytes,
            b"",
            (defect,),
            is_read=False,
            media_offset_bytes=batch.first_chunk * self._geometry.chunk_bytes,
        )


@dataclass
class _Work:
    """What is found while a batch is decoded."""

    defects: list[PieceDefect] = field(default_factory=list)
    surplus_chunks: int = 0
    is_known: bool = True

    def keep(self, defect: PieceDefect | None) -> None:
        """Keep a defect where there is one."""
        if defect is not None:
            self.defects.append(defect)
