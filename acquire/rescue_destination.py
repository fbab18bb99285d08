"""The rescue file as the one raw segment of its image: nothing is copied, it only gets its final name."""

import errno
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from acquire.request import RawPlan
from acquire.rescue_file import RescueFile
from image.destinations import Destination, Piece
from image.durability import make_read_only, sync_folder
from image.ewf.plan import EwfPlan


def becomes_image(layout: EwfPlan | RawPlan, *, keep_file: bool) -> bool:
    """Whether the rescue file is the image in the end: a raw one in a single file."""
    return isinstance(layout, RawPlan) and not layout.segment_size_bytes and not keep_file


@dataclass(eq=False)
class InPlaceDestination(Destination):
    """A destination that holds its single raw segment already; what is appended stands there."""

    rescue_file: RescueFile | None = None
    _name: str = ""

    @property
    def takes_room(self) -> bool:
        """The bytes stand there already."""
        return False

    def create(self, name: str) -> None:
        """Begin the segment: it is there."""
        self._name = name

    def append(self, pieces: Sequence[Piece]) -> None:
        """Nothing: the bytes were read from this file."""

    def skip(self, size_bytes: int) -> None:
        """Nothing: zeros stand there."""

    def start_writeback(self, offset_bytes: int, size_bytes: int) -> None:
        """Nothing was written."""

    def sync(self, length_bytes: int) -> None:  # noqa: ARG002
        """Make the file durable, whatever of it was passed."""
        if self.rescue_file is not None:
            self.rescue_file.sync()

    def cut(self, durable: Mapping[str, int]) -> None:
        """Nothing is cut: the map says what of the file counts."""

    def finish(self) -> None:
        """Give the file its final name, read-only."""
        if self.rescue_file is not None:
            final = self.path.with_name(self._name)
            if final.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final))
            make_read_only(self.rescue_file.descriptor)
            self.rescue_file.path.rename(final)
            sync_folder(self.path.parent)

    def close(self) -> None:
        """The file is closed by whoever opened it."""
