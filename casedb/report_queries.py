"""The questions put to the record about issued reports: found by a file's digest, and who signed them."""

from collections.abc import Sequence

from casedb.ledger_reading import RowSource
from casedb.queries import as_record, instants
from casedb.records import IssuedReport, ReportSignature

_FIND = """
    SELECT reports.* FROM reports
    LEFT JOIN report_signatures USING (report_id)
    WHERE reports.sha256 = ?1 OR report_signatures.sha256 = ?1
    ORDER BY reports.sequence LIMIT 1
"""


def find_report(rows: RowSource, digests: Sequence[str]) -> IssuedReport | None:
    """The report one of whose files, as issued or signed, has one of these SHA-256; the first that is found."""
    found = (next(rows.query(_FIND, [digest]), None) for digest in digests)
    row = next((row for row in found if row is not None), None)
    return as_record(IssuedReport, row, instants(row, "issued")) if row is not None else None


def read_signatures(rows: RowSource, report_id: str) -> tuple[ReportSignature, ...]:
    """The signatures under a report, in the order of the entries."""
    found = rows.query("SELECT * FROM report_signatures WHERE report_id = ? ORDER BY sequence", [report_id])
    return tuple(as_record(ReportSignature, row) for row in found)
