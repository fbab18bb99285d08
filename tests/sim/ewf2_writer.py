"""A small writer of Ex01 sets, made from the specification alone: nothing of the reader is used.

Specification: libyal/libewf, documentation, "EWF 2 specification".
"""

import bz2
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import md5, sha1
from pathlib import Path

IDENTIFIER = bytes(range(1, 17))
DEFLATE, BZIP2 = 1, 2
COMPRESSED, CHECKSUMED, PATTERN_FILL = 1, 2, 4
DEVICE, CASE, DATA, TABLE, ERRORS, SESSIONS, MD5, SHA1, NEXT, DONE = 1, 2, 3, 4, 5, 6, 8, 9, 13, 15


@dataclass(frozen=True)
class Ex01:
    """What to write: sizes in sectors and chunks.

    `stores` gives the way each chunk is stored in turn: "deflate", "bzip2", "bare-bzip2", "raw", "unprotected",
    "pattern" or "stored-pattern"; a pattern is taken from the chunk's first 8 bytes. `extra` are sections in
    front of the digests: kind, data, data flags.
    """

    chunk_sectors: int = 8
    sector_bytes: int = 512
    stores: tuple[str, ...] = ("deflate", "raw")
    method: int = DEFLATE
    table_chunks: int = 4
    segment_tables: int = 1000
    hashed: bool = False
    digests: tuple[str, ...] = ("md5", "sha1")
    errors: tuple[tuple[int, int], ...] = ()
    sessions: tuple[tuple[int, int], ...] = ()
    extra: tuple[tuple[int, bytes, int], ...] = ()
    device: dict[str, str] = field(default_factory=dict)
    case: dict[str, str] = field(default_factory=dict)
    version: tuple[int, int] = (2, 1)
    identifier: bytes = IDENTIFIER


def write_ex01(folder: Path, media: bytes, options: Ex01 | None = None, stem: str = "JB1") -> list[Path]:
    """Write a set; gives its segment files in order."""
    chosen = options or Ex01()
    paths = [folder / f"{stem}.Ex{number:02d}" for number in range(1, len(_segments(media, chosen)) + 1)]
    for path, data in zip(paths, _segments(media, chosen), strict=True):
        path.write_bytes(data)
    return paths


def padded(data: bytes) -> bytes:
    """The data filled up with zeros to a multiple of 16."""
    return data + bytes(-len(data) % 16)


def sealed(data: bytes) -> bytes:
    """The data with its Adler-32 behind it."""
    return data + struct.pack("<I", zlib.adler32(data))


def section(previous: int, kind: int, data: bytes, padding: int = 0, flags: int = 0) -> bytes:
    """A section: its data, which count the padding, and its descriptor."""
    digest = md5(data).digest() if flags & 1 else bytes(16)
    numbers = struct.pack("<IIQQII", kind, flags, previous, len(data), 64, padding)
    return data + sealed(numbers + digest + bytes(12))


def object_text(attributes: dict[str, str], method: int = DEFLATE) -> bytes:
    """The attributes of a `main` object, compressed."""
    tags, values = "\t".join(attributes), "\t".join(attributes.values())
    text = f"1\nmain\n{tags}\n{values}\n\n".encode("utf-16")
    return zlib.compress(text) if method == DEFLATE else bare_bzip2(text)


def bare_bzip2(data: bytes) -> bytes:
    """The data compressed as EnCase stores it: without the header and the end of the stream."""
    stream = bz2.compress(data)
    bits = f"{int.from_bytes(stream):0{8 * len(stream)}b}"
    body = bits[32 : bits.rindex(f"{0x177245385090:048b}")]
    body += "0" * (-len(body) % 8)
    return int(body, 2).to_bytes(len(body) // 8)


def stored_form(chunk: bytes, how: str, place: int) -> tuple[bytes, tuple[int, int, int]]:
    """The stored bytes of a chunk with their padding, and its table entry."""
    if "pattern" in how:
        data = chunk[:8] if how == "stored-pattern" else b""
        return data, (int.from_bytes(chunk[:8], "little"), len(data), COMPRESSED | PATTERN_FILL)
    if how in ("raw", "unprotected"):
        data, flags = (sealed(chunk), CHECKSUMED) if how == "raw" else (chunk, 0)
    else:
        packed: dict[str, Callable[[bytes], bytes]] = {
            "deflate": zlib.compress,
            "bzip2": bz2.compress,
            "bare-bzip2": bare_bzip2,
        }
        data, flags = packed[how](chunk), COMPRESSED
    return padded(data), (place, len(data), flags)


def _segments(media: bytes, options: Ex01) -> list[bytes]:
    """The segment files of a set."""
    size = options.chunk_sectors * options.sector_bytes
    chunks = [media[start : start + size] for start in range(0, len(media), size)]
    tables = [
        range(len(chunks))[at : at + options.table_chunks] for at in range(0, len(chunks), options.table_chunks)
    ]
    groups = [tables[at : at + options.segment_tables] for at in range(0, len(tables), options.segment_tables)]
    return [
        _Segment(media, chunks, options, number).with_tables(group, is_last=number == len(groups))
        for number, group in enumerate(groups or [[]], 1)
    ]


class _Segment:
    """One segment file while it is written."""

    def __init__(self, media: bytes, chunks: list[bytes], options: Ex01, number: int) -> None:
        self._media, self._chunks, self._options = media, chunks, options
        header = struct.pack("<BBHI", *options.version, options.method, number)
        self._data = bytearray(b"EVF2\r\n\x81\x00" + header + options.identifier)
        self._previous = 0

    def with_tables(self, tables: list[range], *, is_last: bool) -> bytes:
        """The whole file."""
        sectors = -(-len(self._media) // self._options.sector_bytes)
        device = {"sn": "S1", "md": "M1", "lb": "L1", "ts": str(sectors), "dt": "f", "ph": "1"}
        device |= {"bp": str(self._options.sector_bytes)} | self._options.device
        case = {"nm": "Laptop", "cn": "2026-17", "en": "JB1", "ex": "J. Baker", "nt": "none", "av": "1", "os": "L"}
        case |= {"tt": "1795338327", "at": "1795338328", "tb": str(len(self._chunks)), "cp": "", "gr": "64"}
        case |= {"sb": str(self._options.chunk_sectors), "wb": ""} | self._options.case
        self._add(DEVICE, object_text(device, self._options.method))
        self._add(CASE, object_text(case, self._options.method))
        for table in tables:
            self._add_chunks(table)
        if is_last:
            self._add_end()
        self._add(DONE if is_last else NEXT, b"")
        return bytes(self._data)

    def _add(self, kind: int, data: bytes, flags: int = 0) -> None:
        """Add a section, its data filled up."""
        flags |= 1 if self._options.hashed and data else 0
        whole = padded(data)
        self._data += section(self._previous, kind, whole, len(whole) - len(data), flags)
        self._previous = len(self._data) - 64

    def _add_chunks(self, numbers: range) -> None:
        """Add sector data and its table."""
        stored, entries, start = b"", b"", len(self._data)
        for number in numbers:
            how = self._options.stores[number % len(self._options.stores)]
            data, entry = stored_form(self._chunks[number], how, start + len(stored))
            stored, entries = stored + data, entries + struct.pack("<QII", *entry)
        self._add(DATA, stored)
        head, foot = struct.pack("<QII", numbers.start, len(numbers), 0), struct.pack("<I", zlib.adler32(entries))
        self._add(TABLE, padded(sealed(head)) + entries + padded(foot))

    def _add_end(self) -> None:
        """Add what stands in the last segment alone."""
        options = self._options
        if options.sessions:
            entries = [struct.pack("<QI20x", *item) for item in options.sessions]
            self._add(SESSIONS, _table(entries))
        if options.errors:
            self._add(ERRORS, _table([struct.pack("<QI4x", *item) for item in options.errors]))
        for kind, data, flags in options.extra:
            self._add(kind, data, flags)
        if "md5" in options.digests:
            self._add(MD5, sealed(md5(self._media).digest()))
        if "sha1" in options.digests:
            self._add(SHA1, sealed(sha1(self._media).digest()))


def _table(entries: list[bytes]) -> bytes:
    """A table of entries with its header and its checksums."""
    head, body = sealed(struct.pack("<I12x", len(entries))), b"".join(entries)
    return padded(head) + body + padded(struct.pack("<I", zlib.adler32(body)))
