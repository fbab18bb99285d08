"""What an examiner asks of an acquisition, and what comes of it, as values."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from acquire.earlier_image import EarlierImage
from acquire.preflight import Preflight
from acquire.reader import ReadSettings
from acquire.result import AcquisitionResult
from acquire.source_options import SourceOptions
from image.digests import DEFAULT_ALGORITHMS
from image.errors import DiskwitnessError
from image.job import CaseFields, Job
from image.sectors import SectorRange
from verify.verdict import VerificationResult
from workflow.clock_facts import EnteredClock
from workflow.rescue_order import RescueOrder


@dataclass(frozen=True)
class AcquisitionOrder:
    """One acquisition as it was asked for; None leaves the choice to the program.

    `outputs` are paths without extension, empty to use the case's own place; sizes are bytes, `start_sector`
    counts on the source; `fields` fill the image's header where there is no case. To resume, `given` names what was
    really asked for, and `same_device` vouches for a source of which no sector can be compared. `output_next` are
    the folders that the set goes on in when the one before is full. `takes_over`: a rescue goes on with the rescue
    file and map that stand at its first output, whoever began them. `retry_of`: a rescue tries the bad sectors of
    this image again. `files`: whether the files that hold unread sectors are looked for, None where there
    are some.
    """

    source: str
    outputs: tuple[Path, ...] = ()
    case_folder: Path | None = None
    exhibit: str | None = None
    format: str = "e01"
    compression: str = "fast"
    chunk_sectors: int | None = None
    segment_size_bytes: int | None = None
    algorithms: tuple[str, ...] = DEFAULT_ALGORITHMS
    start_sector: int = 0
    sector_count: int | None = None
    options: SourceOptions = field(default_factory=SourceOptions)
    reading: ReadSettings = field(default_factory=ReadSettings)
    rescue: RescueOrder | None = None
    takes_over: bool = False
    retry_of: EarlierImage | None = None
    fields: CaseFields = field(default_factory=CaseFields)
    blocker: str | None = None
    verify: bool = True
    second_opinion: bool = True
    files: bool | None = None
    command_line: tuple[str, ...] = ()
    wait_for_device_seconds: int = 0
    temperature_limit_celsius: int | None = None
    given: frozenset[str] = frozenset()
    same_device: bool = False
    output_next: tuple[Path, ...] = ()
    clock: EnteredClock = field(default_factory=EnteredClock)

    @property
    def opening(self) -> SourceOptions:
        """How its source is opened: a failing one is not read before its rescue begins."""
        return replace(self.options, look=self.rescue is None)

    def of_exhibit(self, exhibit: str | None) -> "AcquisitionOrder":
        """The same order, for this exhibit."""
        return replace(self, exhibit=exhibit)


@dataclass(frozen=True)
class OutputVerified:
    """The verification of one complete output; without a result, `error` says why."""

    path: Path
    first_segment: Path
    result: VerificationResult | None
    error: DiskwitnessError | None = None


@dataclass(frozen=True)
class ExhibitAcquired:
    """How an acquisition went. `errors` are what went wrong beside the reading; each carries its exit code."""

    job: Job
    sectors: SectorRange
    preflight: Preflight | None
    result: AcquisitionResult
    verifications: tuple[OutputVerified, ...] = ()
    errors: tuple[DiskwitnessError, ...] = ()
