"""An E01 taken apart and put together again, every checksum right: for damage that no checksum shows."""

import struct
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import adler32

from image.ewf.sections import (
    DESCRIPTOR_BYTES,
    FILE_HEADER_BYTES,
    SectionDescriptor,
    Volume,
    decode_descriptor,
    encode_descriptor,
    encode_file_header,
    encode_volume,
)

LAST = ("next", "done")


@dataclass(frozen=True)
class EditedSection:
    """A section: its type and contents; `next_shift` and `size_shift` falsify its descriptor, in bytes."""

    kind: str
    contents: bytes
    next_shift: int = 0
    size_shift: int = 0


def take_apart(path: Path) -> tuple[bytes, list[EditedSection]]:
    """The file header and the sections of a segment file."""
    data = path.read_bytes()
    sections: list[EditedSection] = []
    offset = FILE_HEADER_BYTES
    while not sections or sections[-1].kind not in LAST:
        descriptor = decode_descriptor(data[offset:])
        end = descriptor.next_offset_bytes if descriptor.kind not in LAST else offset + DESCRIPTOR_BYTES
        sections.append(EditedSection(descriptor.kind, data[offset + DESCRIPTOR_BYTES : end]))
        offset = end
    return data[:FILE_HEADER_BYTES], sections


def put_together(path: Path, header: bytes, sections: list[EditedSection], behind: bytes = b"") -> None:
    """Write a segment file of these sections, descriptors computed anew; table offsets stay as they are."""
    data = bytearray(header)
    for section in sections:
        size = DESCRIPTOR_BYTES + len(section.contents)
        is_last = section.kind in LAST
        after = len(data) if is_last else len(data) + size
        descriptor = SectionDescriptor(
            section.kind, after + section.next_shift, (0 if is_last else size) + section.size_shift
        )
        data += encode_descriptor(descriptor) + section.contents
    path.unlink()
    path.write_bytes(bytes(data) + behind)


def changed(
    sections: list[EditedSection], kind: str, change: "dict[int, bytes]", checksum_at: int | None = None
) -> list[EditedSection]:
    """The sections with bytes of the first one of this kind replaced, and its checksum made right again.

    `checksum_at` is where the Adler-32 of everything before it stands; None leaves checksums alone.
    """
    index = next(index for index, section in enumerate(sections) if section.kind == kind)
    contents = bytearray(sections[index].contents)
    for offset, value in change.items():
        contents[offset : offset + len(value)] = value
    if checksum_at is not None:
        contents[checksum_at : checksum_at + 4] = struct.pack("<I", adler32(contents[:checksum_at]))
    return [*sections[:index], replace(sections[index], contents=bytes(contents)), *sections[index + 1 :]]


def segment(*sections: tuple[str, bytes], number: int = 1) -> bytes:
    """A segment file of these sections, type and contents each; the offsets in it are right."""
    data = bytearray(encode_file_header(number))
    for kind, contents in sections:
        end = len(data) + 76 + len(contents)
        data += encode_descriptor(SectionDescriptor(kind, len(data) if kind in LAST else end, 76 + len(contents)))
        data += contents
    return bytes(data)


def volume(chunk_sectors: int, sector_count: int) -> tuple[str, bytes]:
    """The volume section of media with this geometry."""
    chunks = -(-sector_count // chunk_sectors)
    described = Volume(
        chunk_count=chunks, sectors_per_chunk=chunk_sectors, bytes_per_sector=512, sector_count=sector_count
    )
    return "volume", encode_volume(described)
