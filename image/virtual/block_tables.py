"""Tables that say where the blocks of a virtual disk are stored, looked at for blocks behind the end of the file.

qemu reads zeros there without a word, so a truncated file has to be found here.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from image.header_file import SECTOR_BYTES, HeaderFile
from image.virtual.named_tables import NamedTables

PIECE_BYTES = 64 * 1024
ENTRIES_BETWEEN_TELLING = 8192
TRUNCATED, SHARED_TABLE = "virtual-truncated", "virtual-table"
SECOND_TABLES_HELD = 16
MAXIMUM_MEMORY_BYTES = 128 * 1024 * 1024
"""Tables that need more are not given to qemu, whose memory is bounded."""

StoredEnd = Callable[..., int]
"""From the numbers of a table's entry and the bytes of media in its block to where what is stored for them ends in
the file, in bytes; 0 where nothing is."""


@dataclass(frozen=True, slots=True)
class LostBlock:
    """Media (offset and size in bytes) that a table says is stored at a place which the file does not have.

    With the code `virtual-table` it is media that shares its table with other media.
    """

    media_offset_bytes: int
    media_size_bytes: int
    code: str = TRUNCATED


class BlockTable(Protocol):
    """A table of stored blocks; `file_index` is the file it is in and speaks of."""

    @property
    def file_index(self) -> int:
        """The index of the file among those of the image."""
        ...

    @property
    def block_bytes(self) -> int:
        """Bytes of media in a block, which is decoded as one."""
        ...

    @property
    def memory_bytes(self) -> int:
        """What qemu takes to hold the table, or to hold as much of it as it does at once."""
        ...

    def lost_blocks(self, file: HeaderFile, named: NamedTables) -> Iterator[LostBlock]:
        """The blocks that the file is too short to hold; `named` are its second tables looked at so far.

        Raises:
            ImageNotReadError: the table itself is behind the end of the file, or the system does not read it.
        """
        ...


@dataclass(frozen=True)
class FlatRun:
    """Media stored as it is from one place on; `behind_bytes` at the end of the file are something else."""

    media_bytes: int
    stored_offset_bytes: int = 0
    media_offset_bytes: int = 0
    file_index: int = 0
    behind_bytes: int = 0

    @property
    def block_bytes(self) -> int:
        """Each sector is by itself."""
        return SECTOR_BYTES

    @property
    def memory_bytes(self) -> int:
        """There is no table."""
        return 0

    def lost_blocks(self, file: HeaderFile, _named: NamedTables) -> Iterator[LostBlock]:
        """The end of the run, where the file is too short."""
        held = max(0, min(self.media_bytes, file.size_bytes - self.behind_bytes - self.stored_offset_bytes))
        if held < self.media_bytes:
            offset = self.media_offset_bytes + held
            yield LostBlock(offset, self.media_bytes - held)


@dataclass(frozen=True)
class FlatTable:
    """One table with an entry for each block of media; `code` is the struct code of an entry with its byte order.

    Every so many entries, `skip_every`, one is of another kind.
    """

    media_bytes: int
    offset_bytes: int
    entries: int
    code: str
    block_bytes: int
    stored_end: StoredEnd
    skip_every: int = 0
    media_offset_bytes: int = 0
    file_index: int = 0

    @property
    def memory_bytes(self) -> int:
        """All of the table is held."""
        return self.entries * struct.calcsize(self.code)

    def lost_blocks(self, file: HeaderFile, _named: NamedTables) -> Iterator[LostBlock]:
        """The blocks that the file is too short to hold."""
        size = file.size_bytes
        for index, entry in enumerate(_entries(file, self.offset_bytes, self.entries, self.code)):
            if index % ENTRIES_BETWEEN_TELLING == 0:
                file.reached_bytes = self.media_offset_bytes + index * self.block_bytes
            if self.skip_every and (index + 1) % self.skip_every == 0:
                continue
            if self.stored_end(entry, self.block_bytes) > size:
                offset = (index - index // self.skip_every if self.skip_every else index) * self.block_bytes
                needed = min(self.block_bytes, self.media_bytes - offset)
                if needed > 0 and self.stored_end(entry, needed) > size:
                    yield LostBlock(self.media_offset_bytes + offset, needed)


@dataclass(frozen=True)
class TwoLevelTable:
    """A table of tables. `second_place` gives the offset of a second table, 0 for none; each entry of one is
    `stride` numbers."""

    media_bytes: int
    first_offset_bytes: int
    first_entries: int
    first_code: str
    second_entries: int
    second_code: str
    block_bytes: int
    second_place: Callable[[int], int]
    stored_end: StoredEnd
    stride: int = 1
    media_offset_bytes: int = 0
    file_index: int = 0

    @property
    def memory_bytes(self) -> int:
        """The first table is held, and some of the second ones."""
        first = self.first_entries * struct.calcsize(self.first_code)
        return first + SECOND_TABLES_HELD * self.second_entries * self.stride * struct.calcsize(self.second_code)

    def lost_blocks(self, file: HeaderFile, named: NamedTables) -> Iterator[LostBlock]:
        """The blocks that the file is too short to hold; all of a second table's where it is too short for that."""
        covered = self.second_entries * self.block_bytes
        needed = min(self.first_entries, -(-self.media_bytes // covered))
        media_offset = 0
        for entry, run in groupby(_entries(file, self.first_offset_bytes, needed, self.first_code)):
            size = covered * sum(1 for _ in run)
            file.reached_bytes = self.media_offset_bytes + media_offset
            if entry and self.second_place(entry):
                yield from self._named(
                    file, self.second_place(entry), range(media_offset, media_offset + size), named
                )
            media_offset += size

    def _named(self, file: HeaderFile, offset_bytes: int, media: range, named: NamedTables) -> Iterator[LostBlock]:
        """The lost blocks of one second table that neighbours in the first name for these bytes of media."""
        second_bytes = self.second_entries * self.stride * struct.calcsize(self.second_code)
        if offset_bytes + second_bytes > file.size_bytes:
            yield self._whole(media, TRUNCATED)
            return
        if named.admit(file, offset_bytes, second_bytes):
            yield from self._second(file, offset_bytes, media.start, named)
            media = media[self.second_entries * self.block_bytes :]
        if media and not named.is_empty(offset_bytes):
            yield self._whole(media, SHARED_TABLE)

    def _whole(self, media: range, code: str) -> LostBlock:
        """All of these bytes, as far as the media goes."""
        size = min(media.stop, self.media_bytes) - media.start
        return LostBlock(self.media_offset_bytes + media.start, size, code)

    def _second(
        self, file: HeaderFile, offset_bytes: int, media_offset: int, named: NamedTables
    ) -> Iterator[LostBlock]:
        """The lost blocks of one second table."""
        is_empty, at = True, media_offset
        for data in _pieces(file, offset_bytes, self.second_entries * self.stride, self.second_code):
            if data != bytes(len(data)):
                is_empty = False
                yield from self._of_piece(file.size_bytes, data, at)
            at += len(data) // (self.stride * struct.calcsize(self.second_code)) * self.block_bytes
        if is_empty:
            named.keep_as_empty(offset_bytes)

    def _of_piece(self, size: int, data: bytes, media_offset: int) -> Iterator[LostBlock]:
        """The lost blocks of a piece of a second table, in a file of this size."""
        numbers = iter(_numbers(data, self.second_code))
        for index, entry in enumerate(zip(*[numbers] * self.stride, strict=True)):
            if entry[0] and self.stored_end(*entry, self.block_bytes) > size:
                offset = media_offset + index * self.block_bytes
                needed = min(self.block_bytes, self.media_bytes - offset)
                if needed > 0 and self.stored_end(*entry, needed) > size:
                    yield LostBlock(self.media_offset_bytes + offset, needed)


def _entries(file: HeaderFile, offset_bytes: int, count: int, code: str) -> Iterator[int]:
    """The numbers of a table, read in pieces."""
    for data in _pieces(file, offset_bytes, count, code):
        yield from _numbers(data, code)


def _pieces(file: HeaderFile, offset_bytes: int, count: int, code: str) -> Iterator[bytes]:
    """The bytes of a table of so many numbers."""
    end = offset_bytes + count * struct.calcsize(code)
    for at in range(offset_bytes, end, PIECE_BYTES):
        yield file.read(at, min(PIECE_BYTES, end - at))


def _numbers(data: bytes, code: str) -> tuple[int, ...]:
    """The numbers of a piece."""
    return struct.unpack(f"{code[0]}{len(data) // struct.calcsize(code)}{code[1]}", data)
