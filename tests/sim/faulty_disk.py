"""A disk in memory that fails where and how a test says, and remembers every request."""

import errno
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from acquire.media import ReadFailure, SourceLostError
from image.sectors import SectorRange


@dataclass(frozen=True)
class Faults:
    """Sectors that never read, sectors that fail so many tries first, their errno, and when the disk vanishes."""

    bad: frozenset[int] = frozenset()
    flaky: Mapping[int, int] = field(default_factory=dict)
    error_number: int = errno.EIO
    lost_after_requests: int | None = None


@dataclass(frozen=True)
class Request:
    """One read that reached the disk, and whether it succeeded."""

    sectors: SectorRange
    ok: bool


class FaultyDisk:
    """Implements acquire.media.Source. A failed read leaves garbage in the buffer, as a real one may."""

    def __init__(self, sector_count: int, faults: Faults = Faults(), sector_size_bytes: int = 512) -> None:
        self.sector_count = sector_count
        self.sector_size_bytes = sector_size_bytes
        self.size_bytes = sector_count * sector_size_bytes
        self.requests: list[Request] = []
        self.touches: Counter[int] = Counter()
        self._faults = faults
        self._tries: Counter[int] = Counter()

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill the view, or fail as the faults say."""
        sectors = SectorRange(first_sector, len(view) // self.sector_size_bytes)
        assert sectors.end_sector <= self.sector_count, f"{sectors} reaches behind the disk"
        numbers = range(sectors.first_sector, sectors.end_sector)
        if self._faults.lost_after_requests is not None and len(self.requests) >= self._faults.lost_after_requests:
            raise SourceLostError("the source is gone: simulated", f"sector {first_sector}")
        self.touches.update(numbers)
        ok = not any(self._fails(sector) for sector in numbers)
        self.requests.append(Request(sectors, ok))
        view[:] = self.content(sectors) if ok else b"\xee" * len(view)
        if not ok:
            raise ReadFailure(self._faults.error_number, sectors)

    def content(self, sectors: SectorRange) -> bytes:
        """What is really on these sectors."""
        numbers = range(sectors.first_sector, sectors.end_sector)
        return b"".join(sector_content(sector, self.sector_size_bytes) for sector in numbers)

    def _fails(self, sector: int) -> bool:
        """Whether this try of the sector fails; a drive stops at the first one that does."""
        self._tries[sector] += 1
        return sector in self._faults.bad or self._tries[sector] <= self._faults.flaky.get(sector, 0)


def sector_content(sector: int, sector_size_bytes: int) -> bytes:
    """A sector that carries its own number all over."""
    return (b"SECTOR %012d\n" % sector * (sector_size_bytes // 20 + 1))[:sector_size_bytes]


def sector_set(ranges: Iterable[SectorRange]) -> set[int]:
    """The numbers of the sectors in these ranges."""
    return {sector for item in ranges for sector in range(item.first_sector, item.end_sector)}
