"""The folders a set goes through as they fill up: which of them takes the next segment, and moving an open one.

A segment is begun where all of it fits, so that a folder is left with whole segments only and no write fails. Where
one fails all the same, because somebody else filled the disk or a quota is used up, the open segment moves on.
"""

import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from image.durability import sync_folder
from image.sampling import is_zero

COPY_BYTES = 1024 * 1024
FOLDER_RESERVE_BYTES = 64 * 1024
"""Room kept in every folder for the checksum file of its segments."""


def free_bytes(folder: Path) -> int:
    """The bytes that may still be written in a folder; none where the system does not tell."""
    try:
        space = os.statvfs(folder)
    except OSError:
        return 0
    return space.f_bavail * space.f_frsize


@dataclass(eq=False)
class FolderRow:
    """The folders of one image in order, the first its own; `tell` hears of each step from one to the next.

    `segment_size_bytes` is the largest that a segment can become; `reserve_bytes` are kept free in the first folder
    for the files beside the segments.
    """

    folders: tuple[Path, ...]
    segment_size_bytes: int
    reserve_bytes: int
    tell: Callable[[str], None]
    free: Callable[[Path], int] = free_bytes
    _index: int = 0

    @property
    def current(self) -> Path:
        """The folder that takes segments now."""
        return self.folders[self._index]

    def choose(self, name: str) -> Path:
        """The folder for a segment that is to be begun; the first one always begins in the image's own."""
        index = next_with_room(self.rooms(), self.segment_size_bytes, self._index)
        if index != self._index:
            why = f"{self.current} has no room for another segment of {self.segment_size_bytes} bytes"
            self._step(index, name, why)
        return self.current

    def move(self, file: Path, length_bytes: int, why: str) -> tuple[Path, int] | None:
        """Move an open segment of this length to the next folder that holds it: its new path and descriptor.

        None without such a folder; the file is then as it was.
        """
        for index in range(self._index + 1, len(self.folders)):
            target = self.folders[index] / file.name
            try:
                descriptor = move_segment(file, target, length_bytes)
            except OSError:
                continue
            self._step(index, file.name, f"{self.current}: {why}")
            return target, descriptor
        return None

    def rooms(self) -> tuple[int, ...]:
        """The bytes that each folder has for segments."""
        first = self.free(self.folders[0]) - self.reserve_bytes
        return (first, *(self.free(folder) - FOLDER_RESERVE_BYTES for folder in self.folders[1:]))

    def room_left(self) -> int:
        """The bytes for segments in this folder and those behind it; folders on one disk count once."""
        rooms: dict[int, int] = {}
        for folder, room in list(zip(self.folders, self.rooms(), strict=True))[self._index :]:
            with suppress(OSError):
                rooms.setdefault(folder.stat().st_dev, max(room, 0))
        return sum(rooms.values())

    def _step(self, index: int, name: str, why: str) -> None:
        self._index = index
        self.tell(f"{name} and what follows go to {self.current}: {why}")


def next_with_room(rooms: Sequence[int], wanted_bytes: int, current: int) -> int:
    """The first folder from the current one on that has so much room; where none has, the one that has most."""
    for index in range(current, len(rooms)):
        if rooms[index] >= wanted_bytes:
            return index
    return max(range(current, len(rooms)), key=lambda index: rooms[index])


def located(folders: Sequence[Path], name: str) -> Path:
    """Where a segment file of the set lies; where it is nowhere to be seen, its place in the first folder.

    A folder whose disk has died shows none.
    """
    paths = [folder / name for folder in folders]
    return next(filter(_is_regular, paths), paths[0])


def _is_regular(path: Path) -> bool:
    """Whether there is a regular file here and no link; not where the system cannot tell."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def move_segment(file: Path, target: Path, length_bytes: int) -> int:
    """Move an open segment to another disk, its holes as holes; a descriptor that stands behind its last byte.

    Raises:
        OSError: the system could not; the segment is where it was.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(target, flags, 0o644)
    try:
        _copy(file, descriptor, length_bytes)
        os.fsync(descriptor)
        sync_folder(target.parent)
        file.unlink()
    except OSError:
        with suppress(OSError):
            os.close(descriptor)
        with suppress(OSError):
            target.unlink()
        raise
    return descriptor


def _copy(file: Path, descriptor: int, length_bytes: int) -> None:
    with file.open("rb", buffering=0) as contents:
        position = 0
        while data := contents.read(min(COPY_BYTES, length_bytes - position)):
            os.lseek(descriptor, position, os.SEEK_SET)
            position += len(data)
            rest = memoryview(b"" if is_zero(memoryview(data)) else data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
    os.lseek(descriptor, length_bytes, os.SEEK_SET)
