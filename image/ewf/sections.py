"""File header, section descriptor and volume: bytes to values and back, every checksum looked at."""

from dataclasses import dataclass, fields
from enum import IntEnum, IntFlag

from image.ewf.defects import DefectError
from image.ewf.layout import (
    EVF_SIGNATURE,
    FILE_HEADER,
    LVF_SIGNATURE,
    SECTION_DESCRIPTOR,
    SHORT_VOLUME,
    VOLUME,
    pack,
    unpack,
)

FILE_HEADER_BYTES = FILE_HEADER.stored_bytes
DESCRIPTOR_BYTES = SECTION_DESCRIPTOR.stored_bytes
VOLUME_BYTES = VOLUME.stored_bytes
SHORT_VOLUME_BYTES = SHORT_VOLUME.stored_bytes
NO_SET_IDENTIFIER = bytes(16)
LAST_SECTIONS = frozenset({"next", "done"})
"""The types that end a segment file; `done` ends the set (specification, "Next section", "Done section")."""


class MediaType(IntEnum):
    """What was imaged (specification, "Media type")."""

    REMOVABLE = 0x00
    FIXED = 0x01
    OPTICAL = 0x03
    LOGICAL_FILES = 0x0E
    MEMORY = 0x10


class MediaFlags(IntFlag):
    """How it was imaged (specification, "Media flags")."""

    IMAGE_FILE = 0x01
    PHYSICAL = 0x02
    FASTBLOC = 0x04
    TABLEAU = 0x08


class CompressionLevel(IntEnum):
    """What the volume section says of compression (specification, "Compression level")."""

    NONE = 0x00
    FAST = 0x01
    BEST = 0x02


@dataclass(frozen=True, slots=True)
class FileHeader:
    """The 13 bytes that open a segment file; segments are numbered from 1."""

    segment_number: int
    signature: bytes = EVF_SIGNATURE
    fields_start: int = 0x01
    fields_end: int = 0x0000


def encode_file_header(segment_number: int) -> bytes:
    """Lay out the file header of an E01 segment: 13 bytes.

    Raises:
        ValueError: a number below 1 or above 65,535.
    """
    if segment_number < 1:
        raise ValueError(f"segments are numbered from 1, not {segment_number}")
    return pack(FILE_HEADER, FileHeader(segment_number))


def decode_file_header(data: bytes) -> FileHeader:
    """Read the file header at the start of a segment file.

    Raises:
        DefectError: `file-header`: short, another signature, wrong constants, or segment number 0.
    """
    if len(data) < FILE_HEADER_BYTES:
        raise DefectError("file-header", f"the file ends after {len(data)} bytes")
    header = unpack(FILE_HEADER, data[:FILE_HEADER_BYTES], FileHeader, code="file-header")
    if header.signature == LVF_SIGNATURE:
        raise DefectError("file-header", "this is a logical evidence file (L01)")
    if header != FileHeader(header.segment_number) or header.segment_number == 0:
        want = encode_file_header(max(header.segment_number, 1))
        raise DefectError("file-header", "not an EWF segment", expected=want.hex(), found=data[:13].hex())
    return header


@dataclass(frozen=True, slots=True)
class SectionDescriptor:
    """What stands in front of each section: its type, where the next one starts, its size with descriptor.

    `next_offset_bytes` counts from the start of the segment file; of `next` and `done` it points to itself.
    """

    kind: str
    next_offset_bytes: int
    size_bytes: int

    @property
    def type_bytes(self) -> bytes:
        """The type as stored, without padding."""
        return self.kind.encode("latin-1")


def encode_descriptor(descriptor: SectionDescriptor) -> bytes:
    """Lay out a section descriptor: 76 bytes.

    Raises:
        ValueError: a type longer than 16 characters or not Latin-1, or a number that does not fit.
    """
    if len(descriptor.type_bytes) > SECTION_DESCRIPTOR.fields[1].offset_bytes:
        raise ValueError(f"section type {descriptor.kind!r} is longer than 16 characters")
    return pack(SECTION_DESCRIPTOR, descriptor)


def descriptor_at(kind: str, at: int, contents_bytes: int) -> bytes:
    """The descriptor of a section at this offset of a segment; the last points to itself, size 0, as EnCase's does.

    Raises:
        ValueError: as `encode_descriptor`.
    """
    if kind in LAST_SECTIONS:
        return encode_descriptor(SectionDescriptor(kind, at, 0))
    size_bytes = DESCRIPTOR_BYTES + contents_bytes
    return encode_descriptor(SectionDescriptor(kind, at + size_bytes, size_bytes))


def decode_descriptor(data: bytes) -> SectionDescriptor:
    """Read a section descriptor; its type is whatever stands there before the first NUL.

    Raises:
        DefectError: `section-descriptor`: short, or the checksum is wrong.
    """
    if len(data) < DESCRIPTOR_BYTES:
        raise DefectError("section-descriptor", f"only {len(data)} bytes of {DESCRIPTOR_BYTES} are there")
    return unpack(SECTION_DESCRIPTOR, data, _descriptor_from, code="section-descriptor")


def _descriptor_from(type_bytes: bytes, next_offset_bytes: int, size_bytes: int) -> SectionDescriptor:
    """The descriptor with its type as text."""
    kind = type_bytes.split(b"\0", 1)[0].decode("latin-1")
    return SectionDescriptor(kind, next_offset_bytes, size_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What the volume, disk and data sections say of the media.

    `set_identifier` is the same in every segment of a set; old dialects leave it zero.
    """

    chunk_count: int
    sectors_per_chunk: int
    bytes_per_sector: int
    sector_count: int
    media_type: int = MediaType.FIXED
    media_flags: int = MediaFlags.IMAGE_FILE | MediaFlags.PHYSICAL
    compression_level: int = CompressionLevel.NONE
    error_granularity: int = 0
    set_identifier: bytes = NO_SET_IDENTIFIER
    cylinders: int = 0
    heads: int = 0
    sectors_per_track: int = 0
    palm_first_sector: int = 0
    smart_logs_sector: int = 0

    @property
    def chunk_bytes(self) -> int:
        """Bytes of media data in a full chunk."""
        return self.sectors_per_chunk * self.bytes_per_sector

    @property
    def media_size_bytes(self) -> int:
        """Bytes of media data in the whole image."""
        return self.sector_count * self.bytes_per_sector


def differing_fields(one: Volume, other: Volume) -> tuple[str, ...]:
    """The names of the fields in which two descriptions of the media differ."""
    names = (item.name for item in fields(Volume))
    return tuple(name for name in names if getattr(one, name) != getattr(other, name))


def encode_volume(volume: Volume) -> bytes:
    """Lay out the contents of a volume, disk or data section: 1052 bytes.

    Raises:
        ValueError: a number that does not fit, or a set identifier that is not 16 bytes.
    """
    if len(volume.set_identifier) != len(NO_SET_IDENTIFIER):
        raise ValueError("a set identifier has 16 bytes")
    return pack(VOLUME, volume)


def decode_volume(data: bytes) -> Volume:
    """Read the contents of a volume, disk or data section, in the long or the 94-byte form.

    Raises:
        DefectError: `volume-section`: neither size, or the checksum is wrong.
    """
    if len(data) == SHORT_VOLUME_BYTES:
        return unpack(SHORT_VOLUME, data, _volume_of_short, code="volume-section")
    if len(data) < VOLUME_BYTES:
        raise DefectError("volume-section", f"{len(data)} bytes, neither {VOLUME_BYTES} nor {SHORT_VOLUME_BYTES}")
    return unpack(VOLUME, data, Volume, code="volume-section")


def _volume_of_short(chunk_count: int, sectors_per_chunk: int, bytes_per_sector: int, sector_count: int) -> Volume:
    """The volume of the original form, which says nothing of type, flags and compression."""
    return Volume(
        chunk_count=chunk_count,
        sectors_per_chunk=sectors_per_chunk,
        bytes_per_sector=bytes_per_sector,
        sector_count=sector_count,
        media_flags=MediaFlags.IMAGE_FILE,
    )
