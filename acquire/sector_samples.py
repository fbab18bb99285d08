"""Sectors that were read, remembered with what they held: witnesses that a drive lives and is the same one."""

from collections.abc import Iterator

MAXIMUM_SAMPLES = 128
PLACES_LOOKED_AT = 16


class SectorSamples:
    """At most MAXIMUM_SAMPLES sectors, the wider apart the more is read. Numbers are those of the whole source."""

    def __init__(self, sector_size_bytes: int) -> None:
        self._sector_size_bytes = sector_size_bytes
        self._kept: list[tuple[int, bytes]] = []
        self.next_sector = 0
        """Nothing before this sector is worth taking; callers may look first."""

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Every sample: its sector and its bytes."""
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def sectors(self) -> list[int]:
        """The sectors of the samples, in the order in which they were read."""
        return [sector for sector, _ in self._kept]

    def take(self, view: memoryview, first_sector: int) -> None:
        """Remember one sector of a stretch that was read, if the last one is far enough behind."""
        if first_sector < self.next_sector:
            return
        place = self._telling_place(view)
        self.keep(first_sector + place, self._sector_in(view, place))
        self.next_sector = first_sector + max(1, self._spacing())

    def keep(self, sector: int, content: bytes) -> None:
        """Remember this sector; where there are too many, every second one is forgotten."""
        self._kept.append((sector, content))
        if len(self._kept) > MAXIMUM_SAMPLES:
            del self._kept[1::2]

    def forget(self, sector: int) -> None:
        """Leave out a sector that cannot be read any more."""
        self._kept = [item for item in self._kept if item[0] != sector]

    def _spacing(self) -> int:
        """How far apart samples are to be: the mean distance once there are enough, none before."""
        if len(self._kept) <= MAXIMUM_SAMPLES // 2:
            return self._spread() // (MAXIMUM_SAMPLES // 2)
        return self._spread() // len(self._kept)

    def _spread(self) -> int:
        """How many sectors lie between the first sample and the last."""
        if not self._kept:
            return 0
        return abs(self._kept[-1][0] - self._kept[0][0])

    def _telling_place(self, view: memoryview) -> int:
        """A sector of the stretch that does not hold zeros only, since those are alike on every drive."""
        count = len(view) // self._sector_size_bytes
        places = range(0, count, max(1, count // PLACES_LOOKED_AT))
        return next((place for place in places if any(self._sector_in(view, place))), 0)

    def _sector_in(self, view: memoryview, place: int) -> bytes:
        return bytes(view[place * self._sector_size_bytes : (place + 1) * self._sector_size_bytes])
