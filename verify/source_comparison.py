"""The drive read again beside its image, range by range; sectors that could not be read are left out and named."""

import mmap
from collections.abc import Sequence

from image.finding_list import FindingList
from image.media_pieces import MediaPiece
from image.sector_reader import SectorReader
from image.sectors import SectorRange, merge_ranges

BLOCK_BYTES = 1024 * 1024
MAXIMUM_RANGES = 10_000


class SourceComparison:
    """Compares each piece of the media with the same sectors of the source."""

    def __init__(
        self,
        source: SectorReader,
        read_failures: tuple[type[Exception], ...],
        first_sector: int,
        unreadable: Sequence[SectorRange],
    ) -> None:
        self._source = source
        self._read_failures = read_failures
        self._first_sector = first_sector
        self._unreadable = merge_ranges(unreadable)
        self._sector_bytes = source.sector_size_bytes
        self._sector = 0
        self._buffer = memoryview(mmap.mmap(-1, BLOCK_BYTES))
        self._differing: list[SectorRange] = []
        self._unread: list[SectorRange] = []

    def take(self, piece: MediaPiece) -> None:
        """Compare the next piece, but for unreadable sectors."""
        view = memoryview(piece.data)
        end = self._sector + len(view) // self._sector_bytes
        for sectors in _without(SectorRange(self._sector, end - self._sector), self._unreadable):
            for part in sectors.pieces(BLOCK_BYTES // self._sector_bytes):
                start = (part.first_sector - self._sector) * self._sector_bytes
                self._compare(part, view[start : start + part.sector_count * self._sector_bytes])
        self._sector = end

    def finish(self) -> None:
        """Nothing is left to do."""

    def report(self, findings: FindingList) -> None:
        """Make the findings of the whole comparison."""
        for sectors in merge_ranges(self._differing):
            findings.add("source-differs", "the drive holds other data than the image", sectors=sectors)
        for sectors in merge_ranges(self._unread):
            findings.add("source-unread", "the drive could not be read here", sectors=sectors)
        for sectors in self._unreadable:
            findings.add("source-unreadable", "left out of the comparison", sectors=sectors)

    def _compare(self, sectors: SectorRange, media: memoryview) -> None:
        """Compare one stretch; on a difference or a failure sector by sector."""
        buffer = self._buffer[: len(media)]
        try:
            self._source.read_into(buffer, self._first_sector + sectors.first_sector)
        except self._read_failures:
            self._split(sectors, media, self._unread)
            return
        # Compared as bytes: the comparison of views looks at each byte by itself.
        if buffer.tobytes() != media.tobytes():
            self._split(sectors, media, self._differing)

    def _split(self, sectors: SectorRange, media: memoryview, into: list[SectorRange]) -> None:
        """Find the sectors of a stretch that make it differ or fail; with too many, keep the stretch whole."""
        if sectors.sector_count == 1 or len(into) > MAXIMUM_RANGES:
            into.append(sectors)
            return
        half = sectors.sector_count // 2
        first = SectorRange(sectors.first_sector, half)
        second = SectorRange(first.end_sector, sectors.sector_count - half)
        self._compare(first, media[: half * self._sector_bytes])
        self._compare(second, media[half * self._sector_bytes :])


def _without(sectors: SectorRange, holes: Sequence[SectorRange]) -> list[SectorRange]:
    """The sectors of a range that are in none of the holes, in order."""
    result: list[SectorRange] = []
    first = sectors.first_sector
    for hole in holes:
        cut = hole.overlap(sectors)
        if cut is not None:
            if cut.first_sector > first:
                result.append(SectorRange(first, cut.first_sector - first))
            first = cut.end_sector
    if first < sectors.end_sector:
        result.append(SectorRange(first, sectors.end_sector - first))
    return result
