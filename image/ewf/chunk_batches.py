"""The chunks of a whole batch in one call into C: threads then seldom wait for the interpreter's lock (ADR 0026).

chunk_batches.c does only what is plainly sound, with the codecs that the libraries isal and deflate carry. Where it
was not built, or a library is not as it was known, there is none: chunks then go one by one, with the same result.
"""

import ctypes
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import deflate
from isal import isal_zlib

LIBRARY = Path(__file__).with_name("libchunk_batches.so")
INFLATE_FUNCTIONS = (
    "libdeflate_alloc_decompressor",
    "libdeflate_free_decompressor",
    "libdeflate_zlib_decompress_ex",
    "libdeflate_adler32",
)
DEFLATE_FUNCTIONS = ("isal_deflate_stateless_init", "isal_deflate_stateless")
TRIAL_CHUNK_BYTES, TRIAL_CHUNKS = 4096, 4
CHECKSUM_BYTES = 4

ADDRESS, NUMBER, SMALL_NUMBER = ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32
DECODE_ARGUMENTS = (*(ADDRESS,) * 2, NUMBER, *(ADDRESS,) * 3, SMALL_NUMBER, *(NUMBER,) * 2, *(ADDRESS,) * 2)
ENCODE_ARGUMENTS = (ADDRESS, ADDRESS, NUMBER, SMALL_NUMBER, ADDRESS, SMALL_NUMBER, *(ADDRESS,) * 4)


class _Codecs(ctypes.Structure):
    """Where the functions of the codecs stand."""

    _fields_ = tuple((name, ADDRESS) for name in (*INFLATE_FUNCTIONS, *DEFLATE_FUNCTIONS))


class _Tally(ctypes.Structure):
    """What a batch came to, in bytes."""

    _fields_ = tuple((name, NUMBER) for name in ("stored_bytes", "zero_bytes", "incompressible_bytes"))


@dataclass(frozen=True, slots=True)
class EncodedBatch:
    """Stored sizes of the chunks, which are deflated (1), and in bytes: all, zeros, what did not shrink."""

    sizes: "array[int]"
    deflated: bytearray
    stored_bytes: int
    zero_bytes: int
    incompressible_bytes: int


class ChunkBatches:
    """Decodes and encodes batches of chunks; threads may share it, and run side by side in it."""

    def __init__(self, library: ctypes.CDLL, codecs: _Codecs) -> None:
        self._codecs = codecs
        self._codecs_at = ctypes.addressof(codecs)
        self._decode, self._encode = library.decode_chunks, library.encode_chunks
        self._decode.argtypes, self._decode.restype = DECODE_ARGUMENTS, SMALL_NUMBER
        self._encode.argtypes, self._encode.restype = ENCODE_ARGUMENTS, None

    def decode(
        self,
        stored: memoryview,
        places: tuple[Sequence[int], Sequence[int], Sequence[bool]],
        chunk_bytes: int,
        last_bytes: int,
        media: memoryview,
    ) -> bytearray:
        """Decode chunks side by side into `media`: 1 for each that is whole beyond doubt, 0 for one to look at.

        `places` are where each chunk begins and ends in `stored`, in bytes, and whether it is deflated. Each holds
        `chunk_bytes` of media, the last one `last_bytes`. What `media` has in the place of a 0 means nothing.
        """
        starts, ends, deflated = (array("Q", places[0]), array("Q", places[1]), bytearray(places[2]))
        sound = bytearray(len(deflated))
        if (len(sound) - 1) * chunk_bytes + max(last_bytes, 0) > len(media):
            raise ValueError("the media has no room for so many chunks")
        self._decode(
            self._codecs_at, _address(stored), len(stored), _address(starts), _address(ends), _address(deflated),
            len(sound), chunk_bytes, last_bytes, _address(media), _address(sound),
        )  # fmt: skip
        return sound

    def encode(self, media: memoryview, chunk_bytes: int, zeros: bytes, out: bytearray) -> EncodedBatch:
        """Encode media in chunks of `chunk_bytes` into `out`, which has room for them all raw, checksums included.

        A whole chunk of zeros is stored as `zeros`; where that is empty nothing is deflated.
        """
        count = -(-len(media) // chunk_bytes)
        if len(media) + count * CHECKSUM_BYTES > len(out):
            raise ValueError("there is no room for the chunks stored raw")
        sizes, deflated, tally = array("I", bytes(4 * count)), bytearray(count), _Tally()
        source = bytearray(media) if media.readonly else media
        self._encode(
            self._codecs_at, _address(source), len(source), chunk_bytes, zeros, len(zeros), _address(out),
            _address(sizes), _address(deflated), ctypes.addressof(tally),
        )  # fmt: skip
        return EncodedBatch(sizes, deflated, tally.stored_bytes, tally.zero_bytes, tally.incompressible_bytes)


@cache
def chunk_batches() -> ChunkBatches | None:
    """The calls, if they were built and give here what the libraries themselves give."""
    try:
        library = ctypes.CDLL(str(LIBRARY))
        inflater = ctypes.CDLL(str(deflate._deflate.__file__))  # noqa: SLF001
        deflater = ctypes.CDLL(str(isal_zlib.__file__))
        addresses = [_function(inflater, name) for name in INFLATE_FUNCTIONS]
        addresses += [_function(deflater, name) for name in DEFLATE_FUNCTIONS]
    except (OSError, AttributeError):
        return None
    batches = ChunkBatches(library, _Codecs(*addresses))
    return batches if _does_as_told(batches) else None


def _function(library: ctypes.CDLL, name: str) -> int | None:
    """Where a function of a library stands."""
    return ctypes.cast(getattr(library, name), ADDRESS).value


def _address(buffer: "memoryview | bytearray | array[int]") -> int:
    """Where a buffer that can be written begins; 1, which nobody follows, where it is empty."""
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer)) if len(buffer) else 1


def _does_as_told(batches: ChunkBatches) -> bool:
    """Whether chunks of text, zeros and noise come out as zlib reads them, and go in again."""
    size, count = TRIAL_CHUNK_BYTES, TRIAL_CHUNKS
    noise = bytes(at * at * 2654435761 >> 13 & 255 for at in range(size))
    text = (b"a chunk of text, " + noise[:64]) * (size // 64)
    media = bytearray(text[:size] + bytes(size) + noise + text[size // 2 : size])
    stored = bytearray(len(media) + count * CHECKSUM_BYTES)
    made = batches.encode(memoryview(media), size, zlib.compress(bytes(size)), stored)
    ends = [sum(made.sizes[: index + 1]) for index in range(count)]
    starts = [0, *ends[:-1]]
    read = b"".join(
        zlib.decompress(stored[start:end]) if packed else bytes(stored[start : end - CHECKSUM_BYTES])
        for start, end, packed in zip(starts, ends, made.deflated, strict=True)
    )
    again = bytearray(count * size)
    places = (starts, ends, [packed == 1 for packed in made.deflated])
    sound = batches.decode(memoryview(stored), places, size, size // 2, memoryview(again))
    unread = [index for index, whole in enumerate(sound) if not whole]
    return read == media and all(
        again[index * size : index * size + size] == media[index * size : index * size + size].ljust(size, b"\0")
        for index in range(count)
        if index not in unread
    )
