"""The parts of the arithmetic floor, each as the least that Python can do for it."""

import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from isal import isal_zlib

PIECE_BYTES = 1024 * 1024
CHUNK_BYTES = 32 * 1024
HOLE_BYTES = 64 * 1024
COMPRESSOR_LEVEL = 1


@dataclass(frozen=True)
class Pieces:
    """The media in pieces of 1 MiB, and what an E01 holds of it: compressed chunks, the rest as it is."""

    source: Path
    scratch: Path
    media_bytes: int
    media: tuple[bytes, ...]
    packed: tuple[bytes, ...]
    unpacked: tuple[bytes, ...]
    stored: tuple[bytes, ...]


def cut_pieces(source: Path, scratch: Path, limit_bytes: int) -> Pieces:
    """Read the first bytes of a file and cut them as the parts need them."""
    with source.open("rb") as stream:
        pieces = iter(lambda: stream.read(PIECE_BYTES), b"")
        media = tuple(piece for piece, _ in zip(pieces, range(limit_bytes // PIECE_BYTES), strict=False))
    packed: list[bytes] = []
    unpacked: list[bytes] = []
    for chunk in _chunks(media):
        stream_bytes = isal_zlib.compress(chunk, COMPRESSOR_LEVEL)
        fits = len(stream_bytes) < len(chunk)
        (packed if fits else unpacked).append(stream_bytes if fits else chunk)
    stored = (*_batches(packed), *_batches(unpacked))
    return Pieces(source, scratch, sum(map(len, media)), media, tuple(packed), tuple(unpacked), stored)


def _chunks(media: tuple[bytes, ...]) -> list[bytes]:
    """The same bytes in chunks of 32 KiB."""
    return [piece[at : at + CHUNK_BYTES] for piece in media for at in range(0, len(piece), CHUNK_BYTES)]


def _batches(chunks: list[bytes]) -> list[bytes]:
    """Chunks joined 32 at a time, since nobody writes one by one."""
    return [b"".join(chunks[at : at + 32]) for at in range(0, len(chunks), 32)]


def _digest(algorithm: str) -> Callable[[Pieces], None]:
    """One digest over the whole media."""

    def work(pieces: Pieces) -> None:
        state = hashlib.new(algorithm, usedforsecurity=False)
        for piece in pieces.media:
            state.update(piece)

    return work


def _digest_stored(pieces: Pieces) -> None:
    """SHA-256 over what the segment files hold."""
    state = hashlib.sha256()
    for batch in pieces.stored:
        state.update(batch)


def _deflate(pieces: Pieces) -> None:
    """Compress every chunk by itself, zeros and random bytes too."""
    for piece in pieces.media:
        view = memoryview(piece)
        for at in range(0, len(piece), CHUNK_BYTES):
            isal_zlib.compress(view[at : at + CHUNK_BYTES], COMPRESSOR_LEVEL)


def _inflate(pieces: Pieces) -> None:
    """Decompress every compressed chunk; its checksum is looked at on the way."""
    for stream in pieces.packed:
        isal_zlib.decompress(stream, bufsize=CHUNK_BYTES)


def _adler32(pieces: Pieces) -> None:
    """The checksum of every chunk that is stored as it is."""
    for chunk in pieces.unpacked:
        zlib.adler32(chunk)


def _copy_in(pieces: Pieces) -> None:
    """Read the media into one buffer again and again."""
    _read_through(pieces.source, pieces.media_bytes)


def _copy_in_stored(pieces: Pieces) -> None:
    """Read as many bytes as the E01 has."""
    _read_through(pieces.source, sum(map(len, pieces.stored)))


def _read_through(path: Path, size_bytes: int) -> None:
    """Read so many bytes of a file into one buffer."""
    buffer = memoryview(bytearray(PIECE_BYTES))
    with path.open("rb", buffering=0) as stream:
        for first in range(0, size_bytes, PIECE_BYTES):
            stream.readinto(buffer[: size_bytes - first])


def _copy_out(pieces: Pieces) -> None:
    """Write the media to a new file, zeros as holes."""
    zeros = bytes(HOLE_BYTES)
    with tempfile.TemporaryFile(dir=pieces.scratch, buffering=0) as target:
        for piece in pieces.media:
            view = memoryview(piece)
            for at in range(0, len(piece), HOLE_BYTES):
                if piece.startswith(zeros, at):
                    target.seek(HOLE_BYTES, os.SEEK_CUR)
                else:
                    target.write(view[at : at + HOLE_BYTES])


def _copy_out_stored(pieces: Pieces) -> None:
    """Write what an E01 holds to a new file."""
    with tempfile.TemporaryFile(dir=pieces.scratch, buffering=0) as target:
        for batch in pieces.stored:
            target.write(batch)


PARTS: dict[str, Callable[[Pieces], None]] = {
    "copy in": _copy_in,
    "copy in, E01": _copy_in_stored,
    "md5": _digest("md5"),
    "sha1": _digest("sha1"),
    "sha256": _digest("sha256"),
    "deflate": _deflate,
    "inflate": _inflate,
    "adler32": _adler32,
    "copy out, raw": _copy_out,
    "copy out, E01": _copy_out_stored,
    "sha256 of the segment file": _digest_stored,
}
