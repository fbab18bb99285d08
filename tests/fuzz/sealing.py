"""Changed images with their checksums made right again: behind a wrong checksum nothing is looked at."""

import struct
from zlib import adler32

E01_HEADER_BYTES, E01_DESCRIPTOR_BYTES = 13, 76
E01_SEALED = {
    b"volume": 1048,
    b"disk": 1048,
    b"data": 1048,
    b"table": 20,
    b"table2": 20,
    b"error2": 516,
    b"session": 32,
}
"""Where the closing checksum stands in the contents of a section, by its type."""
E01_CLOSED = frozenset({b"digest", b"hash"})
MAXIMUM_SECTIONS = 200


def seal_e01(data: bytes) -> bytes:
    """The segment file with every checksum of a structure as it should be; places that make no sense end it."""
    sealed = bytearray(data)
    offset = E01_HEADER_BYTES
    for _ in range(MAXIMUM_SECTIONS):
        if offset + E01_DESCRIPTOR_BYTES > len(sealed):
            break
        _seal(sealed, offset, offset + 72)
        kind, next_offset = struct.unpack_from("<16sQ", sealed, offset)
        _seal_contents(sealed, kind.rstrip(b"\0"), offset + E01_DESCRIPTOR_BYTES, min(next_offset, len(sealed)))
        if next_offset <= offset:
            break
        offset = next_offset
    return bytes(sealed)


def _seal_contents(sealed: bytearray, kind: bytes, start: int, end: int) -> None:
    """Make right the checksums inside a section."""
    at = E01_SEALED.get(kind)
    if at is not None and start + at + 4 <= end:
        _seal(sealed, start, start + at)
        if kind not in (b"volume", b"disk", b"data") and end - 4 > start + at + 4:
            _seal(sealed, start + at + 4, end - 4)
    elif kind in E01_CLOSED and end - 4 > start:
        _seal(sealed, start, end - 4)


def _seal(sealed: bytearray, start: int, end: int) -> None:
    """Put the Adler-32 of these bytes behind them."""
    struct.pack_into("<I", sealed, end, adler32(sealed[start:end]))


EX01_DESCRIPTOR_BYTES, EX01_TABLE, EX01_TABLE_HEADER_BYTES, EX01_ENTRY_BYTES = 64, 4, 16, 16


def seal_ex01(data: bytes) -> bytes:
    """The segment file with the checksums of its descriptors and tables as they should be."""
    sealed = bytearray(data)
    offset = len(sealed) - EX01_DESCRIPTOR_BYTES
    for _ in range(MAXIMUM_SECTIONS):
        if offset < 32:
            break
        _seal(sealed, offset, offset + 60)
        kind, _, previous, size = struct.unpack_from("<IIQQ", sealed, offset)
        start = offset - size
        if kind == EX01_TABLE and size >= 48 and start >= 32:
            _seal_ex01_table(sealed, start, offset)
        if not 0 < previous < offset:
            break
        offset = previous
    return bytes(sealed)


def _seal_ex01_table(sealed: bytearray, start: int, end: int) -> None:
    """Make right the checksums of a table's header and of its entries."""
    _seal(sealed, start, start + EX01_TABLE_HEADER_BYTES)
    (count,) = struct.unpack_from("<I", sealed, start + 8)
    first = start + 2 * EX01_TABLE_HEADER_BYTES
    last = first + count * EX01_ENTRY_BYTES
    if last + 4 <= end:
        _seal(sealed, first, last)
