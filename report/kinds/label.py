"""The exhibit label: what finds the thing on the shelf, and a copy of the ledger's state. It names no person."""

from casedb.records import CaseRecord, ExhibitRecord
from report.document import Issue, Label, Labels, Section
from report.phrases import told_text
from report.sections.custody import events_in_time
from report.wording import say

SHORT_CHARACTERS = 60
MAXIMUM_BAR_CODE_CHARACTERS = 24


def label_sections(record: ExhibitRecord | CaseRecord, issue: Issue) -> tuple[Section, ...]:
    """The labels of one exhibit, or of all exhibits of a case."""
    exhibits = record.exhibits if isinstance(record, CaseRecord) else (record,)
    return (Section(say("Labels"), (Labels(tuple(_label(item, issue) for item in exhibits)),)),)


def bar_code_text(reference: str) -> str | None:
    """What Code 128 is to say: the reference, or None where the code cannot hold it (ISO/IEC 15417: ASCII)."""
    fits = reference.isascii() and reference.isprintable() and len(reference) <= MAXIMUM_BAR_CODE_CHARACTERS
    return reference if fits else None


def _label(record: ExhibitRecord, issue: Issue) -> Label:
    """The label of one exhibit."""
    exhibit = record.exhibit
    lines = (
        (say("Case"), record.case.number),
        (say("Item"), _short(told_text(exhibit.description))),
        (say("Serial"), exhibit.serial),
        (say("Seal"), _seal(record)),
        (say("Date"), str(issue.issued)[: len("2026-11-22")]),
        (say("Ledger"), f"{record.head.size} {record.head.root_sha256[:16]}"),
    )
    return Label(exhibit.reference, lines, bar_code_text(exhibit.reference), issue.checkpoint)


def _seal(record: ExhibitRecord) -> str | None:
    """The seal that was put on last, else the one that the exhibit came with."""
    events = events_in_time(record)
    touched = next((item for item in reversed(events) if item.seal_in or item.seal_out), None)
    return touched.seal_in if touched is not None else record.exhibit.seal_number


def _short(text: str | None) -> str | None:
    """As much of a description as a label holds."""
    return text if text is None or len(text) <= SHORT_CHARACTERS else f"{text[: SHORT_CHARACTERS - 3]}..."
