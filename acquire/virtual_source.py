"""A virtual disk as a source: its media is what is imaged, and the bytes of its file are not.

The program that decodes it, its version and the sub-format are recorded as what that program said of the source.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from acquire.media import ReadFailure, SourceLostError
from acquire.sysfs import shown_path
from acquire.virtual_format import AS_IT_IS
from image.errors import ImageNotReadError, SourceError
from image.formats import ImageFormat
from image.scan_watch import ScanWatch, watch_nothing
from image.sectors import SectorRange
from image.virtual.nbd_client import ExportReadError, ServerGoneError
from image.virtual.strict_media import StrictMedia, strict_media


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


@contextmanager
def open_virtual_source(
    path: str, image_format: ImageFormat, watch: ScanWatch = watch_nothing
) -> Iterator[VirtualSource]:
    """Open a virtual disk for the length of a `with` block; `watch` is called while its tables are looked at.

    Raises:
        SourceError: it cannot be decoded.
    """
    with ExitStack() as held:
        try:
            media = held.enter_context(strict_media(Path(path), image_format, watch))
        except ImageNotReadError as error:
            what = f"the virtual disk cannot be read: {error.what}"
            raise SourceError(what, shown_path(path), f"{error.do}. {AS_IT_IS}") from error
        yield VirtualSource(shown_path(path), media)
