"""How the reading goes, gathered while it goes: unreadable sectors, failed reads, speed, zeros, events."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable

from acquire.event_kinds import EventKind
from acquire.reader import MAXIMUM_ERRORS, BatchRead
from acquire.slow_areas import SlowAreas
from acquire.temperature import thinned
from image.job import ExternalReport
from image.read_record import DriveCounter, JobEvent, ReadRecord, SpeedSample, TemperatureSample
from image.sectors import SectorRange, count_sectors, merge_ranges
from image.times import Instant
from image.writing import Encoded

SPEED_SAMPLES = 1000
MAXIMUM_EVENTS_OF_A_KIND = 1000
"""Of each kind so many, so that a flood of one never hides a stop or a resume."""
NOTHING_READ = ReadRecord()


class ReadHistory:
    """Fed by the reading and the writing thread; gives a snapshot to either. `earlier` is what a job that is
    carried on had read before."""

    def __init__(self, sector_count: int, sector_size_bytes: int, earlier: ReadRecord = NOTHING_READ) -> None:
        self._sector_size_bytes = sector_size_bytes
        self._lock = threading.Lock()
        self._earlier = earlier
        self._unreadable = list(earlier.unreadable)
        self._errors = list(earlier.errors)
        self._error_count = earlier.error_count
        self._events = list(earlier.events)
        self._events_of_a_kind = Counter(event.kind for event in earlier.events)
        self._left_out_events = earlier.left_out_events
        self._speed = _SpeedCurve(-(-sector_count // SPEED_SAMPLES), earlier.speed)
        self._slow = SlowAreas(earlier.slow)
        self._zero_bytes = (earlier.zero_sectors or 0) * sector_size_bytes
        self._incompressible_bytes = (earlier.incompressible_sectors or 0) * sector_size_bytes
        self._reports_after, self._counters = earlier.reports_after, earlier.counters
        self._temperatures: Callable[[], tuple[TemperatureSample, ...]] = tuple
        self.bad_sectors = count_sectors(earlier.unreadable)

    def watch_temperatures(self, temperatures: Callable[[], tuple[TemperatureSample, ...]]) -> None:
        """Take the drive's temperatures from there at each snapshot."""
        self._temperatures = temperatures

    def add_reports_after(self, reports: tuple[ExternalReport, ...], counters: tuple[DriveCounter, ...]) -> None:
        """Note what the drive said of itself when it was read; the latest answer counts."""
        with self._lock:
            self._reports_after, self._counters = reports, counters

    def add_read(self, sectors: SectorRange, read: BatchRead, seconds: float | None) -> None:
        """Note how a batch was read, and how many seconds it took; None where a pause fell into it."""
        with self._lock:
            if seconds is not None:
                self._speed.add(sectors, seconds)
                if not read.error_count:
                    self._slow.add(sectors, seconds)
            if read.bad:
                self._unreadable += read.bad
                self.bad_sectors += count_sectors(read.bad)
            if read.error_count:
                self._errors += read.errors[: max(0, MAXIMUM_ERRORS - len(self._errors))]
                self._error_count += read.error_count

    def add_content(self, encoded: Encoded) -> None:
        """Note how much of a batch is zeros or incompressible."""
        with self._lock:
            self._zero_bytes += encoded.zero_bytes
            self._incompressible_bytes += encoded.incompressible_bytes

    def add_event(self, at: Instant, kind: EventKind, detail: str) -> None:
        """Note something worth telling."""
        self.add_events([JobEvent(at, kind, detail)])

    def add_events(self, events: Iterable[JobEvent]) -> None:
        """Note these events; of a kind that fills its room only their number."""
        with self._lock:
            for event in events:
                self._events_of_a_kind[event.kind] += 1
                if self._events_of_a_kind[event.kind] <= MAXIMUM_EVENTS_OF_A_KIND:
                    self._events.append(event)
                else:
                    self._left_out_events += 1

    def snapshot(self, kernel_messages: tuple[str, ...] = ()) -> ReadRecord:
        """Everything so far, with the unreadable ranges merged."""
        with self._lock:
            return ReadRecord(
                unreadable=merge_ranges(self._unreadable),
                error_count=self._error_count,
                errors=tuple(self._errors),
                events=tuple(self._events),
                left_out_events=self._left_out_events,
                speed=self._speed.samples(),
                kernel_messages=(*self._earlier.kernel_messages, *kernel_messages),
                zero_sectors=self._zero_bytes // self._sector_size_bytes,
                incompressible_sectors=self._incompressible_bytes // self._sector_size_bytes,
                slow=self._slow.as_tuple(),
                temperatures=thinned((*self._earlier.temperatures, *self._temperatures())),
                reports_after=self._reports_after,
                counters=self._counters,
            )


class _SpeedCurve:
    """Samples of at least `stretch_sectors` each, so that their number does not grow with the source."""

    def __init__(self, stretch_sectors: int, earlier: tuple[SpeedSample, ...]) -> None:
        self._stretch_sectors = stretch_sectors
        self._samples = list(earlier)
        self._open: SpeedSample | None = None

    def add(self, sectors: SectorRange, seconds: float) -> None:
        """Take in one batch."""
        begun = self._open or SpeedSample(sectors.first_sector, 0, 0.0)
        grown = SpeedSample(begun.first_sector, begun.sector_count + sectors.sector_count, begun.seconds + seconds)
        if grown.sector_count < self._stretch_sectors:
            self._open = grown
            return
        self._samples.append(grown)
        self._open = None

    def samples(self) -> tuple[SpeedSample, ...]:
        """The samples so far, the open one included."""
        return (*self._samples, self._open) if self._open else tuple(self._samples)
