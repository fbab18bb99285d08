"""The chain of custody: who had the exhibit, where, when and why."""

from collections.abc import Mapping

from casedb.records import Acquisition, CustodyEvent, CustodyKind, ExhibitRecord, Person
from report.document import (
    Block,
    Column,
    Fact,
    Facts,
    Moment,
    Paragraph,
    Section,
    Signatures,
    Signer,
    Table,
    Timeline,
    Tone,
)
from report.entered import Place, entered_facts
from report.phrases import counted, instant_text, person_text, rehash_text, told_text
from report.sections.clock import clock_table

_COLUMNS = (
    Column("Entry", 7, right=True),
    Column("When", 25),
    Column("What", 13),
    Column("Released by", 27),
    Column("Received by", 28),
)
_DETAIL_COLUMNS = (
    Column("Entry", 7, right=True),
    Column("From", 17),
    Column("To", 17),
    Column("Seal taken off", 14),
    Column("Seal put on", 14),
    Column("Said about it", 31),
)
CUSTODY_WORDS = {
    CustodyKind.SEIZE: "seized",
    CustodyKind.RECEIVE: "received",
    CustodyKind.SEAL: "sealed",
    CustodyKind.UNSEAL: "unsealed",
    CustodyKind.TRANSFER: "handed over",
    CustodyKind.ACQUIRE: "acquired",
    CustodyKind.COPY: "image converted",
    CustodyKind.VERIFY: "verified",
    CustodyKind.RETURN: "returned",
    CustodyKind.DISPOSE: "disposed of",
    CustodyKind.REDACTED: "taken out of the record by order",
}
_ENDINGS = (CustodyKind.RETURN, CustodyKind.DISPOSE)
NO_EVENTS = "No custody event of this exhibit is recorded."


def custody_section(record: ExhibitRecord) -> Section:
    """The section with every custody event, the record's own warnings first, and the timeline."""
    blocks: list[Block] = [Paragraph(str(item), Tone.BAD) for item in record.custody_warnings]
    moments = _moments(record)
    if moments:
        blocks.append(_timeline(record, moments))
    if record.custody:
        blocks.append(Table("Custody events", _COLUMNS, tuple(_row(item) for item in record.custody)))
        details = tuple(_detail_row(item) for item in record.custody)
        blocks.append(Table("Places, seals and remarks", _DETAIL_COLUMNS, details))
        blocks += clock_table(record.custody)
    else:
        blocks.append(Paragraph(NO_EVENTS, Tone.CAUTION))
    return Section("Chain of custody", tuple(blocks))


def disposal_section(record: ExhibitRecord, entered: Mapping[str, str]) -> Section:
    """The section about what became of the exhibit, printed also when nothing did."""
    last = next((item for item in reversed(events_in_time(record)) if item.kind in _ENDINGS), None)
    return Section(
        "Final disposition",
        (
            Facts(
                (
                    Fact("What", CUSTODY_WORDS[last.kind] if last else None),
                    Fact("When", instant_text(last.at) if last else None),
                    Fact("Authority", last.authority if last else None),
                    Fact("Method", last.method if last else None),
                    Fact("Released by", person_text(last.released_by) if last else None),
                    Fact("Received by", person_text(last.received_by) if last else None),
                    Fact("Done by", person_text(last.performed_by) if last else None),
                    Fact("Witness", person_text(last.witness) if last else None),
                    *_image_places(record),
                    *entered_facts(entered, Place.DISPOSITION),
                )
            ),
        ),
    )


def _image_places(record: ExhibitRecord) -> tuple[Fact, ...]:
    """Where the images of the exhibit were written."""
    places = [path for item in record.acquisitions for path in item.paths]
    return (Fact("Images written to", ", ".join(places) or None),)


def events_in_time(record: ExhibitRecord) -> list[CustodyEvent]:
    """The events in the order in which they happened, whenever they were written down."""
    return sorted(record.custody, key=lambda item: (item.at.as_datetime(), item.sequence))


def people_of(record: ExhibitRecord) -> tuple[Person, ...]:
    """Everyone named in the record of the exhibit, each once, in the order of appearance."""
    named = [record.case.examiner]
    for event in record.custody:
        parts = (event.released_by, event.received_by, event.performed_by, event.witness)
        named += [person for person in parts if person]
    return tuple({person.person_id: person for person in named}.values())


def people_section(record: ExhibitRecord, entered: Mapping[str, str]) -> Section:
    """The section with the people in the record and how they can be reached."""
    columns = (
        Column("Name", 5),
        Column("Part", 3),
        Column("Identifier", 3),
        Column("Organisation", 4),
        Column("Phone", 3),
        Column("E-mail", 5),
    )
    rows = tuple(
        (item.name, item.role and item.role.value, item.identifier, item.organisation, item.phone, item.email)
        for item in people_of(record)
    )
    table = Table("People named in the record", columns, rows)
    return Section("People", (table, Facts(entered_facts(entered, Place.PEOPLE))))


def hand_over_section(record: ExhibitRecord) -> Section:
    """The section in which those who handed over and took over sign by hand."""
    signers = tuple(signer for event in record.custody for signer in event_signers(event))
    return Section("Signatures", (Signatures(signers or (Signer("Released by"), Signer("Received by"))),))


def event_signers(event: CustodyEvent) -> tuple[Signer, ...]:
    """Who signs for one event: those who are named in it."""
    named = (
        ("released by", event.released_by),
        ("received by", event.received_by),
        ("done by", event.performed_by),
        ("witness", event.witness),
    )
    return tuple(Signer(f"Entry {event.sequence}, {part}", person.name) for part, person in named if person)


def _row(event: CustodyEvent) -> tuple[str | None, ...]:
    """One custody event: when, what, from whom, to whom."""
    return (
        str(event.sequence),
        instant_text(event.at),
        CUSTODY_WORDS[event.kind],
        person_text(event.released_by),
        person_text(event.received_by),
    )


def _detail_row(event: CustodyEvent) -> tuple[str | None, ...]:
    """One custody event: places, seals and what was said about it."""
    places = (event.from_place, event.to_place)
    return (str(event.sequence), *places, event.seal_out, event.seal_in, _more(event))


def _more(event: CustodyEvent) -> str | None:
    """All else that was written down about an event."""
    named = (
        ("Reason", event.reason),
        ("Condition", event.condition),
        ("Authority", event.authority),
        ("Method", event.method),
        ("Done by", person_text(event.performed_by)),
        ("Witness", person_text(event.witness)),
        ("Hash value computed again", rehash_text(event)),
        ("Note", told_text(event.note)),
        ("Corrected by", ", ".join(f"entry {item.sequence}" for item in event.corrections)),
        ("Written down", instant_text(event.recorded)),
    )
    return ". ".join(f"{name}: {value}" for name, value in named if value) or None


def _moments(record: ExhibitRecord) -> tuple[Moment, ...]:
    """Custody, acquisitions and verifications in one order of time."""
    custody = [Moment(item.at, CUSTODY_WORDS[item.kind]) for item in record.custody]
    seen = {item.kind for item in record.custody}
    if CustodyKind.ACQUIRE not in seen:
        read = [item for item in record.acquisitions if item.job.converted_from is None]
        custody += [Moment(item.started, _acquired(item)) for item in read]
    if CustodyKind.VERIFY not in seen:
        custody += [Moment(item.recorded, f"verified: {item.result.verdict_text}") for item in record.verifications]
    return tuple(sorted(custody, key=lambda moment: moment.at.utc))


def _acquired(acquisition: Acquisition) -> str:
    """An acquisition as a point of the timeline."""
    return f"acquisition, {acquisition.state.value}"


def _timeline(record: ExhibitRecord, moments: tuple[Moment, ...]) -> Timeline:
    """The picture of all moments, told in words for those who cannot see it."""
    about = "; ".join(f"{instant_text(item.at)} {item.label}" for item in moments)
    title = f"Timeline of exhibit {record.exhibit.reference}, {counted(len(moments), 'event')}"
    return Timeline(title, f"{title}: {about}.", moments)
