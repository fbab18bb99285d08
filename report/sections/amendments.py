"""What was corrected, withdrawn or taken out of the record: a report shows it and hides nothing of it."""

from collections.abc import Iterable

from casedb.records import Correction, CustodyEvent, ExhibitRecord, Redaction
from report.document import Block, Column, Paragraph, Section, Table, Tone
from report.phrases import instant_text, told_text

_CORRECTIONS = (
    Column("Entry", 7, right=True),
    Column("Corrects", 8, right=True),
    Column("When", 20),
    Column("What", 14),
    Column("Said before", 17),
    Column("Says now", 17),
    Column("Because", 17),
)
_REDACTIONS = (
    Column("Entry", 7, right=True),
    Column("Taken out by", 12, right=True),
    Column("When", 22),
    Column("What it recorded", 22),
    Column("By whose order", 18),
    Column("Because", 19),
)


def amendments_section(record: ExhibitRecord) -> Section | None:
    """The section with every correction, withdrawn event and redaction; None where there is none."""
    blocks: list[Block] = []
    corrections = tuple(row for item in _corrections(record) for row in _rows(item))
    if corrections:
        blocks.append(Table("Corrections", _CORRECTIONS, corrections))
    blocks += [Paragraph(_withdrawn(event)) for event in record.withdrawn]
    if record.redactions:
        rows = tuple(_redaction_row(item) for item in record.redactions)
        blocks.append(Table("Taken out of the record by order", _REDACTIONS, rows))
    return Section("Corrections and redactions", tuple(blocks)) if blocks else None


def redaction_notes(record: ExhibitRecord) -> tuple[Paragraph, ...]:
    """For the first page: that something this report would tell was taken out of the record."""
    return tuple(
        Paragraph(
            f"Entry {item.redacted_sequence} ({item.entry_type}) was redacted by order (entry {item.sequence}). "
            "What it told is not in this report.",
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
        yield (*head, f"redacted by order, entry {item.redacted_by}", None, None, None)
    for change in item.changes:
        name, because = change.field.replace("_", " "), told_text(item.reason)
        yield (*head, name, told_text(change.before), told_text(change.after), because)


def _withdrawn(event: CustodyEvent) -> str:
    """A custody event that did not happen, or not to this exhibit."""
    by = ", ".join(str(item.sequence) for item in event.corrections)
    what = f"{event.kind.value}, {instant_text(event.at)}"
    return f"Entry {event.sequence} ({what}) was withdrawn by entry {by}: it is no part of the chain of custody."


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
