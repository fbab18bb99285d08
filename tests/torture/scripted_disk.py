"""A disk in memory that fails as a fault script says, and remembers every request that reached it."""

import errno
from collections import Counter

from acquire.media import ReadFailure, SourceLostError
from image.sectors import SectorRange
from tests.sim.still_clock import StillClock
from tests.torture.fault_scripts import FaultScript
from tests.torture.media import sectors_in

SLOW_SECONDS = 0.2


class ScriptedDisk:
    """Implements acquire.media.Source. A failed read leaves garbage in the buffer, as a real one may.

    With `requests_left` it dies after so many requests, and lives again when that is set to None: it is gone, or,
    with `dies_silently`, answers every request with an error.
    """

    def __init__(self, script: FaultScript, clock: StillClock, *, dies_silently: bool = False) -> None:
        self.script = script
        self.sector_size_bytes = script.sector_size_bytes
        self.size_bytes = script.sector_count * script.sector_size_bytes
        self.requests_left: int | None = None
        self.dies_silently = dies_silently
        self.request_count = 0
        self.failed_touches: Counter[int] = Counter()
        self.failed_units: Counter[int] = Counter()
        self._tries: Counter[int] = Counter()
        self._clock = clock

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill the view, or fail as the script says."""
        sectors = SectorRange(first_sector, len(view) // self.sector_size_bytes)
        assert sectors.end_sector <= self.script.sector_count, f"{sectors} reaches behind the disk"
        self.request_count += 1
        self._live(sectors)
        numbers = range(first_sector, sectors.end_sector)
        self._clock.seconds += SLOW_SECONDS * len(self.script.slow.intersection(numbers)) + 1e-4
        failing = next((sector for sector in numbers if self._fails(sector)), None)
        if failing is None:
            view[:] = sectors_in(self.script.media, sectors, self.sector_size_bytes)
            return
        view[:] = b"\xee" * len(view)
        self._note_failure(numbers)
        raise ReadFailure(self.script.error_numbers.get(failing, errno.EIO), sectors)

    def given_up(self, tries: int | None = None) -> frozenset[int]:
        """What may be named unreadable: granules of bad sectors, and of flaky ones that used up every try."""
        granule, tries = self.script.reading.error_granularity_sectors, tries or 1 + self.script.reading.retries
        flaky = {sector // granule for sector in self.script.flaky if self.failed_units[sector] >= tries}
        lost = {sector for number in flaky for sector in range(number * granule, (number + 1) * granule)}
        return self.script.given_up() | {sector for sector in lost if sector < self.script.sector_count}

    def _live(self, sectors: SectorRange) -> None:
        """Take one request from those that are left, or be dead."""
        if self.requests_left is None:
            return
        if not self.requests_left:
            if self.dies_silently:
                raise ReadFailure(errno.EIO, sectors)
            raise SourceLostError("the source is gone: as the script says", f"sector {sectors.first_sector}")
        self.requests_left -= 1

    def _fails(self, sector: int) -> bool:
        """Whether this try of the sector fails; a drive stops at the first one that does."""
        if sector in self.script.flaky:
            self._tries[sector] += 1
            return self._tries[sector] <= self.script.flaky[sector]
        return sector in self.script.bad

    def _note_failure(self, numbers: range) -> None:
        """Count the failed requests each sector was in, and those that asked for its granule alone."""
        self.failed_touches.update(numbers)
        granule = self.script.reading.error_granularity_sectors
        if numbers[0] // granule == numbers[-1] // granule:
            self.failed_units.update(numbers)
