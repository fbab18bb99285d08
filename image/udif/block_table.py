"""The block tables of a UDIF image: one for each partition, `mish`, and what each block is.

Source: libmodi's documentation "Mac OS disk image types", section "Block table". Numbers are big-endian.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from image.udif.trailer import Checksum, decode_checksum

HEADER = struct.Struct(">4sIQQQ")
ENTRY = struct.Struct(">IIQQQQ")
MAGIC = b"mish"
CHECKSUM_OFFSET, COUNT_OFFSET, ENTRIES_OFFSET = 64, 200, 204


class BlockKind(IntEnum):
    """How a block is stored."""

    ZEROS = 0
    RAW = 1
    FREE = 2
    ADC = 0x80000004
    ZLIB = 0x80000005
    BZIP2 = 0x80000006
    LZFSE = 0x80000007
    LZMA = 0x80000008


COMMENT, END_OF_TABLE = 0x7FFFFFFE, 0xFFFFFFFF


class TableError(Exception):
    """A block table that cannot be one, and why."""


class Block(NamedTuple):
    """A stretch of media and where it is stored; sectors are those of the image, offsets those of the file."""

    kind: BlockKind
    first_sector: int
    sector_count: int
    offset_bytes: int
    size_bytes: int


@dataclass(frozen=True)
class BlockTable:
    """The blocks of one partition; they stay as the bytes they are, since there can be millions."""

    first_sector: int
    sector_count: int
    base_offset_bytes: int
    checksum: Checksum
    entries: bytes

    def __len__(self) -> int:
        """How many blocks there are."""
        return len(self.entries) // ENTRY.size

    def block(self, index: int) -> Block:
        """The block of this index.

        Raises:
            TableError: of an unknown kind.
        """
        kind, _, sector, count, offset, size = ENTRY.unpack_from(self.entries, index * ENTRY.size)
        try:
            known = BlockKind(kind)
        except ValueError as error:
            raise TableError(f"a block of the unknown kind {kind:#x}") from error
        return Block(known, self.first_sector + sector, count, self.base_offset_bytes + offset, size)

    def blocks(self) -> Iterator[Block]:
        """Every block in order.

        Raises:
            TableError: one of an unknown kind.
        """
        return map(self.block, range(len(self)))

    def index_at(self, sector: int) -> int:
        """The index of the last block that does not begin behind this sector of the image."""
        return max(0, bisect_right(range(len(self)), sector, key=lambda index: self.block(index).first_sector) - 1)


def decode_table(data: bytes, fork_offset_bytes: int) -> BlockTable:
    """The block table in these bytes, without comments and what ends it.

    Raises:
        TableError: it is none, or is cut short.
    """
    if len(data) < ENTRIES_OFFSET or not data.startswith(MAGIC):
        raise TableError("no block table")
    _, _, first, sectors, data_offset = HEADER.unpack_from(data)
    count = int.from_bytes(data[COUNT_OFFSET : COUNT_OFFSET + 4], "big")
    if ENTRIES_OFFSET + count * ENTRY.size > len(data):
        raise TableError(f"a block table that is too short for its {count} blocks")
    entries = data[ENTRIES_OFFSET : ENTRIES_OFFSET + count * ENTRY.size]
    kept = _without_marks(entries)
    return BlockTable(first, sectors, fork_offset_bytes + data_offset, decode_checksum(data, CHECKSUM_OFFSET), kept)


def _without_marks(entries: bytes) -> bytes:
    """The entries that are blocks of at least one sector."""
    size, kept = ENTRY.size, bytearray()
    for start in range(0, len(entries), size):
        kind, _, _, count, _, _ = ENTRY.unpack_from(entries, start)
        if kind == END_OF_TABLE:
            break
        if kind != COMMENT and count:
            kept += entries[start : start + size]
    return bytes(kept)
