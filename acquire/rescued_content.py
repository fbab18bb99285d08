"""What lies on a medium, told by what was rescued of it: a failing drive is not read again for that."""

from dataclasses import dataclass

from acquire.rescue_file import RescueFile
from image.badmap import BadSectorMap
from image.sectors import SectorRange


@dataclass(frozen=True)
class RescuedContent:
    """The media in a rescue file that begins at a sector of the source."""

    file: RescueFile
    map: BadSectorMap
    first_sector: int
    sector_size_bytes: int

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """Bytes at an offset of the source; nothing where they are not wanted or were not all read.

        Raises:
            OSError: the rescue file cannot be read.
        """
        start = offset_bytes - self.first_sector * self.sector_size_bytes
        size_bytes = min(size_bytes, self.file.size_bytes - start)
        if start < 0 or size_bytes <= 0:
            return b""
        first, end = start // self.sector_size_bytes, -(-(start + size_bytes) // self.sector_size_bytes)
        wanted = SectorRange(first, end - first)
        if any(sectors.overlap(wanted) is not None for sectors in self.map.unread_ranges()):
            return b""
        data = bytearray(size_bytes)
        self.file.read_into(memoryview(data), start)
        return bytes(data)
