"""A sector table as the places of its chunks, cut into batches that a worker decodes in one go.

Entries are read in pieces: a table may be of any size.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zlib import adler32

from image.ewf.defects import DefectError
from image.ewf.layout import CHECKSUM_BYTES
from image.ewf2.integrity import require_hash, section_md5
from image.ewf2.layout import ENTRIES_OFFSET_BYTES, PATTERN_BYTES, TABLE_ENTRY, ChunkFlags
from image.ewf2.table_index import TableReference
from image.segment_files import SegmentFiles

PIECE_ENTRIES = 64 * 1024
_FILLED = ChunkFlags.COMPRESSED | ChunkFlags.PATTERN_FILL


@dataclass(frozen=True, slots=True)
class ChunkEntry:
    """One chunk: where its stored bytes are, in bytes of the segment file, and how they are stored.

    Of a chunk that is filled with a pattern nothing is stored: `pattern` has its 8 bytes.
    """

    start_bytes: int
    stored_bytes: int
    flags: int

    @property
    def end_bytes(self) -> int:
        """Where its stored bytes end."""
        return self.start_bytes + self.stored_bytes

    @property
    def is_filled(self) -> bool:
        """Whether a pattern fills it; without COMPRESSED that flag means nothing (specification, "Sector data")."""
        return self.flags & _FILLED == _FILLED

    @property
    def is_unprotected(self) -> bool:
        """Whether it is stored as it is and without a checksum."""
        return not self.flags & (ChunkFlags.COMPRESSED | ChunkFlags.CHECKSUMED)

    @property
    def pattern(self) -> bytes:
        """The 8 bytes that fill it."""
        return self.start_bytes.to_bytes(PATTERN_BYTES, "little")


@dataclass(frozen=True, slots=True)
class ChunkBatch:
    """Consecutive chunks of one table, and the place where the stored chunk before them ends.

    `last_chunk_bytes` is the media data in the last chunk of the batch where that is not full, else 0.
    """

    segment_index: int
    first_chunk: int
    entries: tuple[ChunkEntry, ...]
    from_bytes: int
    area_start_bytes: int
    area_end_bytes: int
    last_chunk_bytes: int = 0

    def cut(self, count: int, last_chunk_bytes: int) -> "ChunkBatch":
        """The first `count` chunks, the last of them with this much media data."""
        return replace(self, entries=self.entries[:count], last_chunk_bytes=last_chunk_bytes)

    @property
    def stored(self) -> list[ChunkEntry]:
        """The chunks of which something is stored."""
        return [entry for entry in self.entries if not entry.is_filled]

    @property
    def to_bytes(self) -> int:
        """Where the last stored chunk inside the area ends."""
        ends = [entry.end_bytes for entry in self.stored if entry.end_bytes <= self.area_end_bytes]
        return max(ends, default=self.from_bytes)


def check_table(files: SegmentFiles, table: TableReference, stored_md5: bytes | None) -> None:
    """Compare the entries of a table with the checksum behind them, and its bytes with the MD5 in its descriptor.

    Raises:
        DefectError: `table-section`: the checksum is wrong or not there; `integrity-hash`: the MD5 is wrong.
        SegmentReadError: the system could not read it.
    """
    if not table.footed:
        raise DefectError("table-section", "the checksum behind the entries is not there")
    computed = 1
    for offset, size in _entry_pieces(table, 0, table.entry_count):
        computed = adler32(files.read(table.segment_index, offset, size), computed)
    end = table.offset_bytes + ENTRIES_OFFSET_BYTES + table.entry_count * TABLE_ENTRY.size
    found = int.from_bytes(files.read(table.segment_index, end, CHECKSUM_BYTES), "little")
    if found != computed:
        want, have = f"{computed:08x}", f"{found:08x}"
        raise DefectError("table-section", "checksum of the table entries", expected=want, found=have)
    if stored_md5 is not None:
        digest = section_md5(files, table.segment_index, table.offset_bytes, table.table_bytes)
        require_hash(stored_md5, digest, "the sector table")


def read_entries(files: SegmentFiles, table: TableReference, first: int, count: int) -> Iterator[ChunkEntry]:
    """These entries of a table.

    Raises:
        SegmentReadError: the system could not read them.
    """
    for offset, size in _entry_pieces(table, first, count):
        for start, stored, flags in TABLE_ENTRY.iter_unpack(files.read(table.segment_index, offset, size)):
            yield ChunkEntry(start, stored, flags)


def batches_of(
    files: SegmentFiles, table: TableReference, first_chunk: int, chunks_per_batch: int
) -> Iterator[ChunkBatch]:
    """The chunks of a table in batches, all of them full but the last; what is in front of them is not known.

    Raises:
        SegmentReadError: the system could not read an entry.
    """
    start, end = table.area_start_bytes, table.area_end_bytes
    for first in range(0, table.entry_count, chunks_per_batch):
        count = min(chunks_per_batch, table.entry_count - first)
        entries = tuple(read_entries(files, table, first, count))
        yield ChunkBatch(table.segment_index, first_chunk + first, entries, start, start, end)


def unread_batch(segment_index: int) -> ChunkBatch:
    """A batch that stands for chunks that are not read: it has none."""
    return ChunkBatch(segment_index, 0, (), 0, 0, 0)


def _entry_pieces(table: TableReference, first: int, count: int) -> Iterator[tuple[int, int]]:
    """Where these entries of a table are, in pieces: offset and size in bytes of the segment file."""
    start = table.offset_bytes + ENTRIES_OFFSET_BYTES
    for index in range(first, first + count, PIECE_ENTRIES):
        size = min(PIECE_ENTRIES, first + count - index) * TABLE_ENTRY.size
        yield start + index * TABLE_ENTRY.size, size
