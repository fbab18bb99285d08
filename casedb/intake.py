"""What acquisitions and verifications came to, as facts for the ledger; knows their results, never their machinery.

The fields are part of the ledger's bytes: one may be added with a default, none renamed or taken away.
"""

from dataclasses import dataclass

from acquire.result import AcquisitionResult, OutputResult, OutputState
from image.job import Job
from image.manifest import Manifest
from image.times import Instant
from verify.verdict import VerificationResult


@dataclass(frozen=True)
class AcquisitionStarted:
    """Everything known before the first sector is read, and where the image shall lie (without extension)."""

    job: Job
    paths: tuple[str, ...]


@dataclass(frozen=True)
class AcquisitionFinished:
    """The image is whole: its manifest, the SHA-256 of the manifest's bytes, and the outputs that are complete."""

    started_sequence: int
    manifest: Manifest
    manifest_sha256: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class AcquisitionStopped:
    """The acquisition ended before its end, and why."""

    started_sequence: int
    reason: str


@dataclass(frozen=True)
class AcquisitionResumed:
    """An acquisition that had ended early goes on at this sector of the image, from this source into these outputs.

    `detail` says how it had ended and what is different now.
    """

    started_sequence: int
    at: Instant
    next_sector: int
    source_path: str
    paths: tuple[str, ...]
    detail: str


@dataclass(frozen=True)
class VerificationRecorded:
    """One verification whole; `verdict` is what the findings came to on that day."""

    acquisition: int | None
    result: VerificationResult
    verdict: str


def verification_facts(result: VerificationResult, acquisition: int | None) -> VerificationRecorded:
    """The facts of a verification, its verdict said outright."""
    return VerificationRecorded(acquisition, result, result.verdict.value)


def stop_reason(result: AcquisitionResult) -> str:
    """Why an acquisition did not reach its end, in one line for the ledger."""
    told = [line for line in (result.stopped, *map(_told, result.outputs)) if line]
    return "; ".join(told) or "no reason recorded"


def _told(output: OutputResult) -> str | None:
    """What there is to say of one output that is not complete."""
    if output.state is OutputState.COMPLETE:
        return None
    return f"{output.path}: {output.state.value}" + (f" ({output.reason})" if output.reason else "")
