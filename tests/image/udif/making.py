"""UDIF images made by hand, since no program on Linux writes them: any blocks, all checksums."""

import bz2
import lzma
import plistlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

ZEROS, RAW, FREE, ADC, ZLIB, BZIP2, LZFSE, LZMA = (
    0,
    1,
    2,
    0x80000004,
    0x80000005,
    0x80000006,
    0x80000007,
    0x80000008,
)
END = 0xFFFFFFFF
PACK: dict[int, Callable[[bytes], bytes]] = {
    ZEROS: lambda _: b"",
    RAW: bytes,
    FREE: lambda _: b"",
    ZLIB: zlib.compress,
    BZIP2: bz2.compress,
    LZFSE: lambda _: b"bvx$",
    LZMA: lzma.compress,
}


def adc(data: bytes) -> bytes:
    """ADC that copies where all bytes are one, and is plain otherwise."""
    if len(set(data)) == 1:
        packed, left = b"\x80" + data[:1], len(data) - 1
        while left >= 4:
            count = min(67, left)
            packed, left = packed + bytes((0x40 | count - 4, 0, 0)), left - count
        return packed + (bytes((0x80 | left - 1,)) + data[:left] if left else b"")
    pieces = (data[at : at + 128] for at in range(0, len(data), 128))
    return b"".join(bytes((0x80 | len(piece) - 1,)) + piece for piece in pieces)


@dataclass
class Table:
    """A partition: its blocks as kind and media, of which each may claim to hold only so many sectors."""

    blocks: list[tuple[int, bytes]]
    checksum: int | None = None
    claimed_sectors: int | None = None


@dataclass
class Made:
    """A UDIF image under construction; what is None is worked out."""

    tables: list[Table]
    sector_count: int | None = None
    segment_count: int = 1
    fork: bytearray = field(default_factory=bytearray)

    def as_bytes(self) -> bytes:
        """The whole file."""
        tables, checksums, first = [], b"", 0
        for table in self.tables:
            data, checksum, sectors = self._table(table, first)
            tables.append(data)
            checksums += checksum
            first += sectors
        items = [{"Attributes": "0x0050", "Data": data, "ID": str(number)} for number, data in enumerate(tables)]
        plist = plistlib.dumps({"resource-fork": {"blkx": items}})
        return bytes(self.fork) + plist + self._trailer(plist, checksums, first)

    def _table(self, table: Table, first: int) -> tuple[bytes, bytes, int]:
        """A block table, its checksum and its sectors."""
        entries, checksum, sectors = b"", 0, 0
        for kind, media in table.blocks:
            packed = adc(media) if kind == ADC else PACK[kind](media)
            count = len(media) // 512 if table.claimed_sectors is None else table.claimed_sectors
            entries += struct.pack(">IIQQQQ", kind, 0, sectors, count, len(self.fork), len(packed))
            self.fork += packed
            checksum = zlib.crc32(media, checksum) if kind != FREE else checksum
            sectors += count
        entries += struct.pack(">IIQQQQ", END, 0, sectors, 0, len(self.fork), 0)
        stored = (checksum if table.checksum is None else table.checksum).to_bytes(4, "big")
        head = struct.pack(">4sIQQQII24x", b"mish", 1, first, sectors, 0, 0, 0)
        sums = struct.pack(">II", 2, 32) + stored.ljust(128, b"\0")
        return head + sums + struct.pack(">I", len(entries) // 40) + entries, stored, sectors

    def _trailer(self, plist: bytes, checksums: bytes, sectors: int) -> bytes:
        """The trailer."""
        size = len(self.fork)
        head = struct.pack(">4sIIIQQQQQII", b"koly", 4, 512, 1, 0, 0, size, 0, 0, 1, self.segment_count)
        fork = struct.pack(">II4s", 2, 32, zlib.crc32(self.fork).to_bytes(4, "big"))
        master = struct.pack(">II4s", 2, 32, zlib.crc32(checksums).to_bytes(4, "big"))
        count = sectors if self.sector_count is None else self.sector_count
        parts = ((0, head), (80, fork), (216, struct.pack(">QQ", size, len(plist))), (352, master))
        trailer = bytearray(512)
        for offset, part in (*parts, (488, struct.pack(">IQ", 1, count))):
            trailer[offset : offset + len(part)] = part
        return bytes(trailer)
