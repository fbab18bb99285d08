"""A report that was issued, built again: from the first entries of the ledger and the settings in its own entry."""

import hashlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casedb.records import IssuedReport
from casedb.submissions import NewReport
from image.errors import CaseError, UsageError
from report.content import Record, build_report
from report.document import Report, ReportKind
from report.kinds.nothing import NothingToReport
from report.sections.enclosed import with_enclosed
from report.text import render_text
from workflow.case_opening import read_case
from workflow.report_attachments import attachments_of
from workflow.report_settings import issue_of
from workflow.station import program_sha256

if TYPE_CHECKING:
    from casedb.case_reader import CaseReader


@dataclass(frozen=True)
class RebuiltReport:
    """The report as its entry has it, what it was made from, and its content built again.

    `is_same` says whether that content is the one that was printed, `is_same_program` whether the program that
    printed it is this one; another may word things otherwise. Either is None where the entry does not tell.
    """

    issued: IssuedReport
    facts: NewReport
    report: Report
    content_sha256: str
    is_same: bool | None
    is_same_program: bool | None


def rebuild_report(case_folder: Path, report_id: str) -> RebuiltReport:
    """Build the content of a report again.

    Raises:
        UsageError: no such report was issued.
        CaseError: the case cannot be used, or what the report was made from was redacted or altered.
    """
    from casedb.as_of import record_as_of

    with read_case(case_folder) as store:
        issued, facts = store.report(report_id)
        with closing(record_as_of(store, facts.ledger_size)) as then:
            report = _built(then, facts)
    found = content_sha256(report)
    is_same = _equal(found, facts.settings.get("content_sha256"))
    is_same_program = _equal(program_sha256(), facts.settings.get("program_sha256"))
    return RebuiltReport(issued, facts, report, found, is_same, is_same_program)


def _equal(found: str, recorded: str | None) -> bool | None:
    """Whether a digest is the recorded one, None where none is."""
    return None if recorded is None else found == recorded


def content_sha256(report: Report) -> str:
    """The SHA-256 of what a report says: of its text form, which holds every fact."""
    return hashlib.sha256(render_text(report).encode("utf-8", "backslashreplace")).hexdigest()


def record_for(store: "CaseReader", exhibit: str | None) -> Record:
    """What a report is made of: the record of one exhibit, or of the whole case.

    Raises:
        UsageError: no such exhibit.
    """
    return store.case_record() if exhibit is None else store.exhibit_record(exhibit)


def _built(then: "CaseReader", facts: NewReport) -> Report:
    """The report, from the record as it was."""
    where = f"report {facts.report_id}, entry {facts.ledger_size}"
    try:
        kind = ReportKind(facts.kind)
        record = record_for(then, facts.exhibit)
        report = build_report(kind, record, issue_of(facts))
        return with_enclosed(report, attachments_of(report, record, then))
    except (NothingToReport, UsageError, ValueError) as error:
        raise CaseError(f"the report cannot be built again ({error})", where, "Was something redacted?") from error
