"""The compressed streams of an E01, found without the reader under test, and what may change in them unnoticed.

Deflate can say the same in several ways. A changed bit after which zlib still inflates a stream to the same data,
with the same checksum, is seen by nobody who has only the image: the media is the same, and its digests prove it.
"""

import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DESCRIPTOR = struct.Struct("<16sQQ40xI")
FILE_HEADER_BYTES = 13
COMPRESSED = 0x8000_0000
TEXTS = ("header", "header2", "xheader", "xhash")


@dataclass(frozen=True, order=True)
class Stream:
    """Where a compressed stream and whatever fills it up lie, in bytes of the file, and in which section."""

    start: int
    end: int
    section: str


def sections_of(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Type, first byte and end of the contents of each section, by the offsets of the next ones."""
    offset, kind = FILE_HEADER_BYTES, ""
    while kind not in ("next", "done"):
        name, after, _, _ = DESCRIPTOR.unpack_from(data, offset)
        kind = name.rstrip(b"\0").decode()
        start = offset + DESCRIPTOR.size
        offset = after if kind not in ("next", "done") else start
        yield kind, start, offset


def streams_of(path: Path) -> list[Stream]:
    """Every compressed stream of a segment file, in order."""
    data = path.read_bytes()
    found: list[Stream] = []
    sectors: tuple[int, int] | None = None
    for kind, start, end in sections_of(data):
        if kind in TEXTS:
            found.append(Stream(start, end, kind))
        elif kind == "sectors":
            sectors = start, end
        elif kind == "table":
            found += _chunks(data, start, sectors[1] if sectors else end)
            sectors = None
    return sorted(found)


def _chunks(data: bytes, table: int, area_end: int) -> Iterator[Stream]:
    """The compressed chunks of a table, which end where the next one begins."""
    count, base = struct.unpack_from("<I4xQ", data, table)
    entries = struct.unpack_from(f"<{count}I", data, table + 24)
    starts = [base + (entry & ~COMPRESSED) for entry in entries] + [area_end]
    for index, entry in enumerate(entries):
        if entry & COMPRESSED:
            yield Stream(starts[index], starts[index + 1], "chunk")


def stream_at(streams: list[Stream], offset: int) -> Stream | None:
    """The stream that this byte is part of."""
    index = bisect_right(streams, offset, key=lambda stream: stream.start) - 1
    return streams[index] if index >= 0 and offset < streams[index].end else None


def says_the_same(before: bytes, after: bytes) -> bool:
    """Whether zlib inflates both to the same data; what fills a chunk up to a multiple of 16 counts for nothing."""
    one, other = zlib.decompressobj(), zlib.decompressobj()
    wanted = one.decompress(before)
    try:
        found = other.decompress(after, len(wanted) + 1)
    except zlib.error:
        return False
    return found == wanted and other.eof and len(other.unused_data) == len(one.unused_data)
