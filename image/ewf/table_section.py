"""Table and table2: where each chunk of a group starts, and whether it is compressed."""

import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import adler32

from image.ewf.defects import DefectError
from image.ewf.layout import CHECKSUM_BYTES, TABLE_HEADER, pack, require_checksum, unpack

TABLE_HEADER_BYTES = TABLE_HEADER.stored_bytes
ENTRY_BYTES = 4
COMPRESSED_BIT = 0x8000_0000
OFFSET_MASK = 0x7FFF_FFFF
MAXIMUM_ENTRIES_OLD = 16375
"""More entries than this older readers refuse (specification, "Table section")."""


@dataclass(frozen=True, slots=True)
class TableHeader:
    """Entry count; the entries' offsets count from `base_offset_bytes` of the segment file, 0 before EnCase 6."""

    entry_count: int
    base_offset_bytes: int


def encode_table(base_offset_bytes: int, entries: Sequence[int]) -> bytes:
    """Lay out the contents of a table or table2 section: header, entries, footer.

    An entry is a 31-bit offset in bytes from the base offset, with `COMPRESSED_BIT` for a compressed chunk.

    Raises:
        ValueError: an entry of more than 32 bits, or a base offset of more than 64.
    """
    header = pack(TABLE_HEADER, TableHeader(len(entries), base_offset_bytes))
    try:
        data = _little_endian(array("I", entries)).tobytes()
    except OverflowError as error:
        raise ValueError(f"a table entry has 32 bits: {error}") from error
    return header + data + adler32(data).to_bytes(CHECKSUM_BYTES, "little")


def decode_table_header(data: bytes) -> TableHeader:
    """Read the 24 bytes in front of the entries.

    Raises:
        DefectError: `table-section`: short, or the checksum is wrong.
    """
    if len(data) < TABLE_HEADER_BYTES:
        raise DefectError("table-section", f"only {len(data)} bytes of a table header are there")
    return unpack(TABLE_HEADER, data, TableHeader, code="table-section")


def decode_entries(data: bytes) -> "array[int]":
    """Read entries without a footer, as the original format and SMART have them; compressed bit included.

    Raises:
        DefectError: `table-section`: no whole number of entries.
    """
    if len(data) % ENTRY_BYTES:
        raise DefectError("table-section", f"{len(data)} bytes are no whole number of entries")
    return _little_endian(array("I", data))


def decode_footed_entries(data: bytes) -> "array[int]":
    """Read entries with the checksum behind them.

    Raises:
        DefectError: `table-section`: no whole number of entries, or the checksum is wrong.
    """
    body, footer = data[:-CHECKSUM_BYTES], data[-CHECKSUM_BYTES:]
    if len(footer) < CHECKSUM_BYTES:
        raise DefectError("table-section", "the table footer is not there")
    require_checksum(body, footer, "the table entries", "table-section")
    return decode_entries(body)


def decode_table(data: bytes) -> tuple[TableHeader, "array[int]"]:
    """Read the whole contents of a table section with a footer; nothing may stand behind it.

    Raises:
        DefectError: `table-section`: a checksum or the number of entries does not fit.
    """
    header = decode_table_header(data)
    if len(data) != TABLE_HEADER_BYTES + header.entry_count * ENTRY_BYTES + CHECKSUM_BYTES:
        raise DefectError("table-section", f"{header.entry_count} entries do not make {len(data)} bytes")
    return header, decode_footed_entries(data[TABLE_HEADER_BYTES:])


def _little_endian(entries: "array[int]") -> "array[int]":
    """The entries in the byte order of the file."""
    if entries.itemsize != ENTRY_BYTES:
        raise RuntimeError("unsigned int has not 4 bytes on this machine")
    if sys.byteorder == "big":
        entries.byteswap()
    return entries
