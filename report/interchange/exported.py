"""What every export is made of: the record of one exhibit, and the same report that text and PDF print."""

from collections.abc import Iterator
from dataclasses import dataclass

from casedb.records import ExhibitRecord
from report.content import running_of
from report.document import (
    Block,
    Fact,
    Facts,
    Headline,
    Issue,
    Report,
    ReportKind,
    Section,
    Signatures,
    Table,
    known,
)
from report.entered import Place, entered_facts
from report.escape import visible
from report.kinds.acquisition import acquisition_sections
from report.phrases import instant_text
from report.subject import Subject, subject_of
from report.wording import english, say, speaking

TITLE = english("Record of an exhibit")
NO_REPORT = english(
    "An export of the record. It is no report: nobody issued or signed it, and the ledger has no entry of it."
)


@dataclass(frozen=True)
class Exported:
    """One export: what it is about, the same as values of a report, and the version of this program."""

    subject: Subject
    report: Report
    version: str

    @property
    def record(self) -> ExhibitRecord:
        """All that the case holds of the exhibit."""
        return self.subject.record


@dataclass(frozen=True)
class Told:
    """The facts of one section, each as its label and its value; what is not recorded is left out."""

    section: str
    facts: tuple[tuple[str, str], ...]


def exported_of(record: ExhibitRecord, issue: Issue, version: str) -> Exported:
    """The record of this exhibit, with the sections of its acquisition report but for the lines to be signed."""
    subject = subject_of(record)
    with speaking(issue.language):
        sections = tuple(item for item in acquisition_sections(subject, issue) if not _is_for_signing(item))
        head = Facts(_head(record, issue))
        report = Report(ReportKind.ACQUISITION, say(TITLE), issue, running_of(record, issue), head, sections)
    return Exported(subject, report, version)


def told_facts(report: Report) -> Iterator[Told]:
    """Every fact and row that the report prints, section by section, strings escaped as it prints them."""
    for section in (Section(report.title, (report.head,)), *report.sections):
        facts = tuple(pair for block in section.blocks for pair in _pairs(block))
        if facts:
            yield Told(visible(section.title), facts)


def _is_for_signing(section: Section) -> bool:
    """Whether a section holds the lines to be signed."""
    return any(isinstance(block, Signatures) for block in section.blocks)


def _head(record: ExhibitRecord, issue: Issue) -> tuple[Fact, ...]:
    """What stands under the title."""
    return (
        Fact(say("Case"), record.case.number),
        Fact(say("Exhibit"), record.exhibit.reference),
        Fact(say("Exported"), instant_text(issue.issued)),
        Fact(say("Exported by"), issue.issuer),
        Fact(say("What this is"), say(NO_REPORT)),
        *entered_facts(issue.entered, Place.HEAD),
    )


def _pairs(block: Block) -> Iterator[tuple[str, str]]:
    """Label and value of each fact in a block; a row is one fact."""
    if isinstance(block, Headline):
        yield visible(block.word), visible(block.meaning)
    elif isinstance(block, Facts):
        for fact in block.facts:
            if known(fact.value):
                yield visible(fact.label), visible(fact.value or "")
    elif isinstance(block, Table):
        for row in block.rows:
            yield visible(block.title), _row(block, row)


def _row(table: Table, row: tuple[str | None, ...]) -> str:
    """One row in one line."""
    cells = zip(table.columns, row, strict=True)
    return "; ".join(f"{column.title}: {visible(cell or '')}" for column, cell in cells if known(cell))
