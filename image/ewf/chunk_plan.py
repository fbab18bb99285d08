"""A chunk table as the places of its chunks, cut into batches that a worker decodes in one go."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace

from image.ewf.defects import DefectError
from image.ewf.layout import CHECKSUM_BYTES
from image.ewf.table_index import TableReference
from image.ewf.table_section import (
    COMPRESSED_BIT,
    ENTRY_BYTES,
    OFFSET_MASK,
    decode_entries,
    decode_footed_entries,
)
from image.segment_files import SegmentFiles

MAXIMUM_TABLE_ENTRIES = 4 * 1024 * 1024
FAR_OFFSET_BYTES = 2**62
"""No file reaches so far: what a base offset behind it points to is nowhere just the same."""


@dataclass(frozen=True, slots=True)
class ChunkBatch:
    """Consecutive chunks of one table: where each begins and ends in bytes of the segment file.

    `last_chunk_bytes` is the media data in the last chunk of the batch where that is not full, else 0.
    `is_first` is the first batch of its table; `is_placed` is False where lost chunks leave open which sectors
    these are.
    """

    segment_index: int
    first_chunk: int
    starts: list[int]
    ends: list[int]
    compressed: list[bool]
    area_start_bytes: int
    area_end_bytes: int
    is_first: bool
    is_placed: bool
    last_chunk_bytes: int = 0

    def cut(self, count: int, last_chunk_bytes: int) -> "ChunkBatch":
        """The first `count` chunks, the last of them with this much media data."""
        return replace(
            self,
            starts=self.starts[:count],
            ends=self.ends[:count],
            compressed=self.compressed[:count],
            last_chunk_bytes=last_chunk_bytes,
        )


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """The entries of a table, and the defects that were met while reading them."""

    entries: "array[int]"
    defects: tuple[DefectError, ...]


def load_table(files: SegmentFiles, table: TableReference) -> LoadedTable:
    """Read the entries of a table from the copy whose checksum is right, and compare the copies.

    Raises:
        DefectError: `table-size`: more entries than are ever read at once.
        SegmentReadError: the system could not read it.
    """
    if table.entry_count > MAXIMUM_TABLE_ENTRIES:
        raise DefectError("table-size", f"a table of {table.entry_count} entries")
    size = table.entry_count * ENTRY_BYTES + (CHECKSUM_BYTES if table.footed else 0)
    data = files.read(table.segment_index, table.entries_offset_bytes, size)
    copies = [data]
    if table.copy_offset_bytes:
        copies.append(files.read(table.segment_index, table.copy_offset_bytes, size))
    loaded = _first_sound(table, *copies)
    defects = list(loaded.defects)
    if copies[-1] != data:
        defects.append(DefectError("table-disagreement", "table and table2 differ in their entries"))
    if (at := overflow_at(table, loaded.entries)) is not None:
        defects.append(DefectError("table-overflow", f"from entry {at} on, offsets take all 32 bits"))
    return LoadedTable(loaded.entries, tuple(defects))


def _first_sound(table: TableReference, *copies: bytes) -> LoadedTable:
    """The first copy whose checksum is right; the first of all if there is none."""
    if not table.footed:
        return LoadedTable(decode_entries(copies[0]), ())
    defects: list[DefectError] = []
    for data in copies:
        try:
            return LoadedTable(decode_footed_entries(data), tuple(defects))
        except DefectError as defect:
            defects.append(defect)
    return LoadedTable(decode_entries(copies[0][:-CHECKSUM_BYTES]), tuple(defects[:1]))


def chunk_places(entries: "array[int]", table: TableReference) -> "tuple[array[int], bytes]":
    """Where each chunk begins, in bytes of the segment file, and whether it is compressed (1) or not (0).

    Columns of numbers: a table may have millions of entries.
    """
    at = overflow_at(table, entries)
    bounded = len(entries) if at is None else at
    base = min(table.base_offset_bytes, FAR_OFFSET_BYTES)
    starts = array("Q", [base + (entry & OFFSET_MASK) for entry in entries[:bounded]])
    starts.extend(base + entry for entry in entries[bounded:])
    return starts, bytes(entry >= COMPRESSED_BIT for entry in entries[:bounded]).ljust(len(entries), b"\0")


def overflow_at(table: TableReference, entries: "array[int]") -> int | None:
    """The first entry in which EnCase 6.7.1 used all 32 bits; None where chunks take less than 2 GiB.

    Specification, "Table entries offset overflow": from there on chunks are taken as uncompressed.
    """
    if table.chunks_end_bytes - table.base_offset_bytes <= OFFSET_MASK:
        return None
    before = 0
    for index, entry in enumerate(entries):
        offset = entry & OFFSET_MASK
        if offset < before:
            return index if entry > before else None
        before = offset
    return None


def batches_of(
    table: TableReference, entries: "array[int]", first_chunk: int, chunks_per_batch: int, *, is_placed: bool
) -> Iterator[ChunkBatch]:
    """The chunks of a table in batches, all of them full; a chunk ends where the next one begins."""
    starts, compressed = chunk_places(entries, table)
    for first in range(0, len(starts), chunks_per_batch):
        end = min(first + chunks_per_batch, len(starts))
        behind = starts[end] if end < len(starts) else table.chunks_end_bytes
        yield ChunkBatch(
            table.segment_index,
            first_chunk + first,
            starts[first:end].tolist(),
            [*starts[first + 1 : end], behind],
            [is_compressed == 1 for is_compressed in compressed[first:end]],
            table.chunks_start_bytes,
            table.chunks_end_bytes,
            is_first=first == 0,
            is_placed=is_placed,
        )


def unread_batch(table: TableReference) -> ChunkBatch:
    """A batch that stands for chunks that are not read: it has none."""
    area = (table.chunks_start_bytes, table.chunks_end_bytes)
    return ChunkBatch(table.segment_index, 0, [], [], [], *area, is_first=False, is_placed=False)
