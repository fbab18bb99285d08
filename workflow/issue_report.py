"""Issuing a report: made from the record alone, entered in the ledger, then handed out."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casedb.image_paths import REPORTS_FOLDER, recorded_path, safe_file_name
from casedb.records import ExhibitRecord, IssuedReport
from casedb.submissions import NewReport
from image.errors import UsageError
from image.times import Clock
from report.attachments import Attachment
from report.content import build_report
from report.document import Report, ReportKind
from report.kinds.nothing import NothingToReport
from report.kinds.statement import require_verified
from report.pdf.render import render_pdf
from report.sections.enclosed import with_enclosed
from report.subject import subject_of
from report.text import render_text
from workflow.case_opening import write_case
from workflow.laboratory import Laboratory
from workflow.letterhead import read_letterhead
from workflow.new_file import new_file
from workflow.rebuild_report import content_sha256
from workflow.report_attachments import attachment_digests, attachments_of
from workflow.report_checkpoint import checkpointed
from workflow.report_order import PAPERS, ReportOrder, as_version, entered_of, language_of, require_possible
from workflow.report_settings import ATTACHED, Wanted, issue_from, settings_of
from workflow.sound_record import require_sound_record
from workflow.statement_templates import read_template
from workflow.station import operator, program_sha256

if TYPE_CHECKING:
    from casedb.case_store import CaseStore


@dataclass(frozen=True)
class ReportIssued:
    """The report as the ledger has it, its file, and the same content as text."""

    entry: IssuedReport
    path: Path
    text: str


def issue_report(case_folder: Path, order: ReportOrder, laboratory: Laboratory, clock: Clock) -> ReportIssued:
    """Make the PDF, enter it in the ledger, and give the file its name only then.

    Raises:
        UsageError: no such exhibit, nothing to report, a reason or name is missing, or the logo cannot be read.
        CaseError: the case cannot be used, or its record was rewritten; nothing is handed out.
        DestinationError: the file exists or cannot be written.
    """
    require_possible(order)
    letterhead = read_letterhead(laboratory)
    text, template = read_template(order.template) if order.template is not None else (None, None)
    wanted = Wanted(
        issuer=laboratory.examiner or operator(),
        version=1,
        paper=PAPERS[order.paper],
        letterhead=letterhead,
        entered=entered_of(order, laboratory.reports.entered, template),
        amendment=order.amendment,
        template=text,
        language=language_of(order, laboratory.reports.language, template),
    )
    require_sound_record(case_folder)
    with write_case(case_folder, clock) as store:
        return _issued(store, order, wanted, laboratory, clock)


def _issued(
    store: "CaseStore", order: ReportOrder, wanted: Wanted, laboratory: Laboratory, clock: Clock
) -> ReportIssued:
    """The report, built of the record as it is now, entered and handed out."""
    now = clock.now()
    try:
        record, wanted = checkpointed(store, order.exhibit, wanted)
        wanted = as_version(wanted, order, record)
        if isinstance(record, ExhibitRecord) and order.kind is ReportKind.STATEMENT:
            require_verified(subject_of(record), now, laboratory.reports.statement_days)
        settings = settings_of(wanted)
        issue = issue_from(store.next_report_id(order.exhibit), now, settings, wanted.letterhead.logo)
        report = build_report(order.kind, record, issue)
    except NothingToReport as error:
        raise UsageError(error.what, str(store.folder), error.do) from error
    attachments = attachments_of(report, record, store)
    report = with_enclosed(report, attachments)
    content = _pdf(report, attachments, laboratory)
    path = order.output or _place(store.folder, report)
    with new_file(path, content):
        made = {**settings, **_attached(attachments)}
        entry = _record(store, report, path, hashlib.sha256(content).hexdigest(), made)
    return ReportIssued(entry, path, render_text(report))


def _pdf(report: Report, attachments: tuple[Attachment, ...], laboratory: Laboratory) -> bytes:
    """The report as PDF, its attachments in it.

    Raises:
        UsageError: the laboratory's logo is no picture.
    """
    try:
        return render_pdf(report, attachments)
    except ValueError as error:
        logo = laboratory.letterhead.logo
        if logo is None:
            raise
        raise UsageError(f"the laboratory's logo cannot be printed ({error})", logo, "Use a PNG or JPEG") from error


def _attached(attachments: tuple[Attachment, ...]) -> dict[str, str]:
    """The digests of the attachments as settings."""
    return {f"{ATTACHED}{name}": sha256 for name, sha256 in attachment_digests(attachments).items()}


def _place(case_folder: Path, report: Report) -> Path:
    """The report's own file in the case folder: reports/JB1-R1-acquisition.pdf."""
    name = f"{safe_file_name(report.issue.report_id)}-{report.kind.value}.pdf"
    return case_folder / REPORTS_FOLDER / name


def _record(store: "CaseStore", report: Report, path: Path, sha256: str, settings: dict[str, str]) -> IssuedReport:
    """Enter the report in the ledger, with all that it was made from."""
    logo = report.issue.letterhead.logo
    made_of = {
        "content_sha256": content_sha256(report),
        "program_sha256": program_sha256(),
        "logo_sha256": hashlib.sha256(logo).hexdigest() if logo else "",
    }
    return store.record_report(
        NewReport(
            report_id=report.issue.report_id,
            kind=report.kind.value,
            exhibit=report.running.exhibit_reference,
            issued=report.issue.issued,
            file=recorded_path(store.folder, path),
            sha256=sha256,
            ledger_size=report.running.ledger_size,
            settings=settings | {name: value for name, value in made_of.items() if value},
        )
    )
