"""Tables while the sections of a segment are read: where their entries are and where their chunks must lie.

Chunks lie in the sectors section in front of the table; in SMART, in the original format and in EnCase 1 they
lie in the table section itself, behind the entries (specification, "Table section").
"""

from typing import Protocol

from image.ewf.defects import DefectError
from image.ewf.layout import CHECKSUM_BYTES
from image.ewf.table_index import TableIndex, TableReference
from image.ewf.table_section import (
    ENTRY_BYTES,
    OFFSET_MASK,
    TABLE_HEADER_BYTES,
    TableHeader,
    decode_entries,
    decode_table_header,
)
from image.finding_list import SegmentFindings
from image.segment_files import SegmentFiles


class Extent(Protocol):
    """A section as far as tables need it: places in bytes of the segment file."""

    @property
    def offset_bytes(self) -> int:
        """Where its descriptor begins."""
        ...

    @property
    def contents_offset_bytes(self) -> int:
        """Where its contents begin."""
        ...

    @property
    def contents_bytes(self) -> int:
        """How many bytes of contents it has."""
        ...

    @property
    def end_bytes(self) -> int:
        """Where it ends."""
        ...


class TableReader:
    """Gathers the tables of one segment."""

    def __init__(self, files: SegmentFiles, index: int, tables: TableIndex, findings: SegmentFindings) -> None:
        self._files = files
        self._index = index
        self._tables = tables
        self._findings = findings
        self._sectors: Extent | None = None
        self._copied = True
        self._has_table = False

    def read_sectors(self, section: Extent) -> None:
        """Remember where chunks are, for the table that follows."""
        if self._sectors is not None:
            self._findings.add("section-order", "a sectors section without a table", self._sectors.offset_bytes)
        self._sectors = section

    def read_table(self, section: Extent) -> None:
        """Add a table to the index.

        Raises:
            DefectError: `section-size`: no room for a table header.
        """
        header = self._header(section)
        end = TABLE_HEADER_BYTES + header.entry_count * ENTRY_BYTES
        sectors, self._sectors = self._sectors, None
        if sectors is None:
            footed = self._embedded_footer(section, header, end)
            start = section.contents_offset_bytes + end + (CHECKSUM_BYTES if footed else 0)
            area = (start, section.end_bytes)
        else:
            footed = section.contents_bytes >= end + CHECKSUM_BYTES
            area = (sectors.contents_offset_bytes, sectors.end_bytes)
            self._look_behind(section, end + (CHECKSUM_BYTES if footed else 0))
        if not header.entry_count and area[0] < area[1]:
            self._findings.add("unowned-bytes", f"{area[1] - area[0]} bytes stand where no chunk is", area[0])
        entries = section.contents_offset_bytes + TABLE_HEADER_BYTES
        self._tables.append(
            TableReference(self._index, entries, header.entry_count, header.base_offset_bytes, *area, 0, footed)
        )
        self._has_table, self._copied = True, False

    def read_copy(self, section: Extent) -> None:
        """Compare the header of table2 with its table, and note where its entries are.

        Raises:
            DefectError: `table-section`: its header is damaged; `section-order`: no table before.
        """
        if not self._has_table or self._copied:
            raise DefectError("section-order", "a table2 section without its table")
        self._copied = True
        table = self._tables[len(self._tables) - 1]
        size = TABLE_HEADER_BYTES + table.entry_count * ENTRY_BYTES + (CHECKSUM_BYTES if table.footed else 0)
        header = self._read(section, 0, min(TABLE_HEADER_BYTES, section.contents_bytes))
        decode_table_header(header)
        original = self._files.read(
            self._index, table.entries_offset_bytes - TABLE_HEADER_BYTES, TABLE_HEADER_BYTES
        )
        if header != original or section.contents_bytes < size:
            self._findings.add(
                "table-disagreement", "table and table2 differ in their headers", section.offset_bytes
            )
            return
        self._look_behind(section, size)
        self._tables.set_copy(section.contents_offset_bytes + TABLE_HEADER_BYTES)

    def finish(self) -> None:
        """Say that the segment ends here."""
        if self._sectors is not None:
            self._findings.add("section-order", "a sectors section without a table", self._sectors.offset_bytes)

    def _header(self, section: Extent) -> TableHeader:
        """The table header, with the number of entries held to the size of the section.

        A damaged one is replaced by what the section's size tells, so that its chunks can still be looked at.
        """
        room = section.contents_bytes - TABLE_HEADER_BYTES
        if room < 0:
            raise DefectError("section-size", f"{section.contents_bytes} bytes are too few for a table")
        try:
            header = decode_table_header(self._read(section, 0, TABLE_HEADER_BYTES))
        except DefectError as defect:
            detail = f"{defect.detail}; its chunks are taken from the size of the section"
            self._findings.add(defect.code, detail, section.contents_offset_bytes, defect.expected, defect.found)
            count = (room - CHECKSUM_BYTES) // ENTRY_BYTES if self._sectors is not None else 0
            return TableHeader(max(count, 0), self._base_guess(section))
        if header.entry_count * ENTRY_BYTES > room:
            detail = f"{header.entry_count} entries do not fit into {room} bytes"
            self._findings.add("table-section", detail, section.contents_offset_bytes)
            return TableHeader(room // ENTRY_BYTES, header.base_offset_bytes)
        return header

    def _base_guess(self, section: Extent) -> int:
        """The base offset stored in a damaged header, where it lies in the file; 0 otherwise."""
        base = int.from_bytes(self._read(section, 8, 8), "little")
        return base if base < section.offset_bytes else 0

    def _embedded_footer(self, section: Extent, header: TableHeader, end: int) -> bool:
        """Whether a checksum stands between the entries and the chunks of a table with its own chunks."""
        if not header.entry_count or section.contents_bytes < end + CHECKSUM_BYTES:
            return False
        first = decode_entries(self._read(section, TABLE_HEADER_BYTES, ENTRY_BYTES))[0] & OFFSET_MASK
        return first + header.base_offset_bytes >= section.contents_offset_bytes + end + CHECKSUM_BYTES

    def _look_behind(self, section: Extent, contents_bytes: int) -> None:
        """Find bytes behind the table that belong to nobody."""
        rest = section.contents_bytes - contents_bytes
        if rest > 0:
            offset = section.contents_offset_bytes + contents_bytes
            self._findings.add("unowned-bytes", f"{rest} bytes stand behind the table", offset)

    def _read(self, section: Extent, offset_bytes: int, size_bytes: int) -> bytes:
        """Bytes of the contents of a section."""
        return self._files.read(self._index, section.contents_offset_bytes + offset_bytes, size_bytes)
