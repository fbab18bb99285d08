"""The whole record of an exhibit, and of a case: every question that a report is made from, put at one moment."""

from casedb import import_queries, queries, report_queries, told_queries
from casedb.custody import custody_warnings, standing_after
from casedb.ledger_reading import RowSource, read_head
from casedb.records import CaseRecord, Exhibit, ExhibitRecord
from casedb.timestamp_queries import read_timestamp_status


def read_exhibit_record(rows: RowSource, exhibit: Exhibit) -> ExhibitRecord:
    """All that the record holds about an exhibit."""
    amended, reference = told_queries.read_amended(rows), exhibit.reference
    custody = told_queries.read_custody(rows, reference, amended)
    exhibits = told_queries.read_exhibits(rows, amended)
    return ExhibitRecord(
        case=told_queries.read_case(rows, amended),
        exhibit=exhibit,
        custody=tuple(event for event in custody if not event.withdrawn),
        withdrawn=tuple(event for event in custody if event.withdrawn),
        custody_warnings=custody_warnings(custody),
        standing=standing_after(custody),
        redactions=tuple(item for item in amended.redactions if item.exhibit in (None, reference)),
        acquisitions=queries.read_acquisitions(rows, reference),
        verifications=queries.read_verifications(rows, reference),
        reports=report_queries.read_reports(rows, reference),
        head=read_head(rows),
        imports=import_queries.read_imports(rows, reference),
        attachments=import_queries.read_attachments(rows, reference),
        parts=tuple(item for item in exhibits if item.parent == reference),
        timestamps=read_timestamp_status(rows),
    )


def read_case_record(rows: RowSource) -> CaseRecord:
    """All that the record holds about the case and its exhibits."""
    return CaseRecord(
        case=told_queries.read_case(rows),
        exhibits=tuple(read_exhibit_record(rows, item) for item in told_queries.read_exhibits(rows)),
        reports=report_queries.read_reports(rows, None),
        head=read_head(rows),
    )
