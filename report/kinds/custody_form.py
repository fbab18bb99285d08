"""The chain-of-custody form, and the receipt for one hand-over."""

from casedb.records import CustodyEvent, CustodyKind, ExhibitRecord
from report.document import Facts, Issue, Paragraph, Section, Signatures
from report.kinds.nothing import NothingToReport
from report.sections.amendments import amendments_section
from report.sections.checkpoint import checkpoint_section
from report.sections.closing import checking_section, statements_section
from report.sections.custody import (
    custody_section,
    disposal_section,
    event_signers,
    hand_over_section,
    people_section,
)
from report.sections.exhibit import exhibit_section
from report.sections.hand_over import hand_over_facts
from report.sections.summary import custody_summary_section
from report.statements import RECEIPT
from report.subject import Subject
from report.wording import say

HANDED = frozenset({CustodyKind.SEIZE, CustodyKind.RECEIVE, CustodyKind.TRANSFER, CustodyKind.RETURN})
"""What an exhibit changes hands by."""


def custody_sections(subject: Subject, issue: Issue) -> tuple[Section, ...]:
    """The sections of the chain-of-custody form."""
    record = subject.record
    sections = (
        custody_summary_section(subject),
        exhibit_section(record.exhibit),
        custody_section(record),
        amendments_section(record),
        disposal_section(record, issue.entered),
        people_section(record, issue.entered),
        hand_over_section(record),
        statements_section(),
        checking_section(None, record, issue),
    )
    return tuple(section for section in sections if section is not None)


def receipt_sections(subject: Subject, issue: Issue) -> tuple[Section, ...]:
    """The sections of the receipt for one hand-over: by its entry, or the latest.

    Raises:
        NothingToReport: there is no such event.
    """
    record = subject.record
    event = handed_over(record, issue.about)
    return (
        Section(say("Receipt"), (Paragraph(say(RECEIPT)), Facts(hand_over_facts(event)))),
        Section(say("Signatures"), (Signatures(event_signers(event)),)),
        exhibit_section(record.exhibit),
        checkpoint_section(record.head, issue),
    )


def handed_over(record: ExhibitRecord, entry: int | None) -> CustodyEvent:
    """The event by which the exhibit changed hands: that of this entry, or the latest.

    Raises:
        NothingToReport: there is none.
    """
    events = [item for item in record.custody if item.kind in HANDED]
    found = [item for item in events if entry is None or item.sequence == entry]
    if not found:
        what = "no hand-over" if entry is None else f"entry {entry} is no hand-over"
        reference = record.exhibit.reference
        raise NothingToReport(f"{what} of exhibit {reference!r} is recorded", "See: diskwitness custody show REF")
    return max(found, key=lambda item: item.sequence)
