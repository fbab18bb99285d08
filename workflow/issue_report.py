"""Issuing a report: made from the record alone, entered in the ledger, then handed out."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casedb.image_paths import REPORTS_FOLDER, recorded_path, safe_file_name
from casedb.ledger_check import check_ledger
from casedb.records import ExhibitRecord, IssuedReport
from casedb.submissions import NewReport
from image.errors import CaseError, UsageError
from image.times import Clock, Instant
from report.content import build_report
from report.document import Issue, Letterhead, Paper, Report, ReportKind
from report.pdf.render import render_pdf
from report.text import render_text
from workflow.case_opening import write_case
from workflow.laboratory import Laboratory
from workflow.new_file import new_file
from workflow.station import operator

if TYPE_CHECKING:
    from casedb.case_store import CaseStore

MAXIMUM_LOGO_BYTES = 8 * 1024 * 1024
PAPERS = {"A4": Paper.A4, "Letter": Paper.LETTER}


@dataclass(frozen=True)
class ReportOrder:
    """What is wanted: which exhibit, which kind, where to (None: into the case), on which paper, and why anew."""

    exhibit: str
    kind: ReportKind
    output: Path | None
    paper: str
    amendment: str | None = None


@dataclass(frozen=True)
class ReportIssued:
    """The report as the ledger has it, its file, and the same content as text."""

    entry: IssuedReport
    path: Path
    text: str


def issue_report(case_folder: Path, order: ReportOrder, laboratory: Laboratory, clock: Clock) -> ReportIssued:
    """Make the PDF, enter it in the ledger, and give the file its name only then.

    Raises:
        UsageError: no such exhibit, or the lab's logo cannot be read.
        CaseError: the case cannot be used, or its record was rewritten; nothing is handed out.
        DestinationError: the file exists or cannot be written.
    """
    letterhead = read_letterhead(laboratory)
    _require_sound_record(case_folder)
    with write_case(case_folder, clock) as store:
        record = store.exhibit_record(order.exhibit)
        issuer = laboratory.examiner or operator()
        issue = _issue(store.next_report_id(order.exhibit), record, order, letterhead, issuer, clock.now())
        report = build_report(order.kind, record, issue)
        content = _pdf(report, laboratory)
        path = order.output or _place(case_folder, order.kind, issue)
        with new_file(path, content):
            entry = _record(store, report, path, hashlib.sha256(content).hexdigest())
    return ReportIssued(entry, path, render_text(report))


def _require_sound_record(case_folder: Path) -> None:
    """See that the tables a report is printed from are those that the ledger makes.

    Raises:
        CaseError: they are not, or the ledger itself is broken.
    """
    check = check_ledger(case_folder)
    if not check.is_sound:
        entry = check.first_bad_entry
        where = f"{case_folder}, entry {entry}" if entry else str(case_folder)
        raise CaseError("the record is not what was written", where, "Run `diskwitness ledger verify`")


def _pdf(report: Report, laboratory: Laboratory) -> bytes:
    """The report as PDF.

    Raises:
        UsageError: the laboratory's logo is no picture.
    """
    try:
        return render_pdf(report)
    except ValueError as error:
        logo = laboratory.letterhead.logo
        if logo is None:
            raise
        raise UsageError(f"the laboratory's logo cannot be printed ({error})", logo, "Use a PNG or JPEG") from error


def _issue(
    report_id: str, record: ExhibitRecord, order: ReportOrder, letterhead: Letterhead, issuer: str, issued: Instant
) -> Issue:
    """The next issue of this kind of report: it replaces the one before."""
    earlier = [report for report in record.reports if report.kind == order.kind.value]
    return Issue(
        report_id=report_id,
        issued=issued,
        issuer=issuer,
        version=len(earlier) + 1,
        paper=PAPERS[order.paper],
        letterhead=letterhead,
        supersedes=earlier[-1].report_id if earlier else None,
        amendment=order.amendment,
    )


def _place(case_folder: Path, kind: ReportKind, issue: Issue) -> Path:
    """The report's own file in the case folder: reports/JB1-R1-acquisition.pdf."""
    name = f"{safe_file_name(issue.report_id)}-{kind.value}.pdf"
    return case_folder / REPORTS_FOLDER / name


def _record(store: "CaseStore", report: Report, path: Path, sha256: str) -> IssuedReport:
    """Enter the report in the ledger, with all that it was made from."""
    issue = report.issue
    text_sha256 = hashlib.sha256(render_text(report).encode("utf-8", "backslashreplace")).hexdigest()
    settings = {
        "paper": issue.paper.name,
        "version": str(issue.version),
        "issuer": issue.issuer,
        "supersedes": issue.supersedes or "",
        "amendment": issue.amendment or "",
        "agency": issue.letterhead.agency or "",
        "address": "\n".join(issue.letterhead.address),
        "accreditation": issue.letterhead.accreditation or "",
        "logo_sha256": hashlib.sha256(issue.letterhead.logo or b"").hexdigest() if issue.letterhead.logo else "",
        "content_sha256": text_sha256,
    }
    return store.record_report(
        NewReport(
            report_id=issue.report_id,
            kind=report.kind.value,
            exhibit=report.running.exhibit_reference,
            issued=issue.issued,
            file=recorded_path(store.folder, path),
            sha256=sha256,
            ledger_size=report.running.ledger_size,
            settings={name: value for name, value in settings.items() if value},
        )
    )


def read_letterhead(laboratory: Laboratory) -> Letterhead:
    """The laboratory's head for a report, its picture read.

    Raises:
        UsageError: the picture cannot be read or is too large.
    """
    head = laboratory.letterhead
    logo = _read_logo(Path(head.logo)) if head.logo else None
    return Letterhead(laboratory.agency, head.address, head.accreditation, logo)


def _read_logo(path: Path) -> bytes:
    """The bytes of the logo."""
    try:
        with path.open("rb") as file:
            content = file.read(MAXIMUM_LOGO_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read the laboratory's logo ({error.strerror or error})", str(path)) from error
    if len(content) > MAXIMUM_LOGO_BYTES:
        raise UsageError("the laboratory's logo is too large", str(path), f"At most {MAXIMUM_LOGO_BYTES} bytes")
    return content
