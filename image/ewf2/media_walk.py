"""The media of an Ex01 set in order: tables to batches, batches decoded in parallel, defects to findings."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from image.ewf.big_chunks import BIG_CHUNK_BYTES
from image.ewf.decoding import ChunkGeometry
from image.ewf.defects import DefectError
from image.ewf.media_walk import BATCH_BYTES, MAXIMUM_STRAYS, MEMORY_BYTES
from image.ewf2.big_chunks import BigChunkReader
from image.ewf2.chunk_plan import ChunkBatch, batches_of, check_table, unread_batch
from image.ewf2.contents import Ewf2Contents
from image.ewf2.decoding import ChunkDecoder
from image.ewf2.gaps import GapWatch
from image.ewf2.integrity import require_hash, section_md5
from image.ewf2.table_index import TableReference
from image.finding_list import SegmentFindings
from image.lanes import map_in_order, worker_count
from image.media_pieces import MediaPiece, PieceDefect
from image.sectors import SectorRange
from image.segment_files import SegmentFiles, SegmentReadError


class MediaWalk:
    """One walk over the media; chunks that no table has are left out."""

    def __init__(self, files: SegmentFiles, contents: Ewf2Contents, geometry: ChunkGeometry) -> None:
        self._files = files
        self._contents = contents
        self._geometry = geometry
        self._strays = 0
        self._unprotected = 0

    def pieces(self, pool: ThreadPoolExecutor | None) -> Iterator[MediaPiece]:
        """Every piece in order; with a pool, decoded there ahead of time."""
        surplus_chunks = 0
        for piece in self._decoded(pool):
            surplus_chunks += piece.surplus_chunks
            findings = self._findings_of(piece.segment_index)
            for item in piece.defects:
                self._strays += item.code == "chunk-offset"
                findings.add(item.code, item.detail, item.offset_bytes, item.expected, item.found, item.sectors)
            yield piece
        self._summarise(surplus_chunks)

    def _summarise(self, surplus_chunks: int) -> None:
        """Make the findings that concern many chunks."""
        add = self._contents.findings.add
        if self._strays > MAXIMUM_STRAYS:
            add("media-missing", "decoding ended: too many table entries point nowhere")
        if surplus_chunks:
            add("chunk-surplus", f"{surplus_chunks} chunks have up to 15 bytes behind their compressed data")
        if self._unprotected:
            add("chunk-unprotected", f"{self._unprotected} chunks are stored without a checksum")

    def _decoded(self, pool: ThreadPoolExecutor | None) -> Iterator[MediaPiece]:
        """The pieces with their defects."""
        chunk_bytes, method = self._geometry.chunk_bytes, self._contents.compression_method
        if chunk_bytes > BIG_CHUNK_BYTES:
            reader = BigChunkReader(self._files, self._geometry, method)
            return (piece for batch in self._batches(1, pool) for piece in reader.pieces(batch))
        chunks_per_batch = max(1, min(BATCH_BYTES // chunk_bytes, self._contents.tables.chunk_count))
        decoder = ChunkDecoder(self._files, self._geometry, method, chunks_per_batch)
        batches = self._batches(chunks_per_batch, pool)
        if pool is None:
            return map(decoder.decode, batches)
        ahead = min(4 * worker_count(), MEMORY_BYTES // (2 * max(chunk_bytes, BATCH_BYTES)))
        return map_in_order(decoder.decode, batches, pool, max(2, ahead))

    def _batches(self, chunks_per_batch: int, pool: ThreadPoolExecutor | None) -> Iterator[ChunkBatch]:
        """Every chunk of the media in batches, in order."""
        tables = self._contents.tables
        for index in range(len(tables)):
            table, first_chunk = tables[index], tables.first_chunk(index)
            sectors = self._geometry.sectors_of(first_chunk, table.entry_count)
            hashes = tables.hashes(index)
            hashed = self._begin_hash(table, pool) if hashes.data is not None else None
            self._check_table(table, hashes.table, sectors)
            try:
                yield from self._batches_of_table(table, first_chunk, chunks_per_batch)
            except SegmentReadError as error:
                self._add(table, "segment-unreadable", error.reason, error.offset_bytes, sectors)
                yield unread_batch(table.segment_index)
            if hashed is not None:
                self._end_hash(table, hashes.data or b"", hashed, sectors)

    def _batches_of_table(
        self, table: TableReference, first_chunk: int, chunks_per_batch: int
    ) -> Iterator[ChunkBatch]:
        """The chunks of one table in batches, and the end of its sector data looked at.

        Raises:
            SegmentReadError: the system could not read the table or what stands behind its chunks.
        """
        watch = GapWatch(self._files, table)
        for plain in batches_of(self._files, table, first_chunk, chunks_per_batch):
            if self._strays > MAXIMUM_STRAYS:
                yield unread_batch(table.segment_index)
                return
            whole, defect = watch.placed(plain)
            self._keep(table, defect)
            self._unprotected += sum(entry.is_unprotected for entry in whole.entries)
            batch = self._cut(whole)
            if batch is not None:
                yield batch
        self._keep(table, watch.end())

    def _keep(self, table: TableReference, defect: PieceDefect | None) -> None:
        """Make the finding of a defect between chunks where there is one."""
        if defect is not None:
            self._add(table, defect.code, defect.detail, defect.offset_bytes)

    def _check_table(self, table: TableReference, stored_md5: bytes | None, sectors: SectorRange | None) -> None:
        """Look at the checksums of a table; its entries are used even where they are wrong."""
        try:
            check_table(self._files, table, stored_md5)
        except DefectError as defect:
            self._defect(table, defect, table.offset_bytes, sectors)
        except SegmentReadError as error:
            self._add(table, "segment-unreadable", error.reason, error.offset_bytes, sectors)

    def _begin_hash(self, table: TableReference, pool: ThreadPoolExecutor | None) -> "Future[bytes]":
        """Begin the MD5 of the sector data, beside the decoding."""
        work = (self._files, table.segment_index, table.area_start_bytes, table.data_bytes)
        if pool is not None:
            return pool.submit(section_md5, *work)
        future: Future[bytes] = Future()
        try:
            future.set_result(section_md5(*work))
        except SegmentReadError as error:
            future.set_exception(error)
        return future

    def _end_hash(
        self, table: TableReference, stored: bytes, hashed: "Future[bytes]", sectors: SectorRange | None
    ) -> None:
        """Compare the MD5 of the sector data with the stored one."""
        try:
            require_hash(stored, hashed.result(), "the sector data")
        except DefectError as defect:
            self._defect(table, defect, table.area_start_bytes, sectors)
        except SegmentReadError as error:
            self._add(table, "segment-unreadable", error.reason, error.offset_bytes, sectors)

    def _cut(self, batch: ChunkBatch) -> ChunkBatch | None:
        """The batch without chunks behind the end of the media, its last one as short as the media ends."""
        count, last_bytes = self._geometry.chunks_within(batch.first_chunk, len(batch.entries))
        if count == len(batch.entries) and last_bytes == self._geometry.chunk_bytes:
            return batch
        return batch.cut(count, last_bytes) if count else None

    def _defect(
        self, table: TableReference, defect: DefectError, offset_bytes: int, sectors: SectorRange | None
    ) -> None:
        """Make the finding of a defect of a whole table."""
        findings = self._findings_of(table.segment_index)
        findings.add(defect.code, defect.detail, offset_bytes, defect.expected, defect.found, sectors)

    def _add(
        self, table: TableReference, code: str, detail: str, offset_bytes: int, sectors: SectorRange | None = None
    ) -> None:
        """Make a finding at a place in the segment of a table."""
        self._findings_of(table.segment_index).add(code, detail, offset_bytes, sectors=sectors)

    def _findings_of(self, segment_index: int) -> SegmentFindings:
        """What makes the findings about one segment."""
        return SegmentFindings(self._contents.findings, self._files.names[segment_index])
