"""Compressed chunks of uncompressed deflate blocks, as old firmware of the Tableau TD3 writes them.

In front of each block stand its length and a check copy of that; the copy is 0 there, so that no inflater takes the
stream. Specification: "DEFLATE uncompressed block data with copy of uncompressed data size of 0"; RFC 1951, 3.2.4.
"""

from struct import Struct
from zlib import adler32

ZLIB_HEADER_BYTES = 2
BLOCK = Struct("<BHH")
TRAILER = Struct(">I")
LAST, KIND = 0b001, 0b110
USUAL_BLOCK_BYTES = 1024
"""Smaller blocks on average are no firmware's work."""


def read_stored_blocks(stream: bytes | memoryview, size_bytes: int) -> bytes | None:
    """The data of a zlib stream of such blocks, or None where it is none, or gives other than `size_bytes` bytes.

    A copy that is there must be right, and the Adler-32 behind the blocks must be that of the data.
    """
    data, position = bytearray(), ZLIB_HEADER_BYTES
    for _ in range(1 + size_bytes // USUAL_BLOCK_BYTES):
        if position + BLOCK.size > len(stream):
            return None
        head, length, copy = BLOCK.unpack_from(stream, position)
        start, position = position + BLOCK.size, position + BLOCK.size + length
        if head & KIND or copy not in (0, length ^ 0xFFFF):
            return None
        data += stream[start:position]
        if head & LAST:
            is_whole = len(data) == size_bytes and bytes(stream[position:]) == TRAILER.pack(adler32(data))
            return bytes(data) if is_whole else None
    return None
