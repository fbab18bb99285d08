"""A report against what the ledger comes to, read as of its issue: its content, and the files attached to it."""

from collections.abc import Iterator
from pathlib import Path

from image.errors import CaseError, UsageError
from image.findings import Finding, finding
from report.signing.values import Examination
from workflow.rebuild_report import RebuiltReport, rebuild_report
from workflow.report_settings import ATTACHED


def rebuilt_findings(case: Path, report_id: str, found: Examination) -> Iterator[Finding]:
    """What comes of building the report again, and of the digests of its attachments in the ledger."""
    try:
        rebuilt = rebuild_report(case, report_id)
    except (CaseError, UsageError) as error:
        yield finding("report-content-unchecked", str(error))
        return
    yield from _content_findings(rebuilt)
    if found.problem is None and found.attachments_problem is None:
        yield from _attachment_findings(rebuilt.facts.settings, found)


def _content_findings(rebuilt: RebuiltReport) -> Iterator[Finding]:
    """Whether the content is the one that was printed."""
    if rebuilt.is_same:
        return
    if rebuilt.is_same is False and rebuilt.is_same_program:
        recorded = rebuilt.facts.settings.get("content_sha256")
        told = f"report {rebuilt.issued.report_id}: the record comes to another content"
        yield finding("report-content", told, expected=recorded, found=rebuilt.content_sha256)
    else:
        told = f"report {rebuilt.issued.report_id} was printed by another version of this program"
        yield finding("report-content-unchecked", told)


def _attachment_findings(settings: dict[str, str], found: Examination) -> Iterator[Finding]:
    """Each attached file whose digest the ledger has."""
    inside = {item.name: item.sha256 for item in found.attachments}
    for name, sha256 in settings.items():
        if name.startswith(ATTACHED) and inside.get(name.removeprefix(ATTACHED)) != sha256:
            there = inside.get(name.removeprefix(ATTACHED), "absent")
            told = f"{name.removeprefix(ATTACHED)}: not the one that the ledger recorded"
            yield finding("report-attachment", told, expected=sha256, found=there)
