"""A virtual disk as a source: its media is what is imaged, and the bytes of its file are not.

The program that decodes it, its version and the sub-format are recorded as what that program said of the source.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from acquire.media import ReadFailure, SourceLostError
from acquire.sysfs import shown_path
from image.errors import ImageNotReadError, SourceError
from image.formats import HEAD_BYTES, TAIL_BYTES, ImageFormat, recognise_disk
from image.sectors import SectorRange
from image.virtual.nbd_client import ExportReadError, ServerGoneError
from image.virtual.strict_media import StrictMedia, strict_media

AS_IT_IS = "Give --source-format raw for the bytes of the file itself"


@dataclass(frozen=True)
class VirtualSource:
    """The decoded media of a virtual disk, read by sectors."""

    path: str
    media: StrictMedia

    @property
    def stored_bytes(self) -> int:
        """The size of the media."""
        return self.media.size_bytes

    @property
    def size_bytes(self) -> int:
        """The size of the media, whole sectors always."""
        return self.media.size_bytes

    @property
    def sector_size_bytes(self) -> int:
        """The size of a sector."""
        return self.media.sector_size_bytes

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill the view; see `acquire.media.Source`."""
        size = self.sector_size_bytes
        try:
            self.media.read_into(view, first_sector * size)
        except ExportReadError as error:
            raise ReadFailure(error.error_number, SectorRange(first_sector, len(view) // size)) from error
        except ServerGoneError as error:
            where = f"{self.path} at sector {first_sector}"
            raise SourceLostError(f"qemu ended: {error}", where, "Go on with --resume") from error


def virtual_format(descriptor: int, path: str) -> ImageFormat | None:
    """The format of an open file that is a virtual disk, None for any other file.

    Raises:
        SourceError: it is a DMG, which is no drive but an image: its checksums would not be compared.
    """
    try:
        head = os.pread(descriptor, HEAD_BYTES, 0)
        tail = os.pread(descriptor, TAIL_BYTES, max(0, os.fstat(descriptor).st_size - TAIL_BYTES))
    except OSError:
        return None
    found = recognise_disk(path, head, tail)
    if found is ImageFormat.DMG:
        advice = f"Make an image of what it holds with `diskwitness convert`. {AS_IT_IS}"
        raise SourceError("the source is a DMG image", shown_path(path), advice)
    return found


@contextmanager
def open_virtual_source(path: str, image_format: ImageFormat) -> Iterator[VirtualSource]:
    """Open a virtual disk for the length of a `with` block.

    Raises:
        SourceError: it cannot be decoded.
    """
    with ExitStack() as held:
        try:
            media = held.enter_context(strict_media(Path(path), image_format))
        except ImageNotReadError as error:
            what = f"the virtual disk cannot be read: {error.what}"
            raise SourceError(what, shown_path(path), f"{error.do}. {AS_IT_IS}") from error
        yield VirtualSource(shown_path(path), media)
