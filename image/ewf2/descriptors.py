"""File header and section descriptor of an Ex01: bytes to values, every checksum and every bound looked at."""

from dataclasses import dataclass

from image.ewf.defects import DefectError
from image.ewf.layout import unpack
from image.ewf2.layout import (
    DESCRIPTOR_BYTES,
    EVF2_SIGNATURE,
    FILE_HEADER,
    FILE_HEADER_BYTES,
    KNOWN_DATA_FLAGS,
    LEF2_SIGNATURE,
    SECTION_DESCRIPTOR,
    CompressionMethod,
    DataFlags,
    SectionKind,
)


@dataclass(frozen=True, slots=True)
class FileHeader:
    """The 32 bytes that open a segment file; segments are numbered from 1."""

    signature: bytes
    major_version: int
    minor_version: int
    compression_method: int
    segment_number: int
    set_identifier: bytes


def decode_file_header(data: bytes) -> FileHeader:
    """Read the file header at the start of a segment file; version and method are not judged.

    Raises:
        DefectError: `file-header`: short, or another signature.
    """
    if len(data) < FILE_HEADER_BYTES:
        raise DefectError("file-header", f"the file ends after {len(data)} bytes")
    header = unpack(FILE_HEADER, data, FileHeader, code="file-header")
    if header.signature == LEF2_SIGNATURE:
        raise DefectError("file-header", "this is a logical evidence file (Lx01)")
    if header.signature != EVF2_SIGNATURE:
        want, have = EVF2_SIGNATURE.hex(), header.signature.hex()
        raise DefectError("file-header", "not a segment of an Ex01", expected=want, found=have)
    return header


@dataclass(frozen=True, slots=True)
class SectionDescriptor:
    """What stands behind each section: its kind, where the descriptor before it is, and its sizes in bytes.

    `data_bytes` counts `padding_bytes` too; `previous_offset_bytes` is 0 for the first section.
    """

    kind: int
    data_flags: int
    previous_offset_bytes: int
    data_bytes: int
    descriptor_bytes: int
    padding_bytes: int
    integrity_hash: bytes


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a segment: its places are bytes of the segment file.

    It reaches from `start_bytes`, behind the section before, to its descriptor at `offset_bytes`; its data are
    the first `data_bytes` of that. `kind` is None where the descriptor is damaged. `integrity_hash` is the MD5
    of the data, None where none is stored.
    """

    kind: int | None
    start_bytes: int
    offset_bytes: int
    data_bytes: int
    padding_bytes: int = 0
    integrity_hash: bytes | None = None
    is_encrypted: bool = False
    unknown_flags: int = 0

    @property
    def end_bytes(self) -> int:
        """Where the next section begins."""
        return self.offset_bytes + DESCRIPTOR_BYTES

    @property
    def is_guarded(self) -> bool:
        """Whether an MD5 of its data is stored."""
        return self.integrity_hash is not None


def decode_descriptor(data: bytes) -> SectionDescriptor:
    """Read a section descriptor.

    Raises:
        DefectError: `section-descriptor`: short, another size, or the checksum is wrong.
    """
    if len(data) < DESCRIPTOR_BYTES:
        raise DefectError("section-descriptor", f"only {len(data)} bytes of {DESCRIPTOR_BYTES} are there")
    descriptor = unpack(SECTION_DESCRIPTOR, data, SectionDescriptor, code="section-descriptor")
    if descriptor.descriptor_bytes != DESCRIPTOR_BYTES:
        want, have = str(DESCRIPTOR_BYTES), str(descriptor.descriptor_bytes)
        raise DefectError("section-descriptor", "another size of descriptor", expected=want, found=have)
    return descriptor


def placed_section(descriptor: SectionDescriptor, offset_bytes: int) -> Section:
    """The section whose descriptor stands at this byte, with its sizes held to its place.

    Raises:
        DefectError: `section-loop`: the section before is not in front of it; `section-size`: more data than
            there is room, or more padding than data.
    """
    previous = descriptor.previous_offset_bytes
    start = previous + DESCRIPTOR_BYTES if previous else FILE_HEADER_BYTES
    if start > offset_bytes or 0 < previous < FILE_HEADER_BYTES:
        raise DefectError("section-loop", f"{kind_name(descriptor.kind)} names byte {previous} as the one before")
    room = offset_bytes - start
    if descriptor.data_bytes > room or descriptor.padding_bytes > descriptor.data_bytes:
        detail = f"{descriptor.data_bytes} bytes, {descriptor.padding_bytes} of padding, in room for {room}"
        raise DefectError("section-size", f"{kind_name(descriptor.kind)}: {detail}")
    return Section(
        descriptor.kind,
        start,
        offset_bytes,
        descriptor.data_bytes,
        descriptor.padding_bytes,
        descriptor.integrity_hash if descriptor.data_flags & DataFlags.MD5_HASHED else None,
        bool(descriptor.data_flags & DataFlags.ENCRYPTED) or descriptor.kind == SectionKind.ENCRYPTION_KEYS,
        descriptor.data_flags & ~KNOWN_DATA_FLAGS,
    )


def kind_name(kind: int | None) -> str:
    """The kind of a section in words."""
    if kind is None:
        return "a section whose descriptor is damaged"
    try:
        return SectionKind(kind).name.lower().replace("_", " ")
    except ValueError:
        return f"a section of type {kind:#x}"


def method_name(method: int) -> str:
    """The compression method in a word."""
    try:
        return CompressionMethod(method).name.lower()
    except ValueError:
        return f"unknown ({method})"
