"""A file whose headers are read: exact reads that are refused in one line where the file ends before."""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from image.errors import ImageNotReadError
from image.segment_files import SegmentFiles, SegmentReadError

SECTOR_BYTES = 512
MAXIMUM_MEDIA_BYTES = 64 * 1024**4
"""The largest VHDX there can be; nothing above is believed of any format."""
REFUSED_ADVICE = "Convert it with the program that made it, and verify the result"


class HeaderFile:
    """One open file, for reading structures of it; `look` is called at each read and may raise.

    It is given `reached_bytes`: up to which byte of the media those structures tell that were read before.
    """

    def __init__(self, files: SegmentFiles, path: Path, look: Callable[[int], None] | None = None) -> None:
        self._files = files
        self._look = look
        self.path = path
        self.reached_bytes = 0

    @property
    def size_bytes(self) -> int:
        """The size of the file."""
        return self._files.sizes_bytes[0]

    def read(self, offset_bytes: int, size_bytes: int) -> bytes:
        """Exactly these bytes.

        Raises:
            ImageNotReadError: the file ends before, or the system does not read it.
        """
        if self._look is not None:
            self._look(self.reached_bytes)
        if offset_bytes < 0 or offset_bytes + size_bytes > self.size_bytes:
            raise self.refusal("the file ends inside a structure of it", "Look for a complete copy")
        try:
            return self._files.read(0, offset_bytes, size_bytes)
        except SegmentReadError as error:
            raise self.refusal(f"cannot read the image ({error.reason})") from error

    def read_up_to(self, offset_bytes: int, size_bytes: int) -> bytes:
        """These bytes, fewer where the file ends.

        Raises:
            ImageNotReadError: the system does not read them.
        """
        return self.read(offset_bytes, max(0, min(size_bytes, self.size_bytes - offset_bytes)))

    def unpack(self, layout: struct.Struct, offset_bytes: int) -> tuple[int, ...]:
        """The numbers of a structure at this offset.

        Raises:
            ImageNotReadError: the file ends before, or the system does not read it.
        """
        return layout.unpack(self.read(offset_bytes, layout.size))

    def refusal(self, what: str, do: str = REFUSED_ADVICE) -> ImageNotReadError:
        """The error of a file that is not read, to be raised."""
        return ImageNotReadError(what, str(self.path), do)

    def checked_size(self, media_size_bytes: int) -> int:
        """The size of the media in whole sectors, where it can be one.

        Raises:
            ImageNotReadError: it cannot.
        """
        if not 0 <= media_size_bytes <= MAXIMUM_MEDIA_BYTES:
            raise self.refusal(f"its header tells of {media_size_bytes} bytes of media, more than 64 TiB")
        return -(-media_size_bytes // SECTOR_BYTES) * SECTOR_BYTES


@contextmanager
def header_file(path: Path, look: Callable[[int], None] | None = None) -> Iterator[HeaderFile]:
    """Open a file for its headers.

    Raises:
        ImageNotReadError: it is not there, no regular file, or not to be opened.
    """
    with SegmentFiles([path]) as files:
        yield HeaderFile(files, path, look)
