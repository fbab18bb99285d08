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
    in_words,
)
from report.entered import Place, entered_facts
from report.phrases import instant_text, person_text, rehash_text, told_text, verdict_text, warning_text
from report.sections.clock import clock_table
from report.terms import term
from report.wording import english, say, say_number

_COLUMNS = (
    Column(english("Entry"), 7, right=True),
    Column(english("When"), 25),
    Column(english("What"), 13),
    Column(english("Released by"), 27),
    Column(english("Received by"), 28),
)
_DETAIL_COLUMNS = (
    Column(english("Entry"), 7, right=True),
    Column(english("From"), 17),
    Column(english("To"), 17),
    Column(english("Seal taken off"), 14),
    Column(english("Seal put on"), 14),
    Column(english("Said about it"), 31),
)
CUSTODY_WORDS = {
    CustodyKind.SEIZE: english("seized"),
    CustodyKind.RECEIVE: english("received"),
    CustodyKind.SEAL: english("sealed"),
    CustodyKind.UNSEAL: english("unsealed"),
    CustodyKind.TRANSFER: english("handed over"),
    CustodyKind.ACQUIRE: english("acquired"),
    CustodyKind.COPY: english("image converted"),
    CustodyKind.VERIFY: english("verified"),
    CustodyKind.RETURN: english("returned"),
    CustodyKind.DISPOSE: english("disposed of"),
    CustodyKind.REDACTED: english("taken out of the record by order"),
}
_ENDINGS = (CustodyKind.RETURN, CustodyKind.DISPOSE)
NO_EVENTS = english("No custody event of this exhibit is recorded.")


def custody_section(record: ExhibitRecord) -> Section:
    """The section with every custody event, the record's own warnings first, and the timeline."""
    blocks: list[Block] = [Paragraph(warning_text(item), Tone.BAD) for item in record.custody_warnings]
    moments = _moments(record)
    if moments:
        blocks.append(_timeline(record, moments))
    if record.custody:
        blocks.append(
            Table(say("Custody events"), in_words(_COLUMNS), tuple(_row(item) for item in record.custody))
        )
        details = tuple(_detail_row(item) for item in record.custody)
        blocks.append(Table(say("Places, seals and remarks"), in_words(_DETAIL_COLUMNS), details))
        blocks += clock_table(record.custody)
    else:
        blocks.append(Paragraph(say(NO_EVENTS), Tone.CAUTION))
    return Section(say("Chain of custody"), tuple(blocks))


def disposal_section(record: ExhibitRecord, entered: Mapping[str, str]) -> Section:
    """The section about what became of the exhibit, printed also when nothing did."""
    last = next((item for item in reversed(events_in_time(record)) if item.kind in _ENDINGS), None)
    return Section(
        say("Final disposition"),
        (
            Facts(
                (
                    Fact(say("What"), say(CUSTODY_WORDS[last.kind]) if last else None),
                    Fact(say("When"), instant_text(last.at) if last else None),
                    Fact(say("Authority"), last.authority if last else None),
                    Fact(say("Method"), last.method if last else None),
                    Fact(say("Released by"), person_text(last.released_by) if last else None),
                    Fact(say("Received by"), person_text(last.received_by) if last else None),
                    Fact(say("Done by"), person_text(last.performed_by) if last else None),
                    Fact(say("Witness"), person_text(last.witness) if last else None),
                    *_image_places(record),
                    *entered_facts(entered, Place.DISPOSITION),
                )
            ),
        ),
    )


def _image_places(record: ExhibitRecord) -> tuple[Fact, ...]:
    """Where the images of the exhibit were written."""
    places = [path for item in record.acquisitions for path in item.paths]
    return (Fact(say("Images written to"), ", ".join(places) or None),)


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
        Column(say("Name"), 5),
        Column(say("Part"), 3),
        Column(say("Identifier"), 3),
        Column(say("Organisation"), 4),
        Column(say("Phone"), 3),
        Column(say("E-mail"), 5),
    )
    rows = tuple(
        (item.name, item.role and term(item.role.value), item.identifier, item.organisation, item.phone, item.email)
        for item in people_of(record)
    )
    table = Table(say("People named in the record"), in_words(columns), rows)
    return Section(say("People"), (table, Facts(entered_facts(entered, Place.PEOPLE))))


def hand_over_section(record: ExhibitRecord) -> Section:
    """The section in which those who handed over and took over sign by hand."""
    signers = tuple(signer for event in record.custody for signer in event_signers(event))
    return Section(
        say("Signatures"), (Signatures(signers or (Signer(say("Released by")), Signer(say("Received by")))),)
    )


def event_signers(event: CustodyEvent) -> tuple[Signer, ...]:
    """Who signs for one event: those who are named in it."""
    named = (
        (say("released by"), event.released_by),
        (say("received by"), event.received_by),
        (say("done by"), event.performed_by),
        (say("witness"), event.witness),
    )
    return tuple(
        Signer(say("Entry {entry}, {part}", entry=event.sequence, part=part), person.name)
        for part, person in named
        if person
    )


def _row(event: CustodyEvent) -> tuple[str | None, ...]:
    """One custody event: when, what, from whom, to whom."""
    return (
        str(event.sequence),
        instant_text(event.at),
        say(CUSTODY_WORDS[event.kind]),
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
        (say("Reason"), event.reason),
        (say("Condition"), event.condition),
        (say("Authority"), event.authority),
        (say("Method"), event.method),
        (say("Done by"), person_text(event.performed_by)),
        (say("Witness"), person_text(event.witness)),
        (say("Hash value computed again"), rehash_text(event)),
        (say("Note"), told_text(event.note)),
        (say("Corrected by"), ", ".join(say("entry {entry}", entry=item.sequence) for item in event.corrections)),
        (say("Written down"), instant_text(event.recorded)),
    )
    return ". ".join(say("{name}: {value}", name=name, value=value) for name, value in named if value) or None


def _moments(record: ExhibitRecord) -> tuple[Moment, ...]:
    """Custody, acquisitions and verifications in one order of time."""
    custody = [Moment(item.at, say(CUSTODY_WORDS[item.kind])) for item in record.custody]
    seen = {item.kind for item in record.custody}
    if CustodyKind.ACQUIRE not in seen:
        read = [item for item in record.acquisitions if item.job.converted_from is None]
        custody += [Moment(item.started, _acquired(item)) for item in read]
    if CustodyKind.VERIFY not in seen:
        custody += [
            Moment(item.recorded, say("verified: {verdict}", verdict=verdict_text(item.result)))
            for item in record.verifications
        ]
    return tuple(sorted(custody, key=lambda moment: moment.at.utc))


def _acquired(acquisition: Acquisition) -> str:
    """An acquisition as a point of the timeline."""
    return say("acquisition, {state}", state=term(acquisition.state.value))


def _timeline(record: ExhibitRecord, moments: tuple[Moment, ...]) -> Timeline:
    """The picture of all moments, told in words for those who cannot see it."""
    about = "; ".join(f"{instant_text(item.at)} {item.label}" for item in moments)
    title = say_number(
        "Timeline of exhibit {exhibit}, {count} event",
        "Timeline of exhibit {exhibit}, {count} events",
        len(moments),
        exhibit=record.exhibit.reference,
    )
    return Timeline(title, f"{title}: {about}.", moments)
