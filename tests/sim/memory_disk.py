"""A disk in memory with content of the test's choosing, some of its sectors unreadable."""

import errno

from acquire.media import ReadFailure
from image.sectors import SectorRange


class MemoryDisk:
    """Implements acquire.media.Source over bytes."""

    def __init__(self, content: bytes, sector_size_bytes: int = 512, bad: frozenset[int] = frozenset()) -> None:
        self.content = content
        self.sector_size_bytes = sector_size_bytes
        self.size_bytes = len(content)
        self._bad = bad

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill the view, or fail if it holds a bad sector."""
        sectors = SectorRange(first_sector, len(view) // self.sector_size_bytes)
        if self._bad.intersection(range(sectors.first_sector, sectors.end_sector)):
            raise ReadFailure(errno.EIO, sectors)
        start = first_sector * self.sector_size_bytes
        view[:] = self.content[start : start + len(view)]

    def imaged_content(self) -> bytes:
        """What an image of it must hold: zeros where a sector cannot be read."""
        image = bytearray(self.content)
        for sector in self._bad:
            start = sector * self.sector_size_bytes
            image[start : start + self.sector_size_bytes] = bytes(self.sector_size_bytes)
        return bytes(image)
