"""A batch of chunks read and decoded: media data, and every defect with its sectors. Pure but for the read.

Runs in worker threads; what is not there or cannot be decoded counts as zeros.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import lt, sub

from image.buffers import BufferStore, Lease
from image.ewf.chunk_batches import chunk_batches
from image.ewf.chunk_plan import ChunkBatch
from image.ewf.stored_chunks import SURPLUS, ChunkDefect, inflated_chunk, raw_chunk
from image.media_pieces import MediaPiece, PieceDefect
from image.sectors import SectorRange
from image.segment_files import SegmentFiles, SegmentReadError

SMALL_CHUNK_BYTES = 512
DEFLATE_EXCESS_BYTES = 1024


@dataclass(frozen=True, slots=True)
class ChunkGeometry:
    """Full chunk size in bytes and sectors, and how many sectors the media has."""

    chunk_bytes: int
    chunk_sectors: int
    sector_count: int

    @property
    def maximum_stored_bytes(self) -> int:
        """More bytes than these no compressor makes of a chunk."""
        return self.chunk_bytes + self.chunk_bytes // 64 + DEFLATE_EXCESS_BYTES

    def place_of(self, batch: ChunkBatch) -> int | None:
        """Where the media of a batch begins, in bytes; None where that is not known."""
        return batch.first_chunk * self.chunk_bytes if batch.is_placed else None

    def sectors_of(self, first_chunk: int, chunk_count: int = 1) -> SectorRange | None:
        """The sectors of some chunks; None behind the media."""
        first = first_chunk * self.chunk_sectors
        count = min(chunk_count * self.chunk_sectors, self.sector_count - first)
        return SectorRange(first, count) if count > 0 else None

    def chunks_within(self, first_chunk: int, chunk_count: int) -> tuple[int, int]:
        """How many of these chunks the media has, and how many bytes the last of them."""
        left_sectors = min(chunk_count * self.chunk_sectors, self.sector_count - first_chunk * self.chunk_sectors)
        if left_sectors <= 0:
            return 0, 0
        count = -(-left_sectors // self.chunk_sectors)
        last_sectors = left_sectors - (count - 1) * self.chunk_sectors
        return count, last_sectors * (self.chunk_bytes // self.chunk_sectors)


class ChunkDecoder:
    """Decodes batches of one image; threads may share it."""

    def __init__(self, files: SegmentFiles, geometry: ChunkGeometry, chunks_per_batch: int) -> None:
        self._files = files
        self._geometry = geometry
        self._stored = BufferStore(chunks_per_batch * geometry.maximum_stored_bytes)
        self._media = BufferStore(chunks_per_batch * geometry.chunk_bytes)
        self._last_small: tuple[bytes, bytes, ChunkDefect | None] = (b"", b"", None)
        self._batches = chunk_batches()

    def decode(self, batch: ChunkBatch) -> MediaPiece:
        """Read and decode a batch; one without chunks stands for some that could not be read."""
        if not batch.starts:
            return MediaPiece(batch.segment_index, b"", 0, b"", is_read=False)
        try:
            if self._is_regular(batch):
                return self._decode_together(batch)
            return self._decode_singly(batch)
        except SegmentReadError as error:
            return self._unread(batch, error)

    def _is_regular(self, batch: ChunkBatch) -> bool:
        """Whether the chunks follow each other inside their area, none larger than it can be."""
        starts, ends = batch.starts, batch.ends
        return (
            starts[0] >= batch.area_start_bytes
            and ends[-1] <= batch.area_end_bytes
            and all(map(lt, starts, ends))
            and max(map(sub, ends, starts)) <= self._geometry.maximum_stored_bytes
        )

    def _decode_together(self, batch: ChunkBatch) -> MediaPiece:
        """One read for all the chunks, which is how every sound image is stored."""
        first, end = batch.starts[0], batch.ends[-1]
        lease = self._stored.lease()
        stored = memoryview(lease.buffer)[: end - first]
        self._files.read_into(batch.segment_index, first, stored)
        starts, ends = [start - first for start in batch.starts], [end - first for end in batch.ends]
        pieces = [stored[start:end] for start, end in zip(starts, ends, strict=True)]
        if self._batches is None:
            return self._decoded(batch, pieces, stored, bytes(len(pieces)), self._media.lease(), lease)
        media = self._media.lease()
        chunk_bytes = self._geometry.chunk_bytes
        places = (starts, ends, batch.compressed)
        last_bytes = batch.last_chunk_bytes or chunk_bytes
        sound = self._batches.decode(stored, places, chunk_bytes, last_bytes, memoryview(media.buffer))
        return self._decoded(batch, pieces, stored, sound, media, lease)

    def _decode_singly(self, batch: ChunkBatch) -> MediaPiece:
        """One read for each chunk that can be where its entry says; b"" for the others."""
        pieces: list[bytes] = []
        for start, end in zip(batch.starts, batch.ends, strict=True):
            inside = batch.area_start_bytes <= start < end <= batch.area_end_bytes
            size = min(end - start, self._geometry.maximum_stored_bytes)
            pieces.append(self._files.read(batch.segment_index, start, size) if inside else b"")
        return self._decoded(batch, pieces, b"", bytes(len(pieces)), self._media.lease())

    def _decoded(
        self,
        batch: ChunkBatch,
        pieces: Sequence[bytes | memoryview],
        stored: bytes | memoryview,
        sound: bytes | bytearray,
        *leases: Lease,
    ) -> MediaPiece:
        """The media data of all chunks, side by side in the first leased buffer; the sound ones stand there."""
        full, last = self._geometry.chunk_bytes, len(pieces) - 1
        last_bytes = batch.last_chunk_bytes or full
        media = memoryview(leases[0].buffer)
        defects: list[PieceDefect] = []
        surplus_chunks = 0
        for index in _places_of_zero(sound):
            wanted = last_bytes if index == last else full
            piece = pieces[index]
            data, defect = self._inflated(piece, wanted) if batch.compressed[index] else raw_chunk(piece, wanted)
            media[index * full : index * full + wanted] = data
            if defect is SURPLUS:
                surplus_chunks += 1
            elif defect is not None:
                defects.append(self._placed(defect, batch, index))
        return MediaPiece(
            batch.segment_index,
            media[: last * full + last_bytes],
            batch.starts[0],
            stored,
            tuple(defects),
            surplus_chunks=surplus_chunks,
            leases=leases,
            media_offset_bytes=self._geometry.place_of(batch),
        )

    def _inflated(self, piece: bytes | memoryview, wanted: int) -> tuple[bytes, ChunkDefect | None]:
        """A compressed chunk; small ones, which are mostly one value repeated, are remembered."""
        if len(piece) > SMALL_CHUNK_BYTES:
            return inflated_chunk(piece, wanted)
        key, data, defect = self._last_small
        if key == piece and len(data) == wanted:
            return data, defect
        data, defect = inflated_chunk(piece, wanted)
        if defect is None or defect is SURPLUS:
            self._last_small = (bytes(piece), data, defect)
        return data, defect

    def _placed(self, defect: ChunkDefect, batch: ChunkBatch, index: int) -> PieceDefect:
        """The defect with its place."""
        sectors = self._geometry.sectors_of(batch.first_chunk + index) if batch.is_placed else None
        detail = f"chunk {batch.first_chunk + index}: {defect.detail}" if batch.is_placed else defect.detail
        return PieceDefect(defect.code, detail, batch.starts[index], sectors, defect.expected, defect.found)

    def _unread(self, batch: ChunkBatch, error: SegmentReadError) -> MediaPiece:
        """Zeros for a batch that the system could not read."""
        count = len(batch.starts)
        first = self._geometry.sectors_of(batch.first_chunk)
        size = (count - 1) * self._geometry.chunk_bytes + (batch.last_chunk_bytes or self._geometry.chunk_bytes)
        sectors = None
        if first is not None and batch.is_placed:
            left = self._geometry.sector_count - first.first_sector
            sectors = SectorRange(first.first_sector, min(count * self._geometry.chunk_sectors, left))
        defect = PieceDefect("segment-unreadable", error.reason, error.offset_bytes, sectors)
        return MediaPiece(
            batch.segment_index,
            bytes(size),
            batch.starts[0],
            b"",
            (defect,),
            is_read=False,
            media_offset_bytes=self._geometry.place_of(batch),
        )


def _places_of_zero(marks: bytes | bytearray) -> Iterator[int]:
    """Where a 0 stands, in order."""
    at = marks.find(0)
    while at >= 0:
        yield at
        at = marks.find(0, at + 1)
