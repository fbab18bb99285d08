"""The verdict: one function decides; screen, JSON, exit code, database and report print what it returned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from image.findings import Finding, Severity
from image.job import CaseLink
from image.manifest import SegmentRecord
from image.sectors import SectorRange, compact_ranges
from image.times import Instant
from verify.files.located import DamagedFiles


class Verdict(Enum):
    """PASSED: all that was recorded was checked and agrees. INDETERMINATE: something could not be checked."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    INDETERMINATE = "INDETERMINATE"


class Method(Enum):
    """What a verdict is about: the media with all that is recorded of it, or the segment files alone."""

    MEDIA = "media"
    SEGMENTS = "segments-only"


UNFINISHED = "acquisition-incomplete"
"""The finding of an image whose acquisition did not end: it leaves the verdict open, whatever the bytes."""


def decide(findings: Iterable[Finding]) -> Verdict:
    """The verdict of these findings: any failure fails, any gap leaves it open, and so does an unfinished image."""
    findings = tuple(findings)
    if any(item.code == UNFINISHED for item in findings):
        return Verdict.INDETERMINATE
    severities = {item.severity for item in findings}
    if Severity.FAILURE in severities:
        return Verdict.FAILED
    return Verdict.INDETERMINATE if Severity.GAP in severities else Verdict.PASSED


@dataclass(frozen=True)
class VerificationResult:
    """One verification of one image.

    `digests` are computed over the media data; `stored_digests` are what the image itself holds;
    `compared_with` names what they were compared with ("stored", "manifest", "--expect", a file name).
    `case_link` is the ledger that the manifest names.
    `segments` are as found on disk, digests included where they were computed. With the method SEGMENTS nothing
    was decoded: there are no digests of the media, whose sizes are those that the manifest records.
    `files` are those with damaged or unread sectors, None where nobody looked for them.
    """

    image_path: str
    format: str
    media_size_bytes: int
    sector_size_bytes: int
    segments: tuple[SegmentRecord, ...]
    digests: dict[str, str]
    stored_digests: dict[str, str | None]
    bad_sectors: Sequence[SectorRange]
    findings: tuple[Finding, ...]
    started: Instant
    finished: Instant
    compared_with: tuple[str, ...] = ()
    manifest_sha256: str | None = None
    case_link: CaseLink | None = None
    from_medium: bool = False
    second_opinion: str | None = None
    method: Method = Method.MEDIA
    files: DamagedFiles | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "bad_sectors", compact_ranges(self.bad_sectors))

    @property
    def verdict(self) -> Verdict:
        """What the findings come to."""
        return decide(self.findings)

    @property
    def verdict_text(self) -> str:
        """The verdict, with what it is about where that is not the media."""
        return (
            f"{self.verdict.value} (segment files alone)" if self.method is Method.SEGMENTS else self.verdict.value
        )
