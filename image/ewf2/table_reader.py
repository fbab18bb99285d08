"""Sector data and sector tables while the sections of a segment are read: where chunks are, and who tells.

Every sector table stands behind the sector data it describes (specification, "Sector table").
"""

from image.ewf.defects import DefectError
from image.ewf.layout import CHECKSUM_BYTES, unpack
from image.ewf2.descriptors import Section
from image.ewf2.layout import ENTRIES_OFFSET_BYTES, MAXIMUM_PADDING_BYTES, TABLE_ENTRY, TABLE_HEADER
from image.ewf2.range_tables import require_padding
from image.ewf2.table_index import UNKNOWN_CHUNK, TableHashes, TableIndex, TableReference
from image.finding_list import SegmentFindings
from image.segment_files import SegmentFiles


class TableReader:
    """Gathers the tables of one segment."""

    def __init__(self, files: SegmentFiles, index: int, tables: TableIndex, findings: SegmentFindings) -> None:
        self._files = files
        self._index = index
        self._tables = tables
        self._findings = findings
        self._sectors: Section | None = None

    def read_sectors(self, section: Section) -> None:
        """Remember where chunks are, for the table that follows."""
        self.finish()
        self._sectors = section

    def read_table(self, section: Section) -> None:
        """Add a table to the index.

        Raises:
            DefectError: `section-order`: no sector data before it; `section-size`: no room for a table.
        """
        sectors, self._sectors = self._sectors, None
        if section.data_bytes < ENTRIES_OFFSET_BYTES:
            raise DefectError("section-size", f"{section.data_bytes} bytes are too few for a sector table")
        first_chunk, entry_count = self._header(section)
        if sectors is None:
            raise DefectError("section-order", "a sector table without its sector data")
        end = ENTRIES_OFFSET_BYTES + entry_count * TABLE_ENTRY.size
        self._look_behind(section, min(end + CHECKSUM_BYTES, section.data_bytes))
        expected = self._tables.append(
            TableReference(
                self._index,
                section.start_bytes,
                section.data_bytes,
                entry_count,
                sectors.start_bytes,
                sectors.offset_bytes,
                section.data_bytes >= end + CHECKSUM_BYTES,
                sectors.data_bytes,
            ),
            first_chunk,
            TableHashes(sectors.integrity_hash, section.integrity_hash),
        )
        if first_chunk < expected:
            detail = "a sector table begins with a chunk that an earlier one has"
            self._findings.add("table-section", detail, section.start_bytes, str(expected), str(first_chunk))

    def finish(self) -> None:
        """Say that no table follows the sector data read last."""
        if self._sectors is not None:
            detail = "sector data without a sector table"
            self._findings.add("section-order", detail, self._sectors.offset_bytes)
            self._sectors = None

    def _header(self, section: Section) -> tuple[int, int]:
        """First chunk and number of entries, held to the size of the section.

        A damaged header is replaced by what that size tells, so that its chunks can still be looked at.
        """
        data = self._files.read(self._index, section.start_bytes, ENTRIES_OFFSET_BYTES)
        room = (section.data_bytes - ENTRIES_OFFSET_BYTES) // TABLE_ENTRY.size
        try:
            first_chunk, entry_count = unpack(TABLE_HEADER, data, _numbers, code="table-section")
            require_padding(data[TABLE_HEADER.stored_bytes :], "table-section")
        except DefectError as defect:
            detail = f"{defect.detail}; its chunks are taken from the size of the section"
            self._findings.add(defect.code, detail, section.start_bytes, defect.expected, defect.found)
            return UNKNOWN_CHUNK, max(room - 1, 0)
        if entry_count > room:
            detail = f"{entry_count} entries do not fit into {section.data_bytes} bytes"
            self._findings.add("table-section", detail, section.start_bytes)
            return first_chunk, room
        return first_chunk, entry_count

    def _look_behind(self, section: Section, end_bytes: int) -> None:
        """Find bytes behind the table that are no padding."""
        rest = section.data_bytes - end_bytes
        size = min(rest, MAXIMUM_PADDING_BYTES)
        padding = self._files.read(self._index, section.start_bytes + end_bytes, size)
        if any(padding) or rest > size:
            detail = f"{rest} bytes behind the sector table are no padding"
            self._findings.add("unowned-bytes", detail, section.start_bytes + end_bytes)


def _numbers(first_chunk: int, entry_count: int) -> tuple[int, int]:
    """The two numbers of a table header."""
    return first_chunk, entry_count
