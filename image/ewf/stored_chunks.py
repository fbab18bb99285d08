"""What one stored chunk comes to: its media data and what is wrong with it, without its place. Pure."""

from dataclasses import dataclass

from image.ewf.chunks import CHECKSUM, checksum, inflate
from image.ewf.stored_blocks import read_stored_blocks

SURPLUS_STEP_BYTES = 16


@dataclass(frozen=True, slots=True)
class ChunkDefect:
    """A defect of one chunk, without its place."""

    code: str
    detail: str
    expected: str | None = None
    found: str | None = None


# libewf 20260924 rounds chunks of one repeated byte up to 16 bytes with whatever its memory held.
SURPLUS = ChunkDefect("chunk-surplus", "")
NOWHERE = ChunkDefect("chunk-offset", "its table entry points outside the place for chunks; taken as zeros")


def inflated_chunk(piece: bytes | memoryview, wanted: int) -> tuple[bytes, ChunkDefect | None]:
    """The media data of a compressed chunk, and what is wrong with it."""
    if not len(piece):
        return bytes(wanted), NOWHERE
    try:
        result = inflate(piece, wanted)
    except ValueError as error:
        return _damaged(piece, wanted, error)
    if len(result.data) == wanted and result.ended and not result.rest_bytes:
        return result.data, None
    data = result.data[:wanted].ljust(wanted, b"\0")
    if len(result.data) > wanted:
        return data, ChunkDefect("chunk-length", f"more than {wanted} bytes of media data")
    if not result.ended:
        return data, ChunkDefect("chunk-damaged", "the compressed data does not end")
    if len(result.data) < wanted:
        return data, ChunkDefect("chunk-length", f"{len(result.data)} bytes of media data instead of {wanted}")
    if result.rest_bytes < SURPLUS_STEP_BYTES and len(piece) % SURPLUS_STEP_BYTES == 0:
        return data, SURPLUS
    return data, ChunkDefect("unowned-bytes", f"{result.rest_bytes} bytes stand behind the compressed data")


def _damaged(piece: bytes | memoryview, wanted: int, error: ValueError) -> tuple[bytes, ChunkDefect]:
    """What a chunk comes to that does not inflate: zeros, but where the writer is known and the data is proved."""
    data = read_stored_blocks(piece, wanted)
    if data is None:
        return bytes(wanted), ChunkDefect("chunk-damaged", f"{error}; taken as zeros")
    return data, ChunkDefect("chunk-block-length", "the check copy of a block's length is 0; read all the same")


def raw_chunk(piece: bytes | memoryview, wanted: int) -> tuple[bytes | memoryview, ChunkDefect | None]:
    """The media data of an uncompressed chunk, and what is wrong with it."""
    size = wanted + CHECKSUM.size
    if len(piece) < size:
        short = bytes(piece)[:wanted].ljust(wanted, b"\0")
        detail = f"{len(piece)} bytes instead of {size}" if len(piece) else NOWHERE.detail
        return short, ChunkDefect("chunk-length" if len(piece) else NOWHERE.code, detail)
    data = piece[:wanted]
    (found,) = CHECKSUM.unpack(piece[wanted:size])
    computed = checksum(data)
    if computed != found:
        defect = ChunkDefect("chunk-checksum", "wrong checksum; taken as stored", f"{computed:08x}", f"{found:08x}")
        return data, defect
    if len(piece) > size:
        return data, ChunkDefect("unowned-bytes", f"{len(piece) - size} bytes stand behind the chunk")
    return data, None
