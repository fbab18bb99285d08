"""Every fixed structure of EWF-E01 as a table, in the order of the specification, with its section beside it.

Specification: libyal/libewf, documentation, "Expert Witness Compression Format (EWF)". All numbers are
little-endian. Offsets are bytes from the start of the structure; a closing checksum is not part of the table.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from zlib import adler32

from image.ewf.defects import DefectError

Value = TypeVar("Value")

EVF_SIGNATURE = b"EVF\x09\x0d\x0a\xff\x00"
LVF_SIGNATURE = b"LVF\x09\x0d\x0a\xff\x00"
CHECKSUM_BYTES = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One field: bytes from the start of the structure, `struct` format of one value, attribute name."""

    offset_bytes: int
    format: str
    name: str


@dataclass(frozen=True)
class Structure:
    """One structure: name of its section in the specification, its bytes without checksum, its fields."""

    specification: str
    size_bytes: int
    fields: tuple[Field, ...]
    checksummed: bool = True

    @property
    def stored_bytes(self) -> int:
        """Bytes in the file, checksum included."""
        return self.size_bytes + (CHECKSUM_BYTES if self.checksummed else 0)


FILE_HEADER = Structure(
    "EWF, EWF-E01 and EWF-S01 (File header)",
    13,
    (
        Field(0, "8s", "signature"),
        Field(8, "B", "fields_start"),
        Field(9, "H", "segment_number"),
        Field(11, "H", "fields_end"),
    ),
    checksummed=False,
)

SECTION_DESCRIPTOR = Structure(
    "Section descriptor",
    72,
    (
        Field(0, "16s", "type_bytes"),
        Field(16, "Q", "next_offset_bytes"),
        Field(24, "Q", "size_bytes"),
    ),
)

VOLUME = Structure(
    "Volume section: FTK Imager, EnCase 1 to 7 and linen 5 to 7 (EWF-E01)",
    1048,
    (
        Field(0, "B", "media_type"),
        Field(4, "I", "chunk_count"),
        Field(8, "I", "sectors_per_chunk"),
        Field(12, "I", "bytes_per_sector"),
        Field(16, "Q", "sector_count"),
        Field(24, "I", "cylinders"),
        Field(28, "I", "heads"),
        Field(32, "I", "sectors_per_track"),
        Field(36, "B", "media_flags"),
        Field(40, "I", "palm_first_sector"),
        Field(48, "I", "smart_logs_sector"),
        Field(52, "B", "compression_level"),
        Field(56, "I", "error_granularity"),
        Field(64, "16s", "set_identifier"),
    ),
)

SHORT_VOLUME = Structure(
    "Volume section: EWF specification, SMART (EWF-S01)",
    90,
    (
        Field(4, "I", "chunk_count"),
        Field(8, "I", "sectors_per_chunk"),
        Field(12, "I", "bytes_per_sector"),
        Field(16, "I", "sector_count"),
    ),
)

TABLE_HEADER = Structure(
    "Table section: EnCase 6 to 7 and linen 6 to 7, Table header",
    20,
    (Field(0, "I", "entry_count"), Field(8, "Q", "base_offset_bytes")),
)

SESSION_HEADER = Structure("Session section, Session header", 32, (Field(0, "I", "entry_count"),))
SESSION_ENTRY = Structure(
    "Session section, Session entry", 32, (Field(0, "I", "flags"), Field(4, "I", "first_sector")), checksummed=False
)

ERROR2_HEADER = Structure("Error2 section, Error2 header", 516, (Field(0, "I", "entry_count"),))
ERROR2_ENTRY = Structure(
    "Error2 section, Error2 entry",
    8,
    (Field(0, "I", "first_sector"), Field(4, "I", "sector_count")),
    checksummed=False,
)

DIGEST = Structure("Digest section", 76, (Field(0, "16s", "md5"), Field(16, "20s", "sha1")))
HASH = Structure("Hash section", 32, (Field(0, "16s", "md5"), Field(16, "16s", "unknown")))

STRUCTURES = (
    FILE_HEADER,
    SECTION_DESCRIPTOR,
    VOLUME,
    SHORT_VOLUME,
    TABLE_HEADER,
    SESSION_HEADER,
    SESSION_ENTRY,
    ERROR2_HEADER,
    ERROR2_ENTRY,
    DIGEST,
    HASH,
)


def _compiled(structure: Structure) -> struct.Struct:
    """The structure as one `struct` format, gaps as padding bytes."""
    text, position = "<", 0
    for field in structure.fields:
        text += f"{field.offset_bytes - position}x{field.format}"
        position = field.offset_bytes + struct.calcsize("<" + field.format)
    return struct.Struct(f"{text}{structure.size_bytes - position}x")


_PACKERS = {structure.specification: _compiled(structure) for structure in STRUCTURES}


def _packer(structure: Structure) -> struct.Struct:
    """The structure compiled; those of other formats are compiled when they are first used."""
    packer = _PACKERS.get(structure.specification)
    if packer is None:
        packer = _PACKERS[structure.specification] = _compiled(structure)
    return packer


def pack(structure: Structure, value: object) -> bytes:
    """Lay the attributes of `value` out as the structure, padding zero, checksum behind it where it has one.

    Raises:
        ValueError: an attribute does not fit its field.
    """
    try:
        data = _packer(structure).pack(*(getattr(value, field.name) for field in structure.fields))
    except struct.error as error:
        raise ValueError(f"does not fit {structure.specification}: {error}") from error
    return seal(data) if structure.checksummed else data


def unpack(structure: Structure, data: bytes, build: Callable[..., Value], *, code: str) -> Value:
    """Give the fields of the structure at the start of `data` to `build` by name.

    Raises:
        DefectError: `data` is too short, or its checksum is wrong; carries `code` then.
    """
    body = check_seal(data[: structure.stored_bytes], structure, code) if structure.checksummed else data
    if len(body) < structure.size_bytes:
        raise DefectError("section-size", f"{len(data)} bytes are too few for {structure.specification}")
    values = _packer(structure).unpack(body[: structure.size_bytes])
    return build(**{field.name: item for field, item in zip(structure.fields, values, strict=True)})


def seal(data: bytes) -> bytes:
    """The bytes with their Adler-32 behind them (specification, "Adler-32 checksum")."""
    return data + adler32(data).to_bytes(CHECKSUM_BYTES, "little")


def check_seal(data: bytes, structure: Structure, code: str) -> bytes:
    """The bytes in front of the closing Adler-32.

    Raises:
        DefectError: too few bytes, or another checksum is stored.
    """
    if len(data) < structure.stored_bytes:
        raise DefectError("section-size", f"{len(data)} bytes are too few for {structure.specification}")
    require_checksum(data[: structure.size_bytes], data[structure.size_bytes :], structure.specification, code)
    return data[: structure.size_bytes]


def require_checksum(data: bytes | memoryview, stored: bytes, what: str, code: str) -> None:
    """Compare an Adler-32 with the four stored bytes.

    Raises:
        DefectError: they differ; carries `code` and both values in hex.
    """
    computed = adler32(data)
    found = int.from_bytes(stored[:CHECKSUM_BYTES], "little")
    if computed != found:
        raise DefectError(code, f"checksum of {what}", expected=f"{computed:08x}", found=f"{found:08x}")
