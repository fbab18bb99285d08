"""An Ex01 segment taken apart and put together again, every checksum right: for damage that no checksum shows."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import adler32

from image.ewf2.reader import open_ewf2
from image.findings import Finding
from tests.sim.ewf2_writer import section

HEADER_BYTES, DESCRIPTOR_BYTES = 32, 64


@dataclass(frozen=True)
class EditedSection:
    """A section: its kind, data with padding, padding size and data flags; `gap` stands behind its data."""

    kind: int
    data: bytes
    padding: int = 0
    flags: int = 0
    gap: bytes = b""


def take_apart(path: Path) -> tuple[bytes, list[EditedSection]]:
    """The file header and the sections in order."""
    data = path.read_bytes()
    found: list[EditedSection] = []
    offset = len(data) - DESCRIPTOR_BYTES
    while offset:
        kind, flags, previous, size, _, padding = struct.unpack_from("<IIQQII", data, offset)
        start = previous + DESCRIPTOR_BYTES if previous else HEADER_BYTES
        found.append(EditedSection(kind, data[start : start + size], padding, flags))
        offset = previous
    return data[:HEADER_BYTES], found[::-1]


def put_together(path: Path, header: bytes, sections: list[EditedSection]) -> None:
    """Write a segment of these sections, descriptors computed anew; places in tables stay as they are."""
    data, previous = bytearray(header), 0
    for item in sections:
        whole = section(previous, item.kind, item.data, item.padding, item.flags)
        data += item.data + item.gap + whole[len(item.data) :]
        previous = len(data) - DESCRIPTOR_BYTES
    path.write_bytes(data)


def edited(path: Path, kind: int, change: Callable[[bytes], bytes]) -> None:
    """Change the data of the first section of this kind and make every checksum around it right."""
    header, sections = take_apart(path)
    index = next(index for index, item in enumerate(sections) if item.kind == kind)
    sections[index] = replace(sections[index], data=change(sections[index].data))
    put_together(path, header, sections)


def table(first_chunk: int, entries: list[tuple[int, int, int]]) -> bytes:
    """A sector table."""
    head, body = (
        struct.pack("<QII", first_chunk, len(entries), 0),
        b"".join(struct.pack("<QII", *entry) for entry in entries),
    )
    return head + struct.pack("<I12x", adler32(head)) + body + struct.pack("<I12x", adler32(body))


def read(path: Path) -> tuple[int, list[Finding]]:
    """Bytes of media that are read, and the findings."""
    with open_ewf2(path) as image:
        size = 0
        for piece in image.media():
            size += len(piece.data)
            piece.release()
        return size, list(image.findings.as_tuple())
