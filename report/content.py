"""The documents: which kinds there are, what each is about, and how one is built from the record and its settings.

`build_report` is a function of its arguments alone, so that a report can be built again years later.
"""

from collections.abc import Callable
from dataclasses import dataclass

from casedb.records import CaseRecord, ExhibitRecord
from report.document import Fact, Facts, Issue, Report, ReportKind, Running, Section
from report.entered import Place, entered_facts
from report.kinds.acquisition import acquisition_sections
from report.kinds.case_summary import case_summary_sections
from report.kinds.certificate import certificate_sections, verification_of
from report.kinds.custody_form import custody_sections, handed_over, receipt_sections
from report.kinds.label import label_sections
from report.kinds.statement import statement_sections
from report.sections.closing import issue_facts
from report.subject import Subject, subject_of
from report.wording import english, say, speaking

Record = ExhibitRecord | CaseRecord


@dataclass(frozen=True)
class DocumentKind:
    """One kind of document: its title, what it is made of, and how it is issued.

    `of_exhibit` and `of_case` make its sections of one exhibit or of the whole case, None where it is not about
    that; `entry_of` names the entry that it is made for; `is_issued_once` asks for a reason to issue it again;
    `has_dense_head` leaves more of the first page to what follows.
    """

    title: str
    of_exhibit: Callable[[Subject, Issue], tuple[Section, ...]] | None = None
    of_case: Callable[[CaseRecord, Issue], tuple[Section, ...]] | None = None
    entry_of: Callable[[ExhibitRecord, int | None], int] | None = None
    is_issued_once: bool = True
    has_dense_head: bool = False


def _label_of(subject: Subject, issue: Issue) -> tuple[Section, ...]:
    """The label of one exhibit."""
    return label_sections(subject.record, issue)


KINDS: dict[ReportKind, DocumentKind] = {
    ReportKind.ACQUISITION: DocumentKind(english("Acquisition report"), acquisition_sections),
    ReportKind.CUSTODY: DocumentKind(english("Chain of custody"), custody_sections),
    ReportKind.VERIFICATION: DocumentKind(
        english("Verification certificate"),
        certificate_sections,
        entry_of=lambda record, entry: verification_of(record, entry).sequence,
        has_dense_head=True,
    ),
    ReportKind.RECEIPT: DocumentKind(
        english("Hand-over receipt"),
        receipt_sections,
        entry_of=lambda record, entry: handed_over(record, entry).sequence,
    ),
    ReportKind.STATEMENT: DocumentKind(english("Statement"), statement_sections),
    ReportKind.LABEL: DocumentKind(english("Exhibit label"), _label_of, label_sections, is_issued_once=False),
    ReportKind.SUMMARY: DocumentKind(english("Case summary"), of_case=case_summary_sections),
}


def build_report(kind: ReportKind, record: Record, issue: Issue) -> Report:
    """Build the document of this kind about an exhibit or a case, from nothing but record and issue.

    Raises:
        NothingToReport: the record holds nothing that such a document could be about.
        ValueError: this kind is not about such a record, which is a bug of ours.
    """
    with speaking(issue.language):
        sections = _sections(KINDS[kind], record, issue)
        title = issue.statement.title if issue.statement is not None else say(KINDS[kind].title)
        head = Facts(_head(record, issue), dense=KINDS[kind].has_dense_head)
        return Report(kind, title, issue, running_of(record, issue), head, sections)


def running_of(record: Record, issue: Issue) -> Running:
    """What every page of a document about this record carries."""
    head, reference = record.head, _reference(record)
    return Running(record.case.number, reference, head.size, head.root_sha256, issue.entered.get("classification"))


def _sections(kind: DocumentKind, record: Record, issue: Issue) -> tuple[Section, ...]:
    """The sections of the document."""
    if isinstance(record, CaseRecord):
        if kind.of_case is None:
            raise ValueError(f"{kind.title} is about one exhibit")
        return kind.of_case(record, issue)
    if kind.of_exhibit is None:
        raise ValueError(f"{kind.title} is about the whole case")
    return kind.of_exhibit(subject_of(record), issue)


def _reference(record: Record) -> str | None:
    """The exhibit that the document is about, None for the whole case."""
    return record.exhibit.reference if isinstance(record, ExhibitRecord) else None


def _head(record: Record, issue: Issue) -> tuple[Fact, ...]:
    """What stands under the title."""
    reference = _reference(record)
    return (
        Fact(say("Case"), record.case.number),
        *((Fact(say("Exhibit"), reference),) if reference is not None else ()),
        *issue_facts(issue),
        *entered_facts(issue.entered, Place.HEAD),
    )
