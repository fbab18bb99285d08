"""The nouns of the record, as the projections give them: frozen, complete, with "not recorded" as None.

An acquisition keeps its manifest and a verification its result whole, so that every noun exists once.
The nouns they are made of are named here too (`X as X`), because a report knows this floor and none below.
"""

from dataclasses import dataclass
from enum import Enum

from casedb.amendments import Change as Change
from casedb.amendments import Correction as Correction
from casedb.amendments import Redaction as Redaction
from casedb.amendments import redacted_text as redacted_text
from casedb.custody_records import NOT_BEGUN as NOT_BEGUN
from casedb.custody_records import CustodyEvent as CustodyEvent
from casedb.custody_records import CustodyKind as CustodyKind
from casedb.custody_records import Person as Person
from casedb.custody_records import Rehash as Rehash
from casedb.custody_records import Role as Role
from casedb.custody_records import Standing as Standing
from casedb.custody_warning import CustodyWarning as CustodyWarning
from casedb.report_records import IssuedReport as IssuedReport
from casedb.report_records import ReportSignature as ReportSignature
from image.findings import Finding as Finding
from image.findings import Severity as Severity
from image.imported import ImportedLog as ImportedLog
from image.imported import StatedFact as StatedFact
from image.job import ClockFacts as ClockFacts
from image.job import EarlierVersion as EarlierVersion
from image.job import ExternalReport as ExternalReport
from image.job import Job as Job
from image.job import Parameters as Parameters
from image.job import RescueParameters as RescueParameters
from image.job import SourceFacts as SourceFacts
from image.job import SourceImage as SourceImage
from image.job import StatedDigest as StatedDigest
from image.job import WriteProtection as WriteProtection
from image.manifest import Manifest as Manifest
from image.manifest import SegmentRecord as SegmentRecord
from image.read_record import DriveCounter as DriveCounter
from image.read_record import JobEvent as JobEvent
from image.read_record import ReadErrorEvent as ReadErrorEvent
from image.read_record import ReadRecord as ReadRecord
from image.read_record import SlowArea as SlowArea
from image.read_record import SpeedSample as SpeedSample
from image.read_record import TemperatureSample as TemperatureSample
from image.sectors import SectorRange as SectorRange
from image.times import Instant as Instant
from image.times import instant_from as instant_from
from verify.files.located import AffectedFile as AffectedFile
from verify.files.located import DamagedFiles as DamagedFiles
from verify.verdict import Method as Method
from verify.verdict import Verdict as Verdict
from verify.verdict import VerificationResult as VerificationResult


@dataclass(frozen=True)
class Case:
    """The matter: one case folder, one ledger."""

    ledger_id: str
    number: str
    agency: str | None
    examiner: Person
    created: Instant
    title: str | None = None
    description: str | None = None
    legal_authority: str | None = None
    corrections: tuple[Correction, ...] = ()
    redacted_by: int | None = None


@dataclass(frozen=True)
class CaseClosing:
    """The case closed by entry `sequence`, or opened again by it; `recorded_by` sat at the keyboard."""

    sequence: int
    is_closed: bool
    at: Instant
    reason: str | None = None
    recorded_by: str | None = None


@dataclass(frozen=True)
class Exhibit:
    """A physical thing seized. Make, model and serial are those on its label, as a person read them."""

    reference: str
    description: str
    added: Instant
    sequence: int
    kind: str | None = None
    make: str | None = None
    model: str | None = None
    serial: str | None = None
    capacity: str | None = None
    condition: str | None = None
    seal_number: str | None = None
    location: str | None = None
    parent: str | None = None
    corrections: tuple[Correction, ...] = ()
    redacted_by: int | None = None


class AcquisitionState(Enum):
    """How far an acquisition got, as the ledger knows it; REDACTED: what it came to was taken away by order."""

    STARTED = "started"
    COMPLETE = "complete"
    STOPPED = "stopped"
    REDACTED = "redacted"


@dataclass(frozen=True)
class Acquisition:
    """One read of a source: opened by entry `started_sequence`, closed by `finished_sequence`.

    `paths` are the outputs without extension, relative to the case folder where they lie in it.
    """

    started_sequence: int
    exhibit: str | None
    state: AcquisitionState
    paths: tuple[str, ...]
    job: Job
    started: Instant
    finished_sequence: int | None = None
    finished: Instant | None = None
    manifest: Manifest | None = None
    manifest_sha256: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Verification:
    """One verification, with the acquisition that it concerns where the case knows it.

    `tool_version`, `program_sha256`, `host` and `operator` are what and who recorded it.
    """

    sequence: int
    exhibit: str | None
    acquisition: int | None
    recorded: Instant
    result: VerificationResult
    tool_version: str | None = None
    program_sha256: str | None = None
    host: str | None = None
    operator: str | None = None


@dataclass(frozen=True)
class ImportedImage:
    """An image that was made elsewhere, as it, its logs and people state it; each fact names its origin.

    Where a manifest of ours came with it, an `Acquisition` of the same number stands beside it. `first_segment` is
    a path without folder; `path` is the image without extension, where it lies now.
    """

    sequence: int
    exhibit: str
    recorded: Instant
    path: str
    first_segment: str
    image: SourceImage
    facts: tuple[StatedFact, ...]
    warnings: tuple[str, ...]
    logs: tuple[ImportedLog, ...]
    segments: tuple[SegmentRecord, ...]
    digests: dict[str, str]
    manifest_sha256: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A photograph or document in the case folder (`file`), of an exhibit or of the event that an entry records."""

    sequence: int
    exhibit: str
    recorded: Instant
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    file: str
    event: int | None = None
    description: str | None = None


@dataclass(frozen=True)
class LedgerHead:
    """Where the ledger stands: how many entries, the SHA-256 of the last one's bytes, and the root of the tree."""

    ledger_id: str
    size: int
    last_entry_sha256: str
    root_sha256: str


@dataclass(frozen=True)
class KeptCheckpoint:
    """A signed checkpoint over so many entries, as the text that is kept elsewhere."""

    size: int
    note: str


@dataclass(frozen=True)
class Timestamp:
    """A checkpoint that an authority has signed, and the entry that says so."""

    sequence: int
    checkpoint_size: int
    stamped: Instant
    stamping_authority: str


@dataclass(frozen=True)
class CheckpointProof:
    """A checkpoint to be kept elsewhere, and where there is one the authority's answer for it (RFC 3161, DER)."""

    size: int
    note: str
    token: bytes | None = None
    stamped: Instant | None = None


@dataclass(frozen=True)
class TimestampStatus:
    """How far the record is time-stamped: the last timestamp, and since when entries wait for one, if any do."""

    last: Timestamp | None
    waiting_since: Instant | None = None


@dataclass(frozen=True)
class ExhibitRecord:
    """All that the record holds about one exhibit: what a report is made from. `parts` are what was found in it.

    `custody` leaves out the events that were `withdrawn`; `redactions` are those of the exhibit and of the case.
    """

    case: Case
    exhibit: Exhibit
    custody: tuple[CustodyEvent, ...]
    custody_warnings: tuple[CustodyWarning, ...]
    acquisitions: tuple[Acquisition, ...]
    verifications: tuple[Verification, ...]
    reports: tuple[IssuedReport, ...]
    head: LedgerHead
    imports: tuple[ImportedImage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    parts: tuple[Exhibit, ...] = ()
    standing: Standing = NOT_BEGUN
    redactions: tuple[Redaction, ...] = ()
    withdrawn: tuple[CustodyEvent, ...] = ()
    timestamps: TimestampStatus = TimestampStatus(None)


@dataclass(frozen=True)
class CaseRecord:
    """All that the record holds about a case: its exhibits, and the reports about the case as a whole."""

    case: Case
    exhibits: tuple[ExhibitRecord, ...]
    reports: tuple[IssuedReport, ...]
    head: LedgerHead
