"""Media that is read by sectors, whatever it is: a drive, a file, an image."""

from typing import Protocol


class SectorReader(Protocol):
    """Media that is read by sectors from 0 on."""

    @property
    def size_bytes(self) -> int:
        """The size of the media in bytes, a multiple of the sector size."""
        ...

    @property
    def sector_size_bytes(self) -> int:
        """The size of a sector in bytes."""
        ...

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill a view of whole sectors from `first_sector` on.

        Raises:
            Exception: the read failed; whoever hands the reader out says which exceptions mean that.
        """
        ...
