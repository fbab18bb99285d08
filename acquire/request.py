"""What an acquisition is asked to do, and the hands it is lent: values and callables from the workflow."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from acquire.pause_wishes import PauseWishes
from acquire.source_wait import SourceWait
from image.badmap import BadSectorMap
from image.ewf.header import CaseHeader
from image.ewf.plan import EwfPlan
from image.findings import Finding
from image.job import ExternalReport, Job, WriteProtection
from image.manifest import Manifest
from image.progress import Listener, ignore_progress
from image.read_record import JobEvent, TemperatureSample
from image.times import Clock


@dataclass(frozen=True)
class RawPlan:
    """Raw output: `segment_size_bytes` 0 is one file, `.raw`."""

    sector_count: int
    sector_size_bytes: int
    segment_size_bytes: int = 0


@dataclass(frozen=True)
class AcquisitionRequest:
    """One read of a source into one or several outputs.

    `outputs` are paths without extension, all of one name in different folders; the plan says format and layout;
    `job.parameters` what the plan does not: algorithms, compression, range, set identifier.
    """

    outputs: tuple[Path, ...]
    plan: EwfPlan | RawPlan
    job: Job
    header: CaseHeader


def keep_protection(protection: WriteProtection) -> WriteProtection:
    """Change nothing: for sources that have no read-only flag, such as files."""
    return protection


def no_messages() -> tuple[str, ...]:
    """Observe no kernel messages."""
    return ()


def ask_nobody(_timeout_seconds: float) -> tuple[ExternalReport, ...]:
    """Ask no drive: the source is a file, or nobody could answer."""
    return ()


def warn_nobody(_: str) -> None:
    """Tell no warning."""


def no_jump() -> str | None:
    """Watch no clock."""
    return None


def commit_nothing(_: Manifest, __: bytes) -> None:
    """Record nothing: there is no case."""


@dataclass(frozen=True)
class Conclusion:
    """What is known of the source only when all of it is read: findings and events for the manifest.

    `sector_map` holds the state of every sector where more is known of it than that it is unreadable.
    """

    findings: tuple[Finding, ...] = ()
    events: tuple[JobEvent, ...] = ()
    sector_map: BadSectorMap | None = None


def conclude_nothing(_: dict[str, str]) -> Conclusion:
    """Know nothing more."""
    return Conclusion()


@dataclass(frozen=True)
class JobHooks:
    """What the job uses of the world beside its source and outputs.

    `protect` sets the read-only flag, after the journal holds its earlier state; `unprotect` puts it back and
    reads the write counters again; `conclude` is given the digests of all that was read, and may raise
    StoppedError, after which the image stays partial; `commit` records the final manifest's bytes before they get
    their name; `temperatures` are those of the drive so far; `ask_drive` asks it for its own reports again, so many
    seconds at most; `warn` tells the examiner something while the job runs; `pauses` are looked at between two
    reads; `waiting` is how a lost source is waited for, None not at all; `clock_jump` tells what the wall clock did
    since it was asked last.
    """

    clock: Clock
    stop: threading.Event
    listener: Listener = ignore_progress
    protect: Callable[[WriteProtection], WriteProtection] = keep_protection
    unprotect: Callable[[WriteProtection], WriteProtection] = keep_protection
    kernel_messages: Callable[[], tuple[str, ...]] = no_messages
    conclude: Callable[[dict[str, str]], Conclusion] = conclude_nothing
    commit: Callable[[Manifest, bytes], None] = commit_nothing
    warn: Callable[[str], None] = warn_nobody
    pauses: PauseWishes = field(default_factory=PauseWishes)
    temperatures: Callable[[], tuple[TemperatureSample, ...]] = tuple
    ask_drive: Callable[[float], tuple[ExternalReport, ...]] = ask_nobody
    waiting: SourceWait | None = None
    clock_jump: Callable[[], str | None] = no_jump
