"""The media of an E01 set at any place: tables are loaded when needed, and a few chunks are kept decoded."""

from array import array
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from image.chunk_cache import ChunkCache
from image.ewf.big_chunks import BIG_CHUNK_BYTES, BigChunkReader
from image.ewf.chunk_plan import ChunkBatch, chunk_places, load_table
from image.ewf.decoding import ChunkDecoder, ChunkGeometry
from image.ewf.defects import DefectError
from image.ewf.table_index import TableIndex, TableReference
from image.media_pieces import MediaPiece
from image.segment_files import SegmentFiles, SegmentReadError

TABLE_CACHE_ENTRIES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Table:
    """A loaded table: where its chunks begin, in bytes of the segment file, and which are compressed."""

    reference: TableReference
    starts: "array[int]"
    compressed: bytes


class EwfAccess:
    """Reads chunks of an open set; from `unplaced_from_table` on it is not known which sectors chunks hold."""

    def __init__(
        self,
        files: SegmentFiles,
        tables: TableIndex,
        geometry: ChunkGeometry,
        unplaced_from_table: int,
    ) -> None:
        self._files = files
        self._tables = tables
        self._geometry = geometry
        self._unplaced_from_table = unplaced_from_table
        self._loaded: OrderedDict[int, _Table | None] = OrderedDict()
        self._loaded_entries = 0
        self._decoder = ChunkDecoder(files, geometry, 1) if geometry.chunk_bytes <= BIG_CHUNK_BYTES else None
        self.sector_size_bytes = geometry.chunk_bytes // geometry.chunk_sectors
        self.size_bytes = geometry.sector_count * self.sector_size_bytes
        self._cache = ChunkCache(self.size_bytes, geometry.chunk_bytes, self._decoded)

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """As `MediaAccess.read_at`."""
        return self._cache.read_at(offset_bytes, size_bytes)

    def close(self) -> None:
        """As `MediaAccess.close`."""
        self._cache.clear()
        self._loaded.clear()
        self._loaded_entries = 0

    def _decoded(self, index: int) -> bytes:
        """The media data of a chunk as it is stored; zeros for one that is in no segment."""
        sectors = self._geometry.sectors_of(index)
        size = sectors.sector_count * self.sector_size_bytes if sectors is not None else 0
        batch = self._batch(index, size)
        if batch is None:
            return bytes(size)
        if self._decoder is None:
            pieces = BigChunkReader(self._files, self._geometry).pieces(batch)
            return joined_pieces(pieces, batch.starts[0], size)
        return joined_pieces(iter((self._decoder.decode(batch),)), batch.starts[0], size)

    def _batch(self, index: int, size_bytes: int) -> ChunkBatch | None:
        """A chunk as a batch of one; None where no table has it."""
        number = self._tables.table_of(index)
        if number is None or number >= self._unplaced_from_table:
            return None
        table = self._table(number)
        if table is None:
            return None
        place = index - self._tables.first_chunk(number)
        reference, starts = table.reference, table.starts
        end = starts[place + 1] if place + 1 < len(starts) else reference.chunks_end_bytes
        return ChunkBatch(
            reference.segment_index,
            index,
            [starts[place]],
            [end],
            [bool(table.compressed[place])],
            reference.chunks_start_bytes,
            reference.chunks_end_bytes,
            is_first=place == 0,
            is_placed=True,
            last_chunk_bytes=size_bytes,
        )

    def _table(self, number: int) -> _Table | None:
        """A table, loaded now or before; None where its entries are too many to be read."""
        if number in self._loaded:
            self._loaded.move_to_end(number)
            return self._loaded[number]
        reference = self._tables[number]
        try:
            starts, compressed = chunk_places(load_table(self._files, reference).entries, reference)
        except DefectError:
            table = None
        else:
            table = _Table(reference, array("Q", starts), bytes(compressed))
        self._loaded[number] = table
        self._loaded_entries += reference.entry_count
        while self._loaded_entries > TABLE_CACHE_ENTRIES and len(self._loaded) > 1:
            oldest, _ = self._loaded.popitem(last=False)
            self._loaded_entries -= self._tables[oldest].entry_count
        return table


def joined_pieces(pieces: Iterator[MediaPiece], place_bytes: int, size_bytes: int) -> bytes:
    """The pieces of one chunk side by side; `place_bytes` is where it is stored.

    Raises:
        SegmentReadError: the system could not read one.
    """
    data, filled = bytearray(size_bytes), 0
    for piece in pieces:
        if not piece.is_read:
            reason = piece.defects[0].detail if piece.defects else "cannot read"
            raise SegmentReadError(piece.segment_index, place_bytes, size_bytes, reason)
        data[filled : filled + len(piece.data)] = piece.data
        filled += len(piece.data)
        piece.release()
    return bytes(data[:size_bytes])
