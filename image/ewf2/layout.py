"""Every fixed structure of EWF2-Ex01 as a table, in the order of the specification, with its section beside it.

Specification: libyal/libewf, documentation, "EWF 2 specification". All numbers are little-endian. Offsets are bytes
from the start of the structure; a closing checksum is not part of the table.
"""

from enum import IntEnum, IntFlag
from struct import Struct

from image.ewf.layout import Field, Structure

EVF2_SIGNATURE = b"EVF2\r\n\x81\x00"
LEF2_SIGNATURE = b"LEF2\r\n\x81\x00"
VERSION = (2, 1)
MAXIMUM_PADDING_BYTES = 4096
"""What stands in a segment file is filled up with zeros to multiples of 16; old libewf writes some more."""


class CompressionMethod(IntEnum):
    """How chunks and texts of the set are compressed (specification, "Compression methods")."""

    NONE = 0
    DEFLATE = 1
    BZIP2 = 2


class SectionKind(IntEnum):
    """What a section holds (specification, "Section types")."""

    DEVICE_INFORMATION = 0x01
    CASE_DATA = 0x02
    SECTOR_DATA = 0x03
    SECTOR_TABLE = 0x04
    ERROR_TABLE = 0x05
    SESSION_TABLE = 0x06
    INCREMENT_DATA = 0x07
    MD5_HASH = 0x08
    SHA1_HASH = 0x09
    RESTART_DATA = 0x0A
    ENCRYPTION_KEYS = 0x0B
    MEMORY_EXTENTS_TABLE = 0x0C
    NEXT = 0x0D
    FINAL_INFORMATION = 0x0E
    DONE = 0x0F
    ANALYTICAL_DATA = 0x10


LAST_SECTIONS = frozenset({SectionKind.NEXT, SectionKind.DONE})
"""The kinds that end a segment file; `DONE` ends the set (specification, "Next", "Done")."""


class DataFlags(IntFlag):
    """What is known of the data of a section (specification, "Data flags")."""

    MD5_HASHED = 0x01
    ENCRYPTED = 0x02


KNOWN_DATA_FLAGS = int(DataFlags.MD5_HASHED | DataFlags.ENCRYPTED)


class ChunkFlags(IntFlag):
    """How a chunk is stored (specification, "Chunk data flags")."""

    COMPRESSED = 0x01
    CHECKSUMED = 0x02
    PATTERN_FILL = 0x04


KNOWN_CHUNK_FLAGS = int(ChunkFlags.COMPRESSED | ChunkFlags.CHECKSUMED | ChunkFlags.PATTERN_FILL)
PATTERN_BYTES = 8

FILE_HEADER = Structure(
    "EWF2-Ex01 (File header)",
    32,
    (
        Field(0, "8s", "signature"),
        Field(8, "B", "major_version"),
        Field(9, "B", "minor_version"),
        Field(10, "H", "compression_method"),
        Field(12, "I", "segment_number"),
        Field(16, "16s", "set_identifier"),
    ),
    checksummed=False,
)

SECTION_DESCRIPTOR = Structure(
    "EWF2 section descriptor",
    60,
    (
        Field(0, "I", "kind"),
        Field(4, "I", "data_flags"),
        Field(8, "Q", "previous_offset_bytes"),
        Field(16, "Q", "data_bytes"),
        Field(24, "I", "descriptor_bytes"),
        Field(28, "I", "padding_bytes"),
        Field(32, "16s", "integrity_hash"),
    ),
)

TABLE_HEADER = Structure(
    "EWF2 sector table, Sector table header",
    16,
    (Field(0, "Q", "first_chunk"), Field(8, "I", "entry_count")),
)
TABLE_ENTRY = Struct("<QII")
"""Offset of the chunk in bytes or its pattern, bytes stored, flags (specification, "Sector table entry")."""

ERROR_HEADER = Structure("EWF2 error table, Error table header", 16, (Field(0, "I", "entry_count"),))
ERROR_ENTRY = Structure(
    "EWF2 error table, Error table entry",
    16,
    (Field(0, "Q", "first_sector"), Field(8, "I", "sector_count")),
    checksummed=False,
)

SESSION_HEADER = Structure("EWF2 session table, Session table header", 16, (Field(0, "I", "entry_count"),))
SESSION_ENTRY = Structure(
    "EWF2 session table, Session table entry",
    32,
    (Field(0, "Q", "first_sector"), Field(8, "I", "flags")),
    checksummed=False,
)

MD5_HASH = Structure("EWF2 MD5 hash", 16, (Field(0, "16s", "digest"),))
SHA1_HASH = Structure("EWF2 SHA1 hash", 20, (Field(0, "20s", "digest"),))

FILE_HEADER_BYTES = FILE_HEADER.stored_bytes
DESCRIPTOR_BYTES = SECTION_DESCRIPTOR.stored_bytes
ENTRIES_OFFSET_BYTES = 32
"""Where the entries of a table begin: its header of 20 bytes is filled up with 12."""
