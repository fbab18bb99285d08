"""The media of an Ex01 set at any place: table entries are read when needed, a few chunks are kept decoded."""

from image.chunk_cache import ChunkCache
from image.ewf.big_chunks import BIG_CHUNK_BYTES
from image.ewf.chunk_access import joined_pieces
from image.ewf.decoding import ChunkGeometry
from image.ewf2.big_chunks import BigChunkReader
from image.ewf2.chunk_plan import ChunkBatch, read_entries
from image.ewf2.contents import Ewf2Contents
from image.ewf2.decoding import ChunkDecoder
from image.segment_files import SegmentFiles


class Ewf2Access:
    """Reads chunks of an open set."""

    def __init__(self, files: SegmentFiles, contents: Ewf2Contents, geometry: ChunkGeometry) -> None:
        self._files = files
        self._tables = contents.tables
        self._geometry = geometry
        self._method = contents.compression_method
        self.sector_size_bytes = geometry.chunk_bytes // geometry.chunk_sectors
        self.size_bytes = geometry.sector_count * self.sector_size_bytes
        small = geometry.chunk_bytes <= BIG_CHUNK_BYTES
        self._decoder = ChunkDecoder(files, geometry, self._method, 1) if small else None
        self._cache = ChunkCache(self.size_bytes, geometry.chunk_bytes, self._decoded)

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """As `MediaAccess.read_at`."""
        return self._cache.read_at(offset_bytes, size_bytes)

    def close(self) -> None:
        """As `MediaAccess.close`."""
        self._cache.clear()

    def _decoded(self, index: int) -> bytes:
        """The media data of a chunk as it is stored; zeros for one that no table has."""
        sectors = self._geometry.sectors_of(index)
        size = sectors.sector_count * self.sector_size_bytes if sectors is not None else 0
        number = self._tables.table_of(index)
        if number is None:
            return bytes(size)
        batch = self._batch(number, index, size)
        if self._decoder is None:
            pieces = BigChunkReader(self._files, self._geometry, self._method).pieces(batch)
            return joined_pieces(pieces, batch.from_bytes, size)
        return joined_pieces(iter((self._decoder.decode(batch),)), batch.from_bytes, size)

    def _batch(self, number: int, index: int, size_bytes: int) -> ChunkBatch:
        """A chunk as a batch of one."""
        table = self._tables[number]
        place = index - self._tables.first_chunk(number)
        entries = tuple(read_entries(self._files, table, place, 1))
        area = (table.area_start_bytes, table.area_end_bytes)
        start = max(table.area_start_bytes, entries[0].start_bytes) if not entries[0].is_filled else area[0]
        return ChunkBatch(table.segment_index, index, entries, start, *area, size_bytes)
