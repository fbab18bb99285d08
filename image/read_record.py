"""How the reading of a source went: errors, events, speeds, temperatures, and what the drive counts of itself.

Part of the manifest (image/manifest.py), whose rules hold here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from image.job import ExternalReport
from image.sectors import SectorRange, compact_ranges
from image.times import Instant


@dataclass(frozen=True)
class ReadErrorEvent:
    """One failed read: when, which sectors of the image, which errno by name, which attempt (from 1)."""

    at: Instant
    sectors: SectorRange
    error: str
    attempt: int


@dataclass(frozen=True)
class JobEvent:
    """Something worth telling that happened during the job: a stop, a resume, a lost output, a warning."""

    at: Instant
    kind: str
    detail: str


@dataclass(frozen=True)
class SpeedSample:
    """Reading speed over a stretch of the job: sectors passed, the stretch's bytes and seconds."""

    first_sector: int
    sector_count: int
    seconds: float


@dataclass(frozen=True)
class SlowArea:
    """A stretch that read, but slowly: its sectors and the seconds it took."""

    sectors: SectorRange
    seconds: float


@dataclass(frozen=True)
class TemperatureSample:
    """The drive's own temperature at one time, in whole degrees Celsius."""

    at: Instant
    celsius: int


@dataclass(frozen=True)
class DriveCounter:
    """A counter that the drive keeps of itself, such as reallocated sectors, before and after the reading."""

    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class ReadRecord:
    """How the reading went. `errors` is capped; `error_count` is not. `left_out_events` is how many more there were
    than `events` holds. `reports_after` are those of the source (SourceFacts.reports) asked for again when it was
    read, `counters` what both say, changed ones first.

    Raises:
        ValueError: an unreadable range behind sector 2^64.
    """

    unreadable: Sequence[SectorRange] = ()
    error_count: int = 0
    errors: tuple[ReadErrorEvent, ...] = ()
    events: tuple[JobEvent, ...] = ()
    speed: tuple[SpeedSample, ...] = ()
    kernel_messages: tuple[str, ...] = ()
    zero_sectors: int | None = None
    incompressible_sectors: int | None = None
    slow: tuple[SlowArea, ...] = ()
    temperatures: tuple[TemperatureSample, ...] = ()
    reports_after: tuple[ExternalReport, ...] = ()
    counters: tuple[DriveCounter, ...] = ()
    left_out_events: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "unreadable", compact_ranges(self.unreadable))
