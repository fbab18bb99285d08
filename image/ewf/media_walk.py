"""The media of an E01 set in order: tables to batches, batches decoded in parallel, defects to findings."""

from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from image.ewf.big_chunks import BIG_CHUNK_BYTES, BigChunkReader
from image.ewf.chunk_plan import ChunkBatch, batches_of, load_table, unread_batch
from image.ewf.decoding import ChunkDecoder, ChunkGeometry
from image.ewf.defects import DefectError
from image.ewf.section_reader import EwfContents
from image.ewf.table_index import TableReference
from image.finding_list import SegmentFindings
from image.lanes import map_in_order, worker_count
from image.media_pieces import MediaPiece
from image.sectors import SectorRange
from image.segment_files import SegmentFiles, SegmentReadError

BATCH_BYTES = 4 * 1024 * 1024
MAXIMUM_STRAYS = 500
"""So many table entries that point nowhere are no damage but malice: zeros for them could take days."""
MEMORY_BYTES = 64 * 1024 * 1024


def largest_piece_bytes(geometry: ChunkGeometry | None) -> int:
    """Bytes of media in the largest piece of a walk."""
    chunk_bytes = geometry.chunk_bytes if geometry is not None else 0
    return BATCH_BYTES if chunk_bytes > BIG_CHUNK_BYTES else max(BATCH_BYTES, chunk_bytes)


class MediaWalk:
    """One walk over the media; from `unplaced_from_table` on it is not known which sectors chunks hold."""

    def __init__(
        self, files: SegmentFiles, contents: EwfContents, geometry: ChunkGeometry, unplaced_from_table: int
    ) -> None:
        self._files = files
        self._contents = contents
        self._geometry = geometry
        self._unplaced_from_table = unplaced_from_table
        self._strays = 0

    def pieces(self, pool: ThreadPoolExecutor | None) -> Iterator[MediaPiece]:
        """Every piece in order; with a pool, decoded there ahead of time."""
        surplus_chunks = 0
        for piece in self._decoded(pool):
            surplus_chunks += piece.surplus_chunks
            findings = SegmentFindings(self._contents.findings, self._files.names[piece.segment_index])
            for defect in piece.defects:
                self._strays += defect.code == "chunk-offset"
                findings.add(
                    defect.code, defect.detail, defect.offset_bytes, defect.expected, defect.found, defect.sectors
                )
            yield piece
        if self._strays > MAXIMUM_STRAYS:
            self._contents.findings.add("media-missing", "decoding ended: too many table entries point nowhere")
        if surplus_chunks:
            detail = f"{surplus_chunks} chunks have up to 15 bytes behind their compressed data"
            self._contents.findings.add("chunk-surplus", detail)

    def _decoded(self, pool: ThreadPoolExecutor | None) -> Iterator[MediaPiece]:
        """The pieces with their defects."""
        chunk_bytes = self._geometry.chunk_bytes
        if chunk_bytes > BIG_CHUNK_BYTES:
            reader = BigChunkReader(self._files, self._geometry)
            return (piece for batch in self._batches(1) for piece in reader.pieces(batch))
        chunks_per_batch = max(1, min(BATCH_BYTES // chunk_bytes, self._contents.tables.chunk_count))
        decoder = ChunkDecoder(self._files, self._geometry, chunks_per_batch)
        batches = self._batches(chunks_per_batch)
        if pool is None:
            return map(decoder.decode, batches)
        ahead = min(4 * worker_count(), MEMORY_BYTES // (2 * max(chunk_bytes, BATCH_BYTES)))
        return map_in_order(decoder.decode, batches, pool, max(2, ahead))

    def _batches(self, chunks_per_batch: int) -> Iterator[ChunkBatch]:
        """Every chunk of the media in batches, in order."""
        for index in range(len(self._contents.tables)):
            table = self._contents.tables[index]
            first_chunk = self._contents.tables.first_chunk(index)
            is_placed = index < self._unplaced_from_table
            sectors = self._geometry.sectors_of(first_chunk, table.entry_count) if is_placed else None
            entries = self._entries(table, sectors)
            if entries is None:
                yield unread_batch(table)
                continue
            for whole in batches_of(table, entries, first_chunk, chunks_per_batch, is_placed=is_placed):
                if self._strays > MAXIMUM_STRAYS:
                    yield unread_batch(table)
                    break
                batch = self._cut(whole)
                if batch is not None:
                    yield batch

    def _entries(self, table: TableReference, sectors: SectorRange | None) -> "array[int] | None":
        """The entries of a table; None, with a finding, where they cannot be read."""
        findings = SegmentFindings(self._contents.findings, self._files.names[table.segment_index])
        try:
            loaded = load_table(self._files, table)
        except DefectError as defect:
            findings.add(defect.code, defect.detail, table.entries_offset_bytes, sectors=sectors)
            return None
        except SegmentReadError as error:
            findings.add("segment-unreadable", error.reason, table.entries_offset_bytes, sectors=sectors)
            return None
        for item in loaded.defects:
            findings.add(item.code, item.detail, table.entries_offset_bytes, item.expected, item.found, sectors)
        return loaded.entries

    def _cut(self, batch: ChunkBatch) -> ChunkBatch | None:
        """The batch without chunks behind the end of the media, its last one as short as the media ends."""
        if batch.is_first:
            self._look_before(batch)
        count, last_bytes = self._geometry.chunks_within(batch.first_chunk, len(batch.starts))
        if count == len(batch.starts) and last_bytes == self._geometry.chunk_bytes:
            return batch
        return batch.cut(count, last_bytes) if count else None

    def _look_before(self, batch: ChunkBatch) -> None:
        """Find bytes in front of the first chunk of a table."""
        rest = batch.starts[0] - batch.area_start_bytes
        if 0 < rest <= batch.area_end_bytes - batch.area_start_bytes:
            findings = SegmentFindings(self._contents.findings, self._files.names[batch.segment_index])
            detail = f"{rest} bytes stand in front of the first chunk"
            findings.add("unowned-bytes", detail, batch.area_start_bytes)
