"""The compressed streams of an Ex01, found without the reader under test."""

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.verify.slack import says_the_same
from tests.verify.unprotected import Bit

DESCRIPTOR = struct.Struct("<IIQQII")
DESCRIPTOR_BYTES = 64
ENTRY = struct.Struct("<QII")
TEXTS = (0x01, 0x02, 0x07, 0x0A, 0x10)
SECTOR_TABLE = 0x04
COMPRESSED = 0x01
IDENTIFIER_BYTES = range(16, 32)


@dataclass(frozen=True)
class Data:
    """The data of a section: its kind, where they begin and end without padding, and whether an MD5 guards them."""

    kind: int
    start: int
    end: int
    is_guarded: bool


def sections_of(data: bytes) -> Iterator[Data]:
    """The sections from the last to the first, by the places of the ones before."""
    offset = len(data) - DESCRIPTOR_BYTES
    while offset:
        kind, flags, previous, size, _, padding = DESCRIPTOR.unpack_from(data, offset)
        start = previous + DESCRIPTOR_BYTES if previous else 32
        yield Data(kind, start, start + size - padding, bool(flags & 1))
        offset = previous


def streams_of(data: bytes) -> Iterator[range]:
    """Where deflated texts and chunks lie that no MD5 guards; sector data stand in front of their table."""
    sections = list(sections_of(data))
    for section, before in pairwise(sections):
        if section.kind == SECTOR_TABLE and not before.is_guarded:
            yield from _chunks(data, section)
    for section in sections:
        if section.kind in TEXTS and not section.is_guarded:
            yield range(section.start, section.end)


def _chunks(data: bytes, table: Data) -> Iterator[range]:
    """Where the deflated chunks of a table lie."""
    (count,) = struct.unpack_from("<I", data, table.start + 8)
    for index in range(count):
        start, size, flags = ENTRY.unpack_from(data, table.start + 32 + index * ENTRY.size)
        if flags == COMPRESSED:
            yield range(start, start + size)


def unprotected_bits(path: Path, tried: Iterable[Bit], *, is_alone: bool = True) -> set[Bit]:
    """Those of the bits that may change unnoticed: slack of deflate and, in a set of one, the set identifier."""
    data = path.read_bytes()
    streams = sorted(streams_of(data), key=lambda stream: stream.start)
    found: set[Bit] = set()
    for offset, bit in tried:
        index = bisect_right(streams, offset, key=lambda stream: stream.start) - 1
        stream = streams[index] if index >= 0 and offset in streams[index] else None
        if stream is not None:
            changed = (
                data[stream.start : offset] + bytes([data[offset] ^ 1 << bit]) + data[offset + 1 : stream.stop]
            )
            if says_the_same(data[stream.start : stream.stop], changed):
                found.add((offset, bit))
        elif is_alone and offset in IDENTIFIER_BYTES:
            found.add((offset, bit))
    return found
