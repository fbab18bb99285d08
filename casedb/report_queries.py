"""The questions put to the record about reports: what was issued, what it was made from, who signed it."""

from dataclasses import replace

from casedb.amendments import Redaction
from casedb.ledger_reading import Columns, RowSource, has_payload, instants_in, read_facts, record_from
from casedb.records import IssuedReport, ReportSignature
from casedb.redaction_queries import read_redactions
from casedb.submissions import NewReport


def read_reports(rows: RowSource, reference: str | None) -> tuple[IssuedReport, ...]:
    """The reports issued about an exhibit (None: the whole case), in the order of the entries."""
    found = list(rows.query("SELECT * FROM reports WHERE exhibit IS ? ORDER BY sequence", [reference]))
    return tuple(_issued_report(rows, row) for row in found)


def read_report(rows: RowSource, report_id: str) -> tuple[IssuedReport, NewReport] | None:
    """The report of this id, with what it was made from.

    Raises:
        CaseError: what it was made from is gone or was altered.
    """
    found = next(rows.query("SELECT * FROM reports WHERE report_id = ?", [report_id]), None)
    if found is None:
        return None
    return _issued_report(rows, found), read_facts(rows, found["sequence"], NewReport)


def is_report_issued(rows: RowSource, report_id: str) -> bool:
    """Whether a report of this id was issued."""
    return next(rows.query("SELECT 1 FROM reports WHERE report_id = ?", [report_id]), None) is not None


def find_report(rows: RowSource, sha256: str) -> IssuedReport | None:
    """The report one of whose files, as issued or signed, has this SHA-256."""
    sql = (
        "SELECT reports.* FROM reports LEFT JOIN report_signatures USING (report_id) "
        "WHERE reports.sha256 = ?1 OR report_signatures.sha256 = ?1 ORDER BY reports.sequence LIMIT 1"
    )
    found = next(rows.query(sql, [sha256]), None)
    return _issued_report(rows, found) if found is not None else None


def read_redactions_since(rows: RowSource, issued: IssuedReport) -> tuple[Redaction, ...]:
    """What was taken away after this report was made, of what it can have been made of."""
    [row] = rows.query("SELECT ledger_size FROM reports WHERE sequence = ?", [issued.sequence])
    size = int(row["ledger_size"])
    about = {None, issued.exhibit}
    return tuple(
        item
        for item in read_redactions(rows)
        if item.redacted_sequence <= size < item.sequence and (issued.exhibit is None or item.exhibit in about)
    )


def read_signatures(rows: RowSource, report_id: str) -> tuple[ReportSignature, ...]:
    """The signatures under a report, in the order of the entries."""
    found = rows.query("SELECT * FROM report_signatures WHERE report_id = ? ORDER BY sequence", [report_id])
    return tuple(record_from(ReportSignature, row) for row in found)


def _issued_report(rows: RowSource, row: Columns) -> IssuedReport:
    """One report, with what its settings say of its version; its row alone where they were redacted."""
    issued = record_from(IssuedReport, row, instants_in(row, "issued"))
    if not has_payload(rows, issued.sequence):
        return issued
    settings = read_facts(rows, issued.sequence, NewReport).settings
    return replace(
        issued,
        version=int(settings.get("version", "1")),
        supersedes=settings.get("supersedes"),
        amendment=settings.get("amendment"),
        about=settings.get("about"),
    )
