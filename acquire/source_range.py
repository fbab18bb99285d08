"""A stretch of a source as a source of its own: its first sector is sector 0 of the image."""

from dataclasses import dataclass

from acquire.media import Source
from image.sectors import SectorRange


@dataclass(frozen=True, slots=True)
class SourceRange:
    """The sectors `sectors` of a source, numbered from 0."""

    whole: Source
    sectors: SectorRange

    @property
    def size_bytes(self) -> int:
        """The size of the stretch in bytes."""
        return self.sectors.sector_count * self.whole.sector_size_bytes

    @property
    def sector_size_bytes(self) -> int:
        """The size of a sector in bytes."""
        return self.whole.sector_size_bytes

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill a view of whole sectors from `first_sector` of the stretch on.

        Raises:
            ReadFailure: the medium failed the read.
            SourceLostError: the source is gone.
            StoppedError: the system refuses the read.
        """
        self.whole.read_into(view, self.sectors.first_sector + first_sector)


def whole_of(source: Source) -> tuple[Source, int]:
    """The whole that a source is a stretch of, and the sector of it at which the stretch begins."""
    return (source.whole, source.sectors.first_sector) if isinstance(source, SourceRange) else (source, 0)
