"""Images, digests and findings as `acquire` and `verify` answer them: JSON fields, and lines for a person."""

from collections.abc import Iterable, Sequence

from casedb.json_values import Json, json_value
from diskwitness.exit_codes import ExitCode
from diskwitness.fact_lines import digest_facts, fact_lines, range_lines, range_text
from diskwitness.files_answer import files_json, files_lines
from image.findings import Finding, Severity
from image.manifest import Manifest, SegmentRecord
from image.sectors import SectorRange, compact_ranges, count_sectors
from report.phrases import bytes_text, counted
from verify.verdict import Method, Verdict, VerificationResult

MAXIMUM_FINDING_LINES = 50
WITH_DATA = frozenset({"source-damaged", "unreadable-with-data"})
HOLD_ZEROS = "could not be read; the image holds zeros in their place"
HOLD_DATA = "are unreadable or damaged in the image this one was made of; what stands there is not to be relied on"
FORMAT_NAMES = {"e01": "ewf-e01"}
"""What `--format` calls otherwise than the answer does."""

VERDICT_CODES = {
    Verdict.PASSED: ExitCode.DONE,
    Verdict.FAILED: ExitCode.FAILED,
    Verdict.INDETERMINATE: ExitCode.INDETERMINATE,
}

_LOUDEST_FIRST = (Severity.FAILURE, Severity.GAP, Severity.NOTE)


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """Choose the worst: FAILED before INDETERMINATE before PASSED."""
    found = set(verdicts)
    return next(verdict for verdict in (Verdict.FAILED, Verdict.INDETERMINATE, Verdict.PASSED) if verdict in found)


def verification_json(result: VerificationResult) -> dict[str, Json]:
    """The fields of one verified image; sizes in bytes, sectors in units of `sector_size`."""
    return {
        "verdict": result.verdict.value,
        "method": result.method.value,
        "image": {
            "path": result.image_path,
            "format": result.format,
            "media_size": result.media_size_bytes,
            "sector_size": result.sector_size_bytes,
            "segments": [segment_json(segment) for segment in result.segments],
        },
        "digests": json_value(result.digests),
        "stored_digests": json_value(result.stored_digests),
        "bad_sectors": compact_ranges(result.bad_sectors),
        "findings": [finding_json(finding) for finding in sorted_findings(result.findings)],
        "compared_with": json_value(result.compared_with),
        "manifest_sha256": result.manifest_sha256,
        "from_medium": result.from_medium,
        "second_opinion": result.second_opinion,
        "files": files_json(result.files),
        "started": str(result.started),
        "finished": str(result.finished),
    }


def manifest_json(manifest: Manifest, path: str) -> dict[str, Json]:
    """The fields of an image that was just made and not verified; `path` is its first segment."""
    return {
        "verdict": None,
        "image": {
            "path": path,
            "format": FORMAT_NAMES.get(manifest.job.parameters.format, manifest.job.parameters.format),
            "media_size": manifest.media.size_bytes,
            "sector_size": manifest.media.sector_size_bytes,
            "segments": [segment_json(segment) for segment in manifest.segments],
        },
        "digests": json_value(manifest.media.digests),
        "stored_digests": {},
        "bad_sectors": compact_ranges(manifest.read.unreadable),
        "findings": [finding_json(finding) for finding in sorted_findings(manifest.findings)],
    }


def segment_json(segment: SegmentRecord) -> dict[str, Json]:
    """A segment; what was not computed is null."""
    return {
        "file": segment.file,
        "folder": segment.folder,
        "size": segment.size_bytes,
        "sha256": segment.sha256 or None,
        "first_sector": segment.first_sector,
        "sector_count": segment.sector_count,
        "media_sha256": segment.media_sha256 or None,
    }


def finding_json(finding: Finding) -> dict[str, Json]:
    """A finding; a place that it does not have is null."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "segment": finding.segment,
        "offset": finding.offset_bytes,
        "first_sector": finding.sectors.first_sector if finding.sectors else None,
        "sector_count": finding.sectors.sector_count if finding.sectors else None,
        "detail": finding.detail,
        "expected": finding.expected,
        "found": finding.found,
    }


def sorted_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with the failures first, then gaps, then notes; a written source is the first note."""
    return sorted(findings, key=lambda item: (_LOUDEST_FIRST.index(item.severity), item.code != "source-written"))


def verification_lines(result: VerificationResult) -> list[str]:
    """A verification as a person reads it: verdict first, then why, then the digests."""
    facts: list[tuple[str, object]] = [
        ("Image", f"{result.image_path} ({result.format}, {counted(len(result.segments), 'segment')})"),
        *_method_facts(result),
        ("Compared with", ", ".join(result.compared_with) or "nothing"),
        *digest_facts(result.digests),
    ]
    if result.second_opinion:
        facts.append(("Second opinion", result.second_opinion))
    return [
        f"{result.verdict_text}  {result.image_path}",
        *finding_lines(result.findings),
        *fact_lines(facts, "  "),
        *unreadable_lines(result.bad_sectors, result.findings),
        *files_lines(result.files),
    ]


def _method_facts(result: VerificationResult) -> list[tuple[str, object]]:
    """What was looked at: the media, or the files alone."""
    if result.method is Method.SEGMENTS:
        size_bytes = sum(segment.size_bytes for segment in result.segments)
        return [("Method", f"segments only: {bytes_text(size_bytes)} of files hashed, the media was not decoded")]
    return [("Media", f"{bytes_text(result.media_size_bytes)}, sectors of {result.sector_size_bytes} bytes")]


def unreadable_lines(ranges: Sequence[SectorRange], findings: Sequence[Finding] = ()) -> list[str]:
    """The sectors that could not be read, said with what stands in their place."""
    if not ranges:
        return []
    told = HOLD_DATA if any(item.code in WITH_DATA for item in findings) else HOLD_ZEROS
    head = f"  {count_sectors(ranges)} sectors {told}:"
    return [head, *range_lines(ranges, "    ")]


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """Findings one a line, the failures first; after fifty only how many more there are."""
    shown = sorted_findings(findings)
    lines = [f"  {finding_text(finding)}" for finding in shown[:MAXIMUM_FINDING_LINES]]
    more = len(shown) - MAXIMUM_FINDING_LINES
    return [*lines, f"  and {more} more findings; --json lists all"] if more > 0 else lines


def finding_text(finding: Finding) -> str:
    """A finding in one line: how bad, where, what."""
    place = [finding.segment] if finding.segment else []
    if finding.offset_bytes is not None:
        place.append(f"byte {finding.offset_bytes}")
    if finding.sectors:
        place.append(range_text(finding.sectors))
    where = f" ({', '.join(place)})" if place else ""
    compared = f"; expected {finding.expected}, found {finding.found}" if finding.expected else ""
    return f"{finding.severity.value}: {finding.code}{where}: {finding.detail}{compared}"
