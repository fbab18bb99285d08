"""The blocks of a UDIF image, decompressed: never to more than they should hold, and never in silence."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Mapping

from image.udif.block_table import BlockKind

LZMA_MEMORY_BYTES = 64 * 1024 * 1024


class BlockError(Exception):
    """A block that does not give its media, and why."""


def decompress(kind: BlockKind, data: bytes, size_bytes: int) -> bytes:
    """The media of a compressed block that should hold this many bytes.

    Raises:
        BlockError: it does not decompress, or to more or less, or something stands behind its stream.
    """
    try:
        media, surplus = DECOMPRESSORS[kind](data, size_bytes)
    except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError) as error:
        raise BlockError(f"does not decompress ({error})") from error
    if len(media) != size_bytes:
        more = "more than " if len(media) > size_bytes else ""
        raise BlockError(f"gives {more}{min(len(media), size_bytes)} bytes of media instead of {size_bytes}")
    if surplus:
        raise BlockError(f"has {surplus} bytes behind its compressed data")
    return media


def _zlib(data: bytes, size_bytes: int) -> tuple[bytes, int]:
    """A zlib stream; its Adler-32 is compared."""
    stream = zlib.decompressobj()
    media = stream.decompress(data, size_bytes + 1)
    _require_end(is_at_end=stream.eof, is_long=len(media) > size_bytes)
    return media, len(stream.unused_data)


def _bzip2(data: bytes, size_bytes: int) -> tuple[bytes, int]:
    """A bzip2 stream; its CRC-32 is compared."""
    stream = bz2.BZ2Decompressor()
    media = stream.decompress(data, size_bytes + 1)
    _require_end(is_at_end=stream.eof or _ends(stream, size_bytes, media), is_long=len(media) > size_bytes)
    return media, len(stream.unused_data)


def _lzma(data: bytes, size_bytes: int) -> tuple[bytes, int]:
    """An xz stream; its check is compared."""
    stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, LZMA_MEMORY_BYTES)
    media = stream.decompress(data, size_bytes + 1)
    _require_end(is_at_end=stream.eof or _ends(stream, size_bytes, media), is_long=len(media) > size_bytes)
    return media, len(stream.unused_data)


def _ends(stream: bz2.BZ2Decompressor | lzma.LZMADecompressor, size_bytes: int, media: bytes) -> bool:
    """Whether nothing but the end of the stream is left."""
    return len(media) <= size_bytes and not stream.needs_input and not stream.decompress(b"", 1) and stream.eof


def _require_end(*, is_at_end: bool, is_long: bool) -> None:
    """See that the stream ended.

    Raises:
        ValueError: it did not, and gave no more than it should.
    """
    if not is_at_end and not is_long:
        raise ValueError("its stream has no end")


def _adc(data: bytes, size_bytes: int) -> tuple[bytes, int]:
    """Apple Data Compression: runs of plain bytes, and copies of what came before.

    Source: libmodi's documentation "Mac OS disk image types", section "ADC compressed data".
    """
    media, at = bytearray(), 0
    while at < len(data) and len(media) < size_bytes:
        code = data[at]
        if code & 0x80:
            count = (code & 0x7F) + 1
            media += data[at + 1 : at + 1 + count]
            at += 1 + count
            continue
        long = code & 0x40
        at += 3 if long else 2
        if at > len(data):
            raise ValueError("it ends inside a copy")
        count = (code & 0x3F) + 4 if long else (code >> 2 & 0x0F) + 3
        distance = (int.from_bytes(data[at - 2 : at], "big") if long else (code & 3) << 8 | data[at - 1]) + 1
        if distance > len(media):
            raise ValueError("it copies what is not there")
        piece = media[-distance:][:count]
        media += (piece * (count // len(piece) + 1))[:count]
    return bytes(media), len(data) - at


DECOMPRESSORS: Mapping[BlockKind, Callable[[bytes, int], tuple[bytes, int]]] = {
    BlockKind.ADC: _adc,
    BlockKind.ZLIB: _zlib,
    BlockKind.BZIP2: _bzip2,
    BlockKind.LZMA: _lzma,
}
