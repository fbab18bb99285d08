"""Where the chunk tables of an image are: columns of numbers, since a large image has very many tables."""

from array import array
from bisect import bisect_right
from dataclasses import astuple, dataclass

COLUMN_TYPES = "IQIQQQQB"


@dataclass(frozen=True, slots=True)
class TableReference:
    """One table section; offsets are bytes in its segment file.

    `chunks_start_bytes` to `chunks_end_bytes` is where its chunks must lie; `copy_offset_bytes` is where the
    entries of table2 begin, 0 without one; `footed` says whether a checksum stands behind the entries.
    """

    segment_index: int
    entries_offset_bytes: int
    entry_count: int
    base_offset_bytes: int
    chunks_start_bytes: int
    chunks_end_bytes: int
    copy_offset_bytes: int
    footed: int


class TableIndex:
    """The tables of an image in order, and which chunk each one begins with."""

    def __init__(self) -> None:
        self._columns = tuple(array(kind) for kind in COLUMN_TYPES)
        self._first_chunks = array("Q")
        self._lost_before = (0, 0)
        self.chunk_count = 0

    def __len__(self) -> int:
        """How many tables there are."""
        return len(self._first_chunks)

    def append(self, table: TableReference) -> None:
        """Add the next table; its chunks follow those of the one before."""
        for column, value in zip(self._columns, astuple(table), strict=True):
            column.append(value)
        self._first_chunks.append(self.chunk_count)
        self.chunk_count += table.entry_count

    def set_copy(self, offset_bytes: int) -> None:
        """Say where the entries of the last table's copy begin."""
        self._columns[-2][-1] = offset_bytes

    def __getitem__(self, index: int) -> TableReference:
        """The table of this index."""
        return TableReference(*(column[index] for column in self._columns))

    def first_chunk(self, index: int) -> int:
        """The first chunk of a table, counted over the whole image; chunks that are lost are counted."""
        from_table, chunk_count = self._lost_before
        return self._first_chunks[index] + (chunk_count if index >= from_table else 0)

    def table_of(self, chunk: int) -> int | None:
        """The table that has this chunk of the image; None for one that is lost, or behind the last."""
        from_table, lost_count = self._lost_before
        border = self._first_chunks[from_table] if from_table < len(self) else self.chunk_count
        if border <= chunk < border + lost_count:
            return None
        stored = chunk - lost_count if chunk >= border else chunk
        return bisect_right(self._first_chunks, stored) - 1 if 0 <= stored < self.chunk_count else None

    def tables_before(self, segment_index: int) -> int:
        """How many tables stand in segments before this one."""
        return sum(1 for number in self._columns[0] if number < segment_index)

    def leave_out(self, before_table: int, chunk_count: int) -> None:
        """Say that this many chunks are lost in front of a table: those behind move up."""
        self._lost_before = (before_table, chunk_count)

    def chunks_of_segments(self, segment_count: int) -> list[tuple[int, int]]:
        """First chunk of each segment and the chunk behind its last one; both 0 for a segment without chunks."""
        chunks = [(0, 0)] * segment_count
        for table, segment in enumerate(self._columns[0]):
            first, end = chunks[segment]
            start = self.first_chunk(table)
            chunks[segment] = (first if end else start, start + self._columns[2][table])
        return chunks
