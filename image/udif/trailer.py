"""The trailer of a UDIF image: 512 bytes at the end of the file that begin with `koly`.

Source: there is no specification by Apple; the layout is that of UDIFResourceFile, as libmodi's documentation
"Mac OS disk image types", section "UDIF resource file", describes it. Numbers are big-endian.
"""

import struct
from dataclasses import dataclass

TRAILER_BYTES = 512
MAGIC = b"koly"
HEAD = struct.Struct(">4sIIIQQQQQII")
PLIST = struct.Struct(">QQ")
END = struct.Struct(">IQ")
CHECKSUM = struct.Struct(">II")
DATA_CHECKSUM_OFFSET, PLIST_OFFSET, MASTER_CHECKSUM_OFFSET, END_OFFSET = 80, 216, 352, 488
VERSION = 4
NO_CHECKSUM, CRC32 = 0, 2


@dataclass(frozen=True, slots=True)
class Checksum:
    """A stored checksum: its kind, and its value where that is a CRC-32."""

    kind: int
    value: int

    @property
    def is_crc32(self) -> bool:
        """Whether it can be compared."""
        return self.kind == CRC32


@dataclass(frozen=True, slots=True)
class Trailer:
    """What a trailer says; offsets and sizes are bytes of the file."""

    version: int
    fork_offset: int
    fork_size: int
    segment_count: int
    plist_offset: int
    plist_size: int
    sector_count: int
    fork_checksum: Checksum
    master_checksum: Checksum


def decode_trailer(data: bytes) -> Trailer | None:
    """The trailer in these 512 bytes, None where they are none."""
    if len(data) != TRAILER_BYTES or not data.startswith(MAGIC):
        return None
    head = HEAD.unpack_from(data)
    plist_offset, plist_size = PLIST.unpack_from(data, PLIST_OFFSET)
    return Trailer(
        version=head[1],
        fork_offset=head[5],
        fork_size=head[6],
        segment_count=head[10],
        plist_offset=plist_offset,
        plist_size=plist_size,
        sector_count=END.unpack_from(data, END_OFFSET)[1],
        fork_checksum=decode_checksum(data, DATA_CHECKSUM_OFFSET),
        master_checksum=decode_checksum(data, MASTER_CHECKSUM_OFFSET),
    )


def decode_checksum(data: bytes, offset: int) -> Checksum:
    """The checksum at this offset of a structure."""
    kind, size_bits = CHECKSUM.unpack_from(data, offset)
    if kind == CRC32 and size_bits != 32:
        kind = size_bits or -1
    return Checksum(kind, int.from_bytes(data[offset + CHECKSUM.size : offset + CHECKSUM.size + 4], "big"))
