"""One place that receives the segments of an image: the file being written there, and what becomes of it."""

import errno
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from image.durability import make_read_only, sync_folder
from image.folder_row import FolderRow, located
from image.reopening import cut_to, open_durable
from image.segment_names import naming_of
from image.write_errors import NO_SPACE

Piece = bytes | memoryview


@dataclass(eq=False)
class Destination:
    """One folder and stem that receives the segments, e.g. /dest/JB1; `failure` is set once and for all.

    `row` are the folders that a set goes through when they fill up; None where it has only its own.
    """

    path: Path
    failure: str | None = None
    row: FolderRow | None = None
    _descriptor: int = field(default=-1, repr=False)
    _file: Path | None = field(default=None, repr=False)
    _made: list[Path] = field(default_factory=list, repr=False)

    @property
    def is_live(self) -> bool:
        """Whether it still receives data."""
        return self.failure is None

    @property
    def takes_room(self) -> bool:
        """Whether what is appended takes room that was free."""
        return True

    def create(self, name: str) -> None:
        """Create the next segment file; never over an existing one.

        The journal that names it makes names durable in its own folder only, so a further folder is synced here.
        """
        is_first = naming_of(name) is not None
        self._file = self.path.with_name(name) if self.row is None or is_first else self.row.choose(name) / name
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._descriptor = os.open(self._file, flags, 0o644)
        self._made.append(self._file)
        if self._file.parent != self.path.parent:
            sync_folder(self._file.parent)

    def reopen(self, name: str, length_bytes: int) -> None:
        """Open a segment file that is there, cut to this length and durable so, to be written further."""
        file = self.located(name)
        self._descriptor = open_durable(file, length_bytes)
        self._file = file
        self._made.append(file)
        cut_to(self._descriptor, length_bytes)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder that may hold segments, the image's own first."""
        return (self.path.parent,) if self.row is None else self.row.folders

    def located(self, name: str) -> Path:
        """Where a segment file of this name lies, or would lie in the image's own folder."""
        return located(self.folders, name)

    def copies(self, name: str) -> tuple[Path, ...]:
        """What a move that was cut short left of a segment file in other folders than the one it lies in."""
        paths = [folder / name for folder in self.folders]
        return tuple(path for path in paths if path != self.located(name) and path.is_file())

    def folder_of(self, name: str) -> str | None:
        """The folder that holds a segment file of this name; None for the image's own."""
        folder = self.located(name).parent
        return None if folder == self.path.parent else str(folder)

    def append(self, pieces: Sequence[Piece]) -> None:
        """Write all of the pieces; where the disk is full, in the next folder."""
        if self.row is None:
            self._write(pieces)
            return
        length_bytes = os.lseek(self._descriptor, 0, os.SEEK_CUR)
        try:
            self._write(pieces)
        except OSError as error:
            if error.errno not in NO_SPACE or not self._move(self.row, length_bytes, error):
                raise
            self.append(pieces)

    def _move(self, row: FolderRow, length_bytes: int, error: OSError) -> bool:
        """Whether the open segment went on to another folder; the first one never does, the image has its name."""
        if self._file is None or naming_of(self._file.name) is not None:
            return False
        os.fsync(self._descriptor)
        moved = row.move(self._file, length_bytes, error.strerror or str(error))
        if moved is not None:
            self.close()
            self._file, self._descriptor = moved
            self._made[-1] = self._file
        return moved is not None

    def _write(self, pieces: Sequence[Piece]) -> None:
        """Write all of the pieces, however the system cuts the writes up."""
        rest = [memoryview(piece) for piece in pieces if len(piece)]
        while rest:
            written = os.writev(self._descriptor, rest[:512])
            if not written:
                raise OSError(errno.EIO, "a write took nothing")
            rest = _behind(rest, written)

    def skip(self, size_bytes: int) -> None:
        """Leave a hole of zeros."""
        os.lseek(self._descriptor, size_bytes, os.SEEK_CUR)

    def start_writeback(self, offset_bytes: int, size_bytes: int) -> None:
        """Let the kernel write these bytes out now and forget them, so that little is left for the last sync."""
        os.posix_fadvise(self._descriptor, offset_bytes, size_bytes, os.POSIX_FADV_DONTNEED)

    def sync(self, length_bytes: int) -> None:
        """Make the open file durable at this length (a hole at its end included)."""
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, length_bytes)
            os.fsync(self._descriptor)

    def cut(self, durable: Mapping[str, int]) -> None:
        """Shorten what was made to what is durable of it, in bytes by name; a file that is not named keeps nothing.

        Segments that were closed meanwhile are opened again for it.
        """
        with suppress(OSError):
            self.close()
        for file in self._made:
            length_bytes = durable.get(file.name, 0)
            if file.stat().st_size > length_bytes:
                self._descriptor = open_durable(file, length_bytes)
                cut_to(self._descriptor, length_bytes)
                self.close()

    def finish(self) -> None:
        """Close the open file and make it read-only."""
        if self._descriptor >= 0 and self._file is not None:
            make_read_only(self._descriptor)
            self.close()
            sync_folder(self._file.parent)

    def close(self) -> None:
        """Close the open file as it is."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _behind(pieces: list[memoryview], written: int) -> list[memoryview]:
    """What is left of the pieces when this many bytes of them are written."""
    index = 0
    while index < len(pieces) and written >= len(pieces[index]):
        written -= len(pieces[index])
        index += 1
    rest = pieces[index:]
    if written:
        rest[0] = rest[0][written:]
    return rest
