"""What can be asked of an open case about reports."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from casedb import report_queries
from casedb.amendments import Redaction
from casedb.entry import EntryKind
from casedb.ledger_reading import RowSource
from casedb.records import IssuedReport, ReportSignature
from casedb.redaction_queries import of_kind, read_redactions
from casedb.submissions import NewReport
from image.errors import UsageError


class ReportReader(ABC):
    """The part of an open case that knows its reports."""

    folder: Path

    @abstractmethod
    def _reading(self) -> AbstractContextManager[RowSource]:
        """The rows of one moment."""

    def find_report(self, digests: Sequence[str]) -> IssuedReport | None:
        """The report one of whose files, as issued or signed, has one of these SHA-256."""
        with self._reading() as rows:
            found = (report_queries.find_report(rows, digest) for digest in digests)
            return next((report for report in found if report is not None), None)

    def report_signatures(self, report_id: str) -> tuple[ReportSignature, ...]:
        """The signatures that were recorded under a report, in the order they were put."""
        with self._reading() as rows:
            return report_queries.read_signatures(rows, report_id)

    def redactions_since(self, issued: IssuedReport) -> tuple[Redaction, ...]:
        """What was taken away after this report was made, of what it can have been made of."""
        with self._reading() as rows:
            return report_queries.read_redactions_since(rows, issued)

    def redacted_reports(self) -> tuple[Redaction, ...]:
        """The reports of which the ledger does not tell any more that they were issued."""
        with self._reading() as rows:
            return of_kind(read_redactions(rows), EntryKind.REPORT_ISSUED)

    def report(self, report_id: str) -> tuple[IssuedReport, NewReport]:
        """The report of this id, with what it was made from.

        Raises:
            UsageError: no such report was issued.
            CaseError: what it was made from is gone.
        """
        with self._reading() as rows:
            found = report_queries.read_report(rows, report_id)
        if found is None:
            raise UsageError(f"no report {report_id!r} was issued", str(self.folder), "See: exhibit show REF")
        return found

    def next_report_id(self, reference: str | None) -> str:
        """The id of an exhibit's next report: `REF-R1`, then `REF-R2` ...; `R1` ... of the whole case."""
        with self._reading() as rows:
            issued = report_queries.read_reports(rows, reference)
            gone = of_kind(read_redactions(rows), EntryKind.REPORT_ISSUED)
        number = len(issued) + sum(item.exhibit == reference for item in gone) + 1
        return f"R{number}" if reference is None else f"{reference}-R{number}"
