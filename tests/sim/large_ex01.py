"""An Ex01 of any size, written from a few chunks that come round again and again."""

import random
import struct
from hashlib import md5, sha1, sha256
from pathlib import Path
from typing import BinaryIO
from zlib import adler32

from tests.sim.ewf2_writer import (
    CASE,
    DATA,
    DEVICE,
    DONE,
    MD5,
    SHA1,
    TABLE,
    Ex01,
    object_text,
    padded,
    sealed,
    section,
    stored_form,
)

CHUNK_SECTORS = 64
CHUNK_BYTES = CHUNK_SECTORS * 512
TABLE_CHUNKS = 2048
TEXT = (b"one sector after another " * CHUNK_BYTES)[:CHUNK_BYTES]


def write_large_ex01(path: Path, chunk_count: int) -> str:
    """Write a set of one file, a third each zeros, text and noise; gives the SHA-256 of its media."""
    with path.open("wb") as file:
        writer = _Writer(file)
        sectors = str(chunk_count * CHUNK_SECTORS)
        writer.add(DEVICE, object_text({"sn": "S1", "ts": sectors, "dt": "f", "ph": "1", "bp": "512"}))
        writer.add(CASE, object_text({"nm": "Large", "tb": str(chunk_count), "sb": str(CHUNK_SECTORS), "gr": "64"}))
        for first in range(0, chunk_count, TABLE_CHUNKS):
            writer.add_chunks(range(first, min(first + TABLE_CHUNKS, chunk_count)))
        writer.add(MD5, sealed(writer.digests[0].digest()))
        writer.add(SHA1, sealed(writer.digests[1].digest()))
        writer.add(DONE, b"")
    return writer.digests[2].hexdigest()


class _Writer:
    """The file while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        chance = random.Random(6)
        noise = [(chance.randbytes(CHUNK_BYTES), "raw") for _ in range(5)]
        media = [item for one in noise for item in ((bytes(CHUNK_BYTES), "deflate"), (TEXT, "deflate"), one)]
        self._kinds = [(chunk, *stored_form(chunk, how, 0)) for chunk, how in media]
        self._file, self._previous = file, 0
        self.digests = md5(usedforsecurity=False), sha1(usedforsecurity=False), sha256()
        options = Ex01()
        file.write(b"EVF2\r\n\x81\x00" + struct.pack("<BBHI", *options.version, options.method, 1))
        file.write(options.identifier)

    def add(self, kind: int, data: bytes) -> None:
        """Add a section, its data filled up."""
        whole = padded(data)
        self._file.write(section(self._previous, kind, whole, len(whole) - len(data)))
        self._previous = self._file.tell() - 64

    def add_chunks(self, numbers: range) -> None:
        """Add the sector data of these chunks and its table."""
        stored, entries, place = [], [], self._file.tell()
        for number in numbers:
            chunk, data, (_, size, flags) = self._kinds[number % len(self._kinds)]
            stored.append(data)
            entries.append(struct.pack("<QII", place, size, flags))
            place += len(data)
            for digest in self.digests:
                digest.update(chunk)
        self.add(DATA, b"".join(stored))
        head, body = sealed(struct.pack("<QII", numbers.start, len(numbers), 0)), b"".join(entries)
        self.add(TABLE, padded(head) + body + padded(struct.pack("<I", adler32(body))))
