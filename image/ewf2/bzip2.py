"""Data compressed by bzip2, as a whole stream or as EnCase stores it: without the stream's header and end.

Specification: "Bzip2 compression". The block's own CRC is looked at either way.
"""

import bz2

STREAM_SIGNATURE = b"BZh"
BLOCK_SIGNATURE = bytes.fromhex("314159265359")
MISSING_HEADER = b"BZh9"
"""In front of a bare block; its size, 900 kB, is the largest and so fits every block."""


def decompress(data: bytes, wanted_bytes: int) -> tuple[bytes, int]:
    """At most `wanted_bytes` of decompressed data, and how many bytes stand behind the compressed data.

    Behind a bare block only whole bytes that were not needed are seen: nothing says where its last bit is.

    Raises:
        ValueError: damaged, cut short, or more than `wanted_bytes`.
    """
    if data.startswith(STREAM_SIGNATURE):
        return _whole_stream(data, wanted_bytes)
    if not data.startswith(BLOCK_SIGNATURE):
        raise ValueError("is no bzip2 data")
    return _bare_blocks(data, wanted_bytes)


def _whole_stream(data: bytes, wanted_bytes: int) -> tuple[bytes, int]:
    """The data of a stream with its header and its end."""
    stream = bz2.BZ2Decompressor()
    result = _fed(stream, data, wanted_bytes + 1)
    if len(result) > wanted_bytes:
        raise ValueError(f"more than {wanted_bytes} bytes")
    if not stream.eof:
        raise ValueError("the compressed data is cut short")
    return result, len(stream.unused_data)


def _bare_blocks(data: bytes, wanted_bytes: int) -> tuple[bytes, int]:
    """The data of blocks without header and end; without their last byte they must not be whole."""
    stream = bz2.BZ2Decompressor()
    result = _fed(stream, MISSING_HEADER + data[:-1], wanted_bytes)
    rest_bytes = 1 if len(result) == wanted_bytes else 0
    if not rest_bytes:
        result += _fed(stream, data[-1:], wanted_bytes - len(result))
    # The CRC of a block is looked at only when the block has ended.
    if len(result) == wanted_bytes and _fed(stream, b"", 1):
        raise ValueError(f"more than {wanted_bytes} bytes")
    return result, rest_bytes


def _fed(stream: bz2.BZ2Decompressor, data: bytes, maximum_bytes: int) -> bytes:
    """What the stream gives for these bytes; it may keep some back until it is asked again.

    Raises:
        ValueError: they are damaged.
    """
    result = bytearray()
    try:
        while len(result) < maximum_bytes and not stream.eof:
            piece = stream.decompress(data, maximum_bytes - len(result))
            if not piece:
                break
            result += piece
            data = b""
    except (OSError, EOFError) as error:
        raise ValueError(f"does not decompress: {error}") from error
    return bytes(result)
