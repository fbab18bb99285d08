"""Chunks coded a batch at a time: the same as one by one, and nothing taken that zlib refuses."""

import shutil
import struct
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from image.ewf import chunk_batches as module
from image.ewf.chunk_batches import ChunkBatches, chunk_batches
from image.ewf.chunks import ChunkEncoder, EncodedChunks
from image.ewf.reader import open_ewf
from image.ewf.sections import CompressionLevel
from tests.image.ewf.test_decoding import flipped, image_of, stored_raw, streams

CHUNK = 4096
NOISE = Random(20260101).randbytes(CHUNK)
TEXT = b"".join(b"%d bottles of beer, " % number for number in range(400))[:CHUNK]
KINDS = (bytes(CHUNK), TEXT, NOISE, b"\7" * CHUNK, TEXT[:2000] + NOISE[:2096], bytes(CHUNK - 1) + b"\1")
contents = some.lists(some.sampled_from(KINDS), min_size=1, max_size=12).map(b"".join)


@pytest.fixture(scope="module")
def batches() -> ChunkBatches:
    """The calls into C."""
    found = chunk_batches()
    if found is None:
        pytest.skip("no C compiler at hand when diskwitness was installed (package gcc)")
    return found


def one_by_one(compression: CompressionLevel) -> ChunkEncoder:
    """An encoder as there is where nothing was compiled."""
    encoder = ChunkEncoder(CHUNK, compression, 16 * CHUNK)
    encoder._batches = None
    return encoder


def read_back(encoded: EncodedChunks) -> bytes:
    """The media that zlib finds in the chunks."""
    media, at = b"", 0
    for size, deflated in zip(encoded.sizes, encoded.deflated, strict=True):
        stored = bytes(encoded.data[at : at + size])
        at += size
        media += zlib.decompress(stored) if deflated else stored[:-4]
        assert deflated or struct.unpack("<I", stored[-4:]) == (zlib.adler32(stored[:-4]),)
    assert at == len(encoded.data)
    return media


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (package gcc)")
def test_where_there_is_a_compiler_the_calls_are_there() -> None:
    assert chunk_batches() is not None


@given(media=contents, cut=some.integers(0, 7).map((512).__mul__), level=some.sampled_from(["none", "fast"]))
@settings(max_examples=150, deadline=None)
def test_a_batch_is_encoded_as_its_chunks_would_be(media: bytes, cut: int, level: str) -> None:
    compression = CompressionLevel[level.upper()]
    given_media = memoryview(media[: len(media) - cut])
    together = ChunkEncoder(CHUNK, compression, 16 * CHUNK).encode(given_media)
    singly = one_by_one(compression).encode(given_media)
    assert read_back(together) == read_back(singly) == given_media
    assert together.deflated == singly.deflated
    assert (together.zero_bytes, together.incompressible_bytes) == (singly.zero_bytes, singly.incompressible_bytes)


def test_what_a_chunk_becomes_does_not_depend_on_those_before_it(batches: ChunkBatches) -> None:
    def stored(*media: bytes) -> bytes:
        out = bytearray(len(media) * (CHUNK + 4))
        made = batches.encode(memoryview(b"".join(media)), CHUNK, b"zeros", out)
        return bytes(out[made.stored_bytes - made.sizes[-1] : made.stored_bytes])

    alone = stored(TEXT)
    assert {stored(*KINDS, TEXT), stored(TEXT, TEXT), stored(TEXT[::-1], TEXT)} == {alone}
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: stored(*KINDS, TEXT), range(200))) == {alone}


@pytest.mark.parametrize("name", streams())
def test_nothing_is_called_sound_that_zlib_refuses(name: str, batches: ChunkBatches) -> None:
    stream = streams()[name]
    wanted = zlib.decompress(stream)
    odd = [
        (index, bit)
        for index in range(len(stream))
        for bit in range(8)
        if decoded(batches, flipped(stream, index, bit), len(wanted))
        not in (None, by_zlib(flipped(stream, index, bit)))
    ]
    assert odd == []


def decoded(batches: ChunkBatches, stored: bytes, wanted: int) -> bytes | None:
    """What a stored chunk is decoded to, None where that is left to others; no byte before or behind is touched."""
    media = bytearray(b"\xaa" * (wanted + 32))
    place = memoryview(media)[16 : 16 + wanted]
    (sound,) = batches.decode(memoryview(bytearray(stored)), ([0], [len(stored)], [True]), wanted, wanted, place)
    assert media[:16] == media[-16:] == b"\xaa" * 16
    return bytes(place) if sound else None


def by_zlib(stored: bytes) -> bytes | None:
    """What zlib makes of a stream with nothing behind it."""
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(stored)
    except zlib.error:
        return None
    return data if stream.eof and not stream.unused_data else None


def test_whole_streams_of_one_block_are_sound(batches: ChunkBatches) -> None:
    left = {
        name for name, stream in streams().items() if decoded(batches, stream, len(by_zlib(stream) or b"")) is None
    }
    assert left <= {"fixed codes", "several blocks", "uncompressed", "zeros", "zeros, fast", "a run behind noise"}
    assert "text" not in left


@given(stored=some.binary(min_size=0, max_size=600), wanted=some.integers(1, 5000))
@settings(max_examples=300, deadline=None)
def test_any_bytes_at_all_are_decoded_without_harm(stored: bytes, wanted: int) -> None:
    found = chunk_batches()
    if found is not None:
        head = zlib.compress(TEXT)[:70]
        for stream in (stored, head + stored):
            assert decoded(found, stream, wanted) in (None, by_zlib(stream))


def test_places_outside_the_stored_bytes_are_left_alone(batches: ChunkBatches) -> None:
    stored, media = bytearray(stored_raw(TEXT)), bytearray(3 * CHUNK)
    starts, ends = [0, 2**63, len(stored)], [2**64 - 1, 2**63 + 9, len(stored) + CHUNK + 4]
    sound = batches.decode(
        memoryview(stored), (starts, ends, [False, True, False]), CHUNK, CHUNK, memoryview(media)
    )
    assert (bytes(sound), bytes(media)) == (bytes(3), bytes(3 * CHUNK))
    with pytest.raises(ValueError, match="no room"):
        batches.decode(memoryview(stored), (starts, ends, [False] * 3), CHUNK, CHUNK + 1, memoryview(media))
    with pytest.raises(ValueError, match="no room"):
        batches.encode(memoryview(bytes(CHUNK)), CHUNK, b"", bytearray(CHUNK + 3))


def test_an_image_reads_the_same_where_nothing_was_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = b"".join(NOISE[:256] * 128 if number % 3 else TEXT * 8 for number in range(20))
    chunks = [media[at : at + 32768] for at in range(0, len(media), 32768)]
    stored = [
        (zlib.compress(chunk), True) if number % 4 else (stored_raw(chunk), False)
        for number, chunk in enumerate(chunks)
    ]
    stored[5] = (stored[5][0][:-1] + b"\0", True)
    path = tmp_path / "a.E01"
    image_of(path, stored, len(media) // 512)
    with_calls = read_all(path)
    monkeypatch.setattr("image.ewf.decoding.chunk_batches", lambda: None)
    assert read_all(path) == with_calls


def read_all(path: Path) -> tuple[bytes, object]:
    """Media and findings of an image."""
    with open_ewf(path) as image:
        return b"".join(piece.data for piece in image.media()), image.findings.as_tuple()


def test_a_library_that_is_not_as_it_was_known_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "wrong.c"
    source.write_text("void decode_chunks(void) {}\nvoid encode_chunks(void) {}\n")
    wrong = tmp_path / "libwrong.so"
    if shutil.which("cc") is None:
        pytest.skip("no C compiler (package gcc)")
    subprocess.run(("cc", "-shared", "-fPIC", "-o", wrong, source), check=True)
    for library in (wrong, tmp_path / "absent.so"):
        monkeypatch.setattr(module, "LIBRARY", library)
        assert chunk_batches.__wrapped__() is None
