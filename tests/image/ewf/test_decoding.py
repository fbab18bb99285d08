"""Chunks as they are stored: what decodes, what is wrong, and which sectors it costs."""

import struct
from pathlib import Path
from zlib import Z_FIXED, Z_FULL_FLUSH, adler32, compress, compressobj, decompress, decompressobj, error

import pytest
from isal import isal_zlib

from image.ewf.chunks import ChunkInflater, inflate
from image.ewf.reader import open_ewf
from image.ewf.table_section import COMPRESSED_BIT, encode_table
from image.findings import Finding
from image.sectors import SectorRange
from tests.image.ewf.editing import segment, volume

CHUNK = 64 * 512
NOISE = bytes(range(256)) * 128
LAST = b"the end of the media".ljust(512, b".")


def stored_raw(media: bytes) -> bytes:
    return media + struct.pack("<I", adler32(media))


def image_of(path: Path, chunks: list[tuple[bytes, bool]], sector_count: int) -> None:
    """Write an E01 of these stored chunks, each with whether it is compressed."""
    described = volume(64, sector_count)
    entries, offset = [], 76
    for stored, compressed in chunks:
        entries.append(offset | (COMPRESSED_BIT if compressed else 0))
        offset += len(stored)
    table = encode_table(len(segment(described)), entries)
    sectors = b"".join(stored for stored, _ in chunks)
    path.write_bytes(segment(described, ("sectors", sectors), ("table", table), ("table2", table), ("done", b"")))


def decoded(path: Path, chunk: bytes, compressed: bool) -> tuple[bytes, tuple[Finding, ...]]:
    """The media and the findings of an image whose second chunk of three is this one."""
    image_of(path, [(compress(NOISE), True), (chunk, compressed), (stored_raw(LAST), False)], 129)
    with open_ewf(path) as image:
        media = b"".join(piece.data for piece in image.media())
        return media, image.findings.as_tuple()


def test_chunks_of_both_kinds_and_a_short_last_one_decode(tmp_path: Path) -> None:
    assert decoded(tmp_path / "a.E01", stored_raw(NOISE), False) == (NOISE + NOISE + LAST, ())


DAMAGE = [
    ("wrong checksum", NOISE + b"\0\0\0\0", False, "chunk-checksum", NOISE),
    ("a byte too few", stored_raw(NOISE)[:-1], False, "chunk-length", NOISE),
    ("bytes behind a raw chunk", stored_raw(NOISE) + b"hidden", False, "unowned-bytes", NOISE),
    ("not deflated", b"\0" * 50, True, "chunk-damaged", bytes(CHUNK)),
    ("cut short", compress(NOISE)[:-9], True, "chunk-damaged", None),
    ("too little media", compress(NOISE[:-5]), True, "chunk-length", NOISE[:-5] + bytes(5)),
    ("too much media", compress(NOISE + b"more"), True, "chunk-length", NOISE),
    ("bytes behind the stream", compress(NOISE) + b"hidden hidden hidden", True, "unowned-bytes", NOISE),
]


@pytest.mark.parametrize(("what", "chunk", "compressed", "code", "data"), DAMAGE, ids=[item[0] for item in DAMAGE])
def test_a_damaged_chunk_costs_its_own_sectors_only(
    what: str, chunk: bytes, compressed: bool, code: str, data: bytes | None, tmp_path: Path
) -> None:
    media, (finding,) = decoded(tmp_path / "a.E01", chunk, compressed)
    assert (finding.code, finding.sectors, finding.segment) == (code, SectorRange(64, 64), "a.E01"), what
    assert media[:CHUNK] + media[2 * CHUNK :] == NOISE + LAST
    assert data is None or media[CHUNK : 2 * CHUNK] == data


def test_a_few_bytes_that_round_a_chunk_up_are_only_noted(tmp_path: Path) -> None:
    packed = compress(bytes(CHUNK))
    padded = packed + b"\x7f" * (-len(packed) % 16)
    assert len(padded) > len(packed)
    media, (finding,) = decoded(tmp_path / "a.E01", padded, True)
    assert (media[CHUNK : 2 * CHUNK], finding.code) == (bytes(CHUNK), "chunk-surplus")


def test_chunks_that_repeat_are_decoded_once_and_rightly(tmp_path: Path) -> None:
    zeros, ones = compress(bytes(CHUNK)), compress(b"\1" * CHUNK)
    wanted = [zeros, ones, ones, zeros, zeros]
    path = tmp_path / "a.E01"
    image_of(path, [(chunk, True) for chunk in wanted], 5 * 64)
    with open_ewf(path) as image:
        media = b"".join(piece.data for piece in image.media())
    assert media == b"".join(bytes(CHUNK) if chunk is zeros else b"\1" * CHUNK for chunk in wanted)


def streams() -> dict[str, bytes]:
    """Streams with every kind of block."""
    text = b"".join(b"%d bottles of beer, " % number for number in range(40))
    blocks = compressobj(9)
    several = (
        blocks.compress(text[:300]) + blocks.flush(Z_FULL_FLUSH) + blocks.compress(bytes(300)) + blocks.flush()
    )
    fixed = compressobj(9, strategy=Z_FIXED)
    return {
        "zeros": compress(bytes(8192), 9),
        "zeros, fast": compress(bytes(8192), 1),
        "a run behind noise": compress(NOISE[:200] + bytes(8192), 9),
        "text": compress(text, 9),
        "text, by isal": isal_zlib.compress(text, 1),
        "zeros, by isal": isal_zlib.compress(bytes(8192), 1),
        "fixed codes": fixed.compress(text) + fixed.flush(),
        "several blocks": several,
        "uncompressed": compress(text, 0),
    }


@pytest.mark.parametrize("name", streams())
def test_what_zlib_refuses_is_refused(name: str) -> None:
    stream = streams()[name]
    wanted = decompress(stream)
    odd = [
        (index, bit)
        for index in range(len(stream))
        for bit in range(8)
        if taken_by_us(flipped(stream, index, bit), wanted) != taken_by_zlib(flipped(stream, index, bit), wanted)
    ]
    assert odd == []


def flipped(stream: bytes, index: int, bit: int) -> bytes:
    return stream[:index] + bytes([stream[index] ^ 1 << bit]) + stream[index + 1 :]


def taken_by_us(stream: bytes, wanted: bytes) -> bool:
    """Whether it is read as the same data, in one go and in pieces."""
    answers = set()
    try:
        result = inflate(stream, len(wanted))
        answers.add(result.data == wanted and result.ended and not result.rest_bytes)
    except ValueError:
        answers.add(False)
    try:
        inflater = ChunkInflater(1000)
        data = b"".join(inflater.pieces(stream))
        answers.add(data == wanted and inflater.ended)
    except ValueError:
        answers.add(False)
    (answer,) = answers
    return answer


def taken_by_zlib(stream: bytes, wanted: bytes) -> bool:
    inflater = decompressobj()
    try:
        return inflater.decompress(stream) == wanted and inflater.eof and not inflater.unused_data
    except error:
        return False


def test_a_file_that_shrinks_while_it_is_read_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.E01"
    image_of(path, [(stored_raw(NOISE), False)] * 3, 3 * 64)
    with open_ewf(path) as image:
        path.write_bytes(path.read_bytes()[: CHUNK // 2])
        pieces = list(image.media())
        assert not any(piece.is_read for piece in pieces)
        assert {finding.code for finding in image.findings.as_tuple()} == {"segment-unreadable"}
