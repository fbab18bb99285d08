"""Where the sector tables of an Ex01 are: columns of numbers, since a large image has very many tables."""

from array import array
from bisect import bisect_right
from dataclasses import astuple, dataclass

COLUMN_TYPES = "IQQIQQBQ"
NO_HASH = bytes(16)
UNKNOWN_CHUNK = 0xFFFF_FFFF_FFFF_FFFF
"""First chunk of a table whose header is damaged: it is taken to follow the table before it."""


@dataclass(frozen=True, slots=True)
class TableReference:
    """One sector table; places are bytes of its segment file.

    Its chunks must lie in the sector data section from `area_start_bytes` to `area_end_bytes`, whose data are
    the first `data_bytes`; `footed` says whether a checksum stands behind the entries.
    """

    segment_index: int
    offset_bytes: int
    table_bytes: int
    entry_count: int
    area_start_bytes: int
    area_end_bytes: int
    footed: int
    data_bytes: int


@dataclass(frozen=True, slots=True)
class TableHashes:
    """The MD5 that descriptors store of the sector data and of the sector table; None where none is stored."""

    data: bytes | None = None
    table: bytes | None = None


class TableIndex:
    """The tables of an image in order, and which chunk each one begins with."""

    def __init__(self) -> None:
        self._columns = tuple(array(kind) for kind in COLUMN_TYPES)
        self._hashes = bytearray()
        self._hashed = array("B")
        self._first_chunks = array("Q")
        self.chunk_count = 0

    def __len__(self) -> int:
        """How many tables there are."""
        return len(self._first_chunks)

    def append(self, table: TableReference, first_chunk: int, hashes: TableHashes = TableHashes()) -> int:
        """Add the next table; gives the chunk that would follow the table before it.

        A table that begins earlier than that, or whose first chunk is unknown, is taken to follow.
        """
        expected = self.end_chunk
        for column, value in zip(self._columns, astuple(table), strict=True):
            column.append(value)
        self._hashes += (hashes.data or NO_HASH) + (hashes.table or NO_HASH)
        self._hashed.append((hashes.data is not None) + 2 * (hashes.table is not None))
        is_known = expected <= first_chunk < UNKNOWN_CHUNK - table.entry_count
        self._first_chunks.append(first_chunk if is_known else expected)
        self.chunk_count += table.entry_count
        return expected

    @property
    def end_chunk(self) -> int:
        """The chunk behind the last one."""
        return self._first_chunks[-1] + self._columns[3][-1] if self._first_chunks else 0

    def __getitem__(self, index: int) -> TableReference:
        """The table of this index."""
        return TableReference(*(column[index] for column in self._columns))

    def hashes(self, index: int) -> TableHashes:
        """What is stored to check the data of a table as a whole."""
        hashed, at = self._hashed[index], 2 * len(NO_HASH) * index
        data, table = self._hashes[at : at + 16], self._hashes[at + 16 : at + 32]
        return TableHashes(bytes(data) if hashed & 1 else None, bytes(table) if hashed & 2 else None)

    def first_chunk(self, index: int) -> int:
        """The first chunk of a table, counted over the whole image."""
        return self._first_chunks[index]

    def segment_of(self, index: int) -> int:
        """The index of the segment that a table stands in."""
        return self._columns[0][index]

    def table_of(self, chunk: int) -> int | None:
        """The table that has this chunk of the image; None for one that is lost, or behind the last."""
        index = bisect_right(self._first_chunks, chunk) - 1
        if index < 0 or chunk >= self._first_chunks[index] + self._columns[3][index]:
            return None
        return index

    def gaps(self) -> "list[tuple[int, int, int]]":
        """Where chunks are left out: the table behind the gap, and its first chunk and the chunk behind it."""
        found, expected = [], 0
        for index, first in enumerate(self._first_chunks):
            if first > expected:
                found.append((index, expected, first))
            expected = first + self._columns[3][index]
        return found

    def chunks_of_segments(self, segment_count: int) -> list[tuple[int, int]]:
        """First chunk of each segment and the chunk behind its last one; both 0 for a segment without chunks."""
        chunks = [(0, 0)] * segment_count
        for table, segment in enumerate(self._columns[0]):
            first, end = chunks[segment]
            start = self.first_chunk(table)
            chunks[segment] = (first if end else start, start + self._columns[3][table])
        return chunks
