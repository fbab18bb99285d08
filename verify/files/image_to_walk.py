"""An image as another process opens it again, and the damage to look for in it."""

from dataclasses import dataclass
from pathlib import Path

from image.formats import ImageFormat
from image.opening import OpenImage, open_image
from image.sectors import SectorRanges, compact_ranges

NO_SECTORS = compact_ranges(())


@dataclass(frozen=True)
class ImageToWalk:
    """How an image was opened (see `open_image`), its damaged sectors and those that were never read."""

    path: Path
    image_format: ImageFormat
    expected_names: tuple[str, ...]
    sector_size_bytes: int
    folders: tuple[Path, ...]
    damaged: SectorRanges = NO_SECTORS
    unread: SectorRanges = NO_SECTORS

    def open(self) -> OpenImage:
        """Open it again.

        Raises:
            ImageNotReadError: it cannot be read any more.
        """
        return open_image(
            self.path,
            image_format=self.image_format,
            expected_names=self.expected_names,
            sector_size_bytes=self.sector_size_bytes,
            folders=self.folders,
        )
