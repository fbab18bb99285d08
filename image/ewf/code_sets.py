"""Sets of codes with gaps in deflate streams: isal takes them, zlib, the reference, refuses them (RFC 1951, 3.2.7).

Every block with codes of its own begins with them, so that zlib need look no further in a stream of a single block,
as nearly all chunks are. That costs a twentieth of inflating; the few streams of more blocks zlib inflates as well.
"""

import zlib

ZLIB_HEADER_BYTES = 2
LAST, KIND, OWN_CODES = 0b001, 0b110, 0b100
CODES_BYTES = 600
"""More than the sets of codes in front of a block can take."""


def require_whole_sets(stored: bytes | memoryview, maximum_bytes: int) -> None:
    """Refuse a zlib stream, of at most `maximum_bytes` and one of data, in which a set of codes has gaps.

    Raises:
        ValueError: it has; or zlib finds anything else wrong.
    """
    head = stored[ZLIB_HEADER_BYTES] if len(stored) > ZLIB_HEADER_BYTES else LAST
    try:
        if not head & LAST:
            zlib.decompressobj().decompress(stored, maximum_bytes + 1)
        elif head & KIND == OWN_CODES:
            zlib.decompressobj().decompress(stored[:CODES_BYTES], 1)
    except zlib.error as error:
        raise ValueError(f"does not inflate: {error}") from error
