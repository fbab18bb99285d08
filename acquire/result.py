"""What an acquisition came to, as values; nothing of how it was done."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from image.findings import Finding
from image.manifest import Manifest


class OutputState(Enum):
    """How far one output got."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True)
class OutputResult:
    """One `--output`: its path without extension, its state, and why it is not complete."""

    path: Path
    state: OutputState
    reason: str | None = None


@dataclass(frozen=True)
class AcquisitionResult:
    """One read of a source into one or several outputs.

    `manifest` and `manifest_bytes` are those of every complete output (all hold the same data) and None when
    the job stopped before the end; `stopped` then says why.
    """

    outputs: tuple[OutputResult, ...]
    manifest: Manifest | None
    manifest_bytes: bytes | None
    findings: tuple[Finding, ...] = ()
    stopped: str | None = None
