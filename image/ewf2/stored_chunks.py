"""What one stored chunk of an Ex01 comes to: its media data and what is wrong with it, without its place. Pure.

Specification: "Sector data", "Chunk data flags".
"""

from image.ewf.stored_chunks import NOWHERE, ChunkDefect, inflated_chunk, raw_chunk
from image.ewf2.bzip2 import decompress
from image.ewf2.chunk_plan import ChunkEntry
from image.ewf2.layout import KNOWN_CHUNK_FLAGS, PATTERN_BYTES, ChunkFlags, CompressionMethod

ChunkData = tuple[bytes | memoryview, ChunkDefect | None]


def chunk_data(entry: ChunkEntry, piece: bytes | memoryview, wanted: int, method: int) -> ChunkData:
    """The media data of a chunk, and what is wrong with it; `piece` is what is stored of it."""
    if entry.flags & ~KNOWN_CHUNK_FLAGS:
        return bytes(wanted), ChunkDefect("chunk-flags", f"unknown flags {entry.flags:#x}; taken as zeros")
    if entry.is_filled:
        return _filled(entry, wanted)
    if not len(piece):
        return bytes(wanted), NOWHERE
    if entry.flags & ChunkFlags.COMPRESSED:
        return _bunzipped(piece, wanted) if method == CompressionMethod.BZIP2 else inflated_chunk(piece, wanted)
    return raw_chunk(piece, wanted) if entry.flags & ChunkFlags.CHECKSUMED else _unprotected(piece, wanted)


def _filled(entry: ChunkEntry, wanted: int) -> ChunkData:
    """A chunk of one pattern; libewf writes that its 8 bytes are stored, the specification says none."""
    data = (entry.pattern * (wanted // PATTERN_BYTES + 1))[:wanted]
    if entry.stored_bytes not in (0, PATTERN_BYTES):
        return data, ChunkDefect("chunk-length", f"{entry.stored_bytes} stored bytes of a pattern-filled chunk")
    return data, None


def _bunzipped(piece: bytes | memoryview, wanted: int) -> ChunkData:
    """A chunk compressed by bzip2."""
    try:
        data, rest_bytes = decompress(bytes(piece), wanted)
    except ValueError as error:
        return bytes(wanted), ChunkDefect("chunk-damaged", f"{error}; taken as zeros")
    if len(data) < wanted:
        detail = f"{len(data)} bytes of media data instead of {wanted}"
        return data.ljust(wanted, b"\0"), ChunkDefect("chunk-length", detail)
    if rest_bytes:
        return data, ChunkDefect("unowned-bytes", f"{rest_bytes} bytes or more stand behind the compressed data")
    return data, None


def _unprotected(piece: bytes | memoryview, wanted: int) -> ChunkData:
    """A chunk that is stored as it is, without a checksum."""
    if len(piece) < wanted:
        short = bytes(piece).ljust(wanted, b"\0")
        return short, ChunkDefect("chunk-length", f"{len(piece)} bytes instead of {wanted}")
    if len(piece) > wanted:
        return piece[:wanted], ChunkDefect("unowned-bytes", f"{len(piece) - wanted} bytes stand behind the chunk")
    return piece, None
