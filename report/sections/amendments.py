"""What was corrected, withdrawn or taken out of the record: a report shows it and hides nothing of it."""

from collections.abc import Iterable

from casedb.records import Correction, CustodyEvent, ExhibitRecord, Redaction
from report.document import Block, Column, Paragraph, Section, Table, Tone, in_words
from report.phrases import instant_text, told_text
from report.terms import term
from report.wording import english, say

_CORRECTIONS = (
    Column(english("Entry"), 7, right=True),
    Column(english("Corrects"), 8, right=True),
    Column(english("When"), 20),
    Column(english("What"), 14),
    Column(english("Said before"), 17),
    Column(english("Says now"), 17),
    Column(english("Because"), 17),
)
_REDACTIONS = (
    Column(english("Entry"), 7, right=True),
    Column(english("Taken out by"), 12, right=True),
    Column(english("When"), 22),
    Column(english("What it recorded"), 22),
    Column(english("By whose order"), 18),
    Column(english("Because"), 19),
)


def amendments_section(record: ExhibitRecord) -> Section | None:
    """The section with every correction, withdrawn event and redaction; None where there is none."""
    blocks: list[Block] = []
    corrections = tuple(row for item in _corrections(record) for row in _rows(item))
    if corrections:
        blocks.append(Table(say("Corrections"), in_words(_CORRECTIONS), corrections))
    blocks += [Paragraph(_withdrawn(event)) for event in record.withdrawn]
    if record.redactions:
        rows = tuple(_redaction_row(item) for item in record.redactions)
        blocks.append(Table(say("Taken out of the record by order"), in_words(_REDACTIONS), rows))
    return Section(say("Corrections and redactions"), tuple(blocks)) if blocks else None


def redaction_notes(record: ExhibitRecord) -> tuple[Paragraph, ...]:
    """For the first page: that something this report would tell was taken out of the record."""
    return tuple(
        Paragraph(
            say(
                "Entry {entry} ({kind}) was redacted by order (entry {by}). What it told is not in this report.",
                entry=item.redacted_sequence,
                kind=item.entry_type,
                by=item.sequence,
            ),
            Tone.CAUTION,
        )
        for item in record.redactions
    )


def is_acquisition_redacted(record: ExhibitRecord) -> bool:
    """Whether an acquisition or import of this exhibit was taken out of the record, as a whole or its end."""
    told = (item.entry_type for item in record.redactions if item.exhibit)
    return any(kind.startswith("acquisition-") or kind == "image-imported" for kind in told)


def _corrections(record: ExhibitRecord) -> list[Correction]:
    """Every correction that bears on the report, in the order of the entries."""
    people = {
        person.person_id: person
        for event in (*record.custody, *record.withdrawn)
        for person in (event.released_by, event.received_by, event.performed_by, event.witness)
        if person is not None
    } | {record.case.examiner.person_id: record.case.examiner}
    told = [*record.case.corrections, *record.exhibit.corrections]
    told += [item for person in people.values() for item in person.corrections]
    told += [item for event in (*record.custody, *record.withdrawn) for item in event.corrections]
    return sorted(told, key=lambda item: item.sequence)


def _rows(item: Correction) -> Iterable[tuple[str | None, ...]]:
    """A correction as rows, one for each field; of a redacted one only its place."""
    head = (str(item.sequence), str(item.amends), instant_text(item.recorded))
    if item.redacted_by is not None:
        yield (*head, say("redacted by order, entry {entry}", entry=item.redacted_by), None, None, None)
    for change in item.changes:
        name, because = change.field.replace("_", " "), told_text(item.reason)
        yield (*head, name, told_text(change.before), told_text(change.after), because)


def _withdrawn(event: CustodyEvent) -> str:
    """A custody event that did not happen, or not to this exhibit."""
    by = ", ".join(str(item.sequence) for item in event.corrections)
    what = f"{term(event.kind.value)}, {instant_text(event.at)}"
    return say(
        "Entry {entry} ({what}) was withdrawn by entry {by}: it is no part of the chain of custody.",
        entry=event.sequence,
        what=what,
        by=by,
    )


def _redaction_row(item: Redaction) -> tuple[str | None, ...]:
    """One redaction."""
    return (
        str(item.redacted_sequence),
        str(item.sequence),
        instant_text(item.recorded),
        item.entry_type,
        told_text(item.authority),
        told_text(item.reason),
    )
