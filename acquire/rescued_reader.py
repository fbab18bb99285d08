"""Media that a rescue has kept, read back in order for the image that is made of it."""

from bisect import bisect_right

from acquire.read_history import ReadHistory
from acquire.reader import BatchRead
from acquire.rescue_file import RescueFile
from image.badmap import BadSectorMap
from image.errors import DestinationError
from image.sectors import SectorRange


class RescuedReader:
    """Gives the finished sectors as they were kept, and all others as unreadable zeros."""

    def __init__(self, file: RescueFile, bad_sector_map: BadSectorMap, sector_size_bytes: int) -> None:
        self._file = file
        self._size = sector_size_bytes
        self._unread = bad_sector_map.unread_ranges()
        self._ends = [item.end_sector for item in self._unread]

    def read_batch(self, view: memoryview, sectors: SectorRange) -> BatchRead:
        """Fill the view with these sectors.

        Raises:
            DestinationError: the rescue file cannot be read.
        """
        try:
            self._file.read_into(view, sectors.first_sector * self._size)
        except OSError as error:
            what = f"what was rescued cannot be read back ({error.strerror})"
            raise DestinationError(what, str(self._file.path)) from error
        bad = self._unread_in(sectors)
        for item in bad:
            start = (item.first_sector - sectors.first_sector) * self._size
            size_bytes = item.sector_count * self._size
            view[start : start + size_bytes] = bytes(size_bytes)
        return BatchRead(bad)

    def _unread_in(self, sectors: SectorRange) -> tuple[SectorRange, ...]:
        """The parts of the range that were not read."""
        found: list[SectorRange] = []
        index = bisect_right(self._ends, sectors.first_sector)
        while index < len(self._unread) and (part := self._unread[index].overlap(sectors)) is not None:
            found.append(part)
            index += 1
        return tuple(found)


class RescuedHistory(ReadHistory):
    """The history of a rescue while its image is written: how fast a file reads is no fact of the drive."""

    def add_read(self, sectors: SectorRange, read: BatchRead, seconds: float | None) -> None:  # noqa: ARG002
        """Note which sectors of a batch are unreadable."""
        super().add_read(sectors, read, None)
