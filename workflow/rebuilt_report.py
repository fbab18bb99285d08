"""A report against what the ledger comes to, read as of its issue: its content, and the files attached to it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from casedb.amendments import Redaction
from image.errors import CaseError, UsageError
from image.findings import Finding, finding
from report.signing.values import Examination
from workflow.rebuild_report import RebuiltReport, rebuild_report
from workflow.redacted_reports import redaction_findings
from workflow.report_settings import ATTACHED


def rebuilt_findings(
    case: Path, report_id: str, found: Examination, redactions: Sequence[Redaction] = ()
) -> Iterator[Finding]:
    """What comes of building the report again, and of the digests of its attachments in the ledger.

    `redactions` took away what it was made from, after it was issued.
    """
    try:
        rebuilt = rebuild_report(case, report_id)
    except (CaseError, UsageError) as error:
        unexplained = finding("report-content-unchecked", str(error))
        yield from redaction_findings(report_id, redactions) if redactions else (unexplained,)
        return
    if not rebuilt.is_same:
        yield from redaction_findings(report_id, redactions) if redactions else (_content_finding(rebuilt),)
    if found.problem is None and found.attachments_problem is None:
        yield from _attachment_findings(rebuilt.facts.settings, found)


def _content_finding(rebuilt: RebuiltReport) -> Finding:
    """What it means that the content is another than the one that was printed."""
    if rebuilt.is_same is False and rebuilt.is_same_program:
        recorded = rebuilt.facts.settings.get("content_sha256")
        told = f"report {rebuilt.issued.report_id}: the record comes to another content"
        return finding("report-content", told, expected=recorded, found=rebuilt.content_sha256)
    told = f"report {rebuilt.issued.report_id} was printed by another version of this program"
    return finding("report-content-unchecked", told)


def _attachment_findings(settings: dict[str, str], found: Examination) -> Iterator[Finding]:
    """Each attached file whose digest the ledger has."""
    inside = {item.name: item.sha256 for item in found.attachments}
    for name, sha256 in settings.items():
        if name.startswith(ATTACHED) and inside.get(name.removeprefix(ATTACHED)) != sha256:
            there = inside.get(name.removeprefix(ATTACHED), "absent")
            told = f"{name.removeprefix(ATTACHED)}: not the one that the ledger recorded"
            yield finding("report-attachment", told, expected=sha256, found=there)
