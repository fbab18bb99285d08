"""What is known of an acquisition before the first sector is read: program, host, source, and what was asked for.

Part of the manifest (image/manifest.py), whose rules hold here.
"""

from dataclasses import dataclass, field

from image.times import Instant


@dataclass(frozen=True)
class ToolFacts:
    """The program: version, SHA-256 over its own files, interpreter and libraries (name -> version)."""

    name: str
    version: str
    program_sha256: str
    python: str
    libraries: dict[str, str]


@dataclass(frozen=True)
class HostFacts:
    """The workstation: names and kernel as the system tells them."""

    hostname: str
    operator: str
    system: str
    kernel: str
    clock: str | None = None


@dataclass(frozen=True)
class ClockFacts:
    """The clock that times are told by, and what it was compared with.

    `synchronised` and `maximum_error_us` are the kernel's own word (adjtimex(2)); `service` keeps the clock, by its
    own word in `service_state`. A person entered that it is ahead of `reference` by `offset_ms`, and that the
    exhibit's own clock showed `exhibit_clock` (as typed, ISO 8601) when this one showed `exhibit_clock_at`.
    """

    synchronised: bool | None = None
    maximum_error_us: int | None = None
    service: str | None = None
    service_state: str | None = None
    offset_ms: int | None = None
    reference: str | None = None
    exhibit_clock: str | None = None
    exhibit_clock_at: Instant | None = None


@dataclass(frozen=True)
class ExternalReport:
    """What another program printed, kept raw: `smartctl --json -x`, `lsblk --json`, with its version."""

    program: str
    version: str
    arguments: tuple[str, ...]
    output: str


@dataclass(frozen=True)
class SourceFacts:
    """The drive or file that was read; strings are the device's own, hostile until escaped."""

    path: str
    kind: str
    size_bytes: int
    sector_size_bytes: int
    physical_sector_size_bytes: int | None = None
    model: str | None = None
    serial: str | None = None
    wwn: str | None = None
    firmware: str | None = None
    bus: str | None = None
    removable: bool | None = None
    rotational: bool | None = None
    partition_of: str | None = None
    signatures: tuple[str, ...] = ()
    reports: tuple[ExternalReport, ...] = ()


@dataclass(frozen=True)
class WriteProtection:
    """The kernel's read-only flag and write counters of the source, before and after.

    `flag_target` is the device whose flag was set; counters are those of the kernel's `stat` file
    (writes completed, sectors of 512 bytes written).
    """

    flag_target: str | None = None
    flag_before: bool | None = None
    flag_during: bool | None = None
    flag_after: bool | None = None
    reason_not_set: str | None = None
    writes_before: int | None = None
    writes_after: int | None = None
    sectors_written_before: int | None = None
    sectors_written_after: int | None = None
    blocker: str | None = None


@dataclass(frozen=True)
class RescueParameters:
    """How a failing drive was to be read: the passes, and the limits that end one (None: no limit).

    `max_error_rate` is bytes that fail in a second, `max_slow_reads` how many slow seconds, `pass_timeout_seconds`
    the time of one pass; `keep_file` keeps the rescue file.
    """

    passes: tuple[str, ...]
    max_error_rate: int | None = None
    max_slow_reads: int | None = None
    pass_timeout_seconds: int | None = None
    keep_file: bool = False


@dataclass(frozen=True)
class EarlierVersion:
    """The image whose bad sectors were tried again: its first segment, and its manifest with its SHA-256."""

    image: str
    manifest: str
    manifest_sha256: str


@dataclass(frozen=True)
class Parameters:
    """How the acquisition was asked for. `segment_size_bytes` 0 is one file; `sector_count` as resolved.

    `rescue` is None where the source was read front to back; `output_next` are the folders that a set is carried
    on in when the one before is full. `retry_of` is the image that this one is a new version of.
    """

    format: str
    compression: str | None
    chunk_sectors: int | None
    segment_size_bytes: int
    algorithms: tuple[str, ...]
    start_sector: int
    sector_count: int
    retries: int
    error_granularity_sectors: int
    on_error: str
    padded_bytes: int = 0
    forced_mounted: bool = False
    set_identifier: str | None = None
    command_line: tuple[str, ...] = ()
    rescue: RescueParameters | None = None
    output_next: tuple[str, ...] = ()
    wait_for_device_seconds: int = 0
    temperature_limit_celsius: int | None = None
    retry_of: EarlierVersion | None = None


@dataclass(frozen=True)
class CaseFields:
    """What the examiner says of the matter; the EWF header is filled from it."""

    case_number: str | None = None
    exhibit_reference: str | None = None
    examiner: str | None = None
    agency: str | None = None
    description: str | None = None
    notes: str | None = None


@dataclass(frozen=True)
class CaseLink:
    """The ledger that this acquisition belongs to, and the number of its `acquisition started` entry."""

    ledger_id: str
    started_sequence: int


@dataclass(frozen=True)
class StatedDigest:
    """A digest that the media of an image is to have, and who says so: `stored hash`, `manifest`, a file's name."""

    algorithm: str
    hex_digest: str
    origin: str


@dataclass(frozen=True)
class SourceImage:
    """The image that another one was converted from, as it and the manifest beside it state it; texts are hostile.

    `path` is its first segment, `case` what it says of the matter, `acquired` its date of acquisition (ISO 8601,
    local time somewhere where it has no offset), `program` and `system` what it was made with. `device` is the
    drive as its manifest has it. `accepts_damage`: it was to be converted even if it were damaged.
    """

    path: str
    format: str
    segment_count: int
    stored_bytes: int
    media_size_bytes: int
    case: CaseFields
    acquired: str | None = None
    program: str | None = None
    system: str | None = None
    model: str | None = None
    serial: str | None = None
    device_label: str | None = None
    device: SourceFacts | None = None
    media_type: str | None = None
    is_physical: bool | None = None
    set_identifier: str | None = None
    digests: tuple[StatedDigest, ...] = ()
    unreadable_sectors: int = 0
    session_count: int = 0
    manifest_sha256: str | None = None
    case_link: CaseLink | None = None
    accepts_damage: bool = False


@dataclass(frozen=True)
class Job:
    """Everything known before the first sector is read; `converted_from` is None where a drive or file was read."""

    tool: ToolFacts
    host: HostFacts
    source: SourceFacts
    parameters: Parameters
    protection: WriteProtection
    case: CaseFields
    started: Instant
    case_link: CaseLink | None = None
    laboratory: dict[str, str] = field(default_factory=dict)
    converted_from: SourceImage | None = None
    clock: ClockFacts | None = None
