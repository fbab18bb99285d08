"""The matter and the exhibit, as people entered them."""

from collections.abc import Mapping
from dataclasses import replace

from casedb.records import Case, CustodyEvent, Exhibit, SourceFacts
from report.document import Block, Fact, Facts, Paragraph, Section, Tone
from report.entered import Place, entered_facts
from report.phrases import instant_text, person_text, told_text
from report.subject import Subject
from report.wording import english, say

_SERIAL_DIFFERS = english(
    "The serial number on the label ({label}) is not the one that the device reports ({told})."
)
_MODEL_DIFFERS = english("The model on the label ({label}) is not the one that the device reports ({told}).")


def authority_section(case: Case, entered: Mapping[str, str]) -> Section:
    """The section about the case, the request and the authority under which the exhibit is examined."""
    facts = (*case_facts(case), *_authority(case), *entered_facts(entered, Place.REQUEST))
    return Section(say("Case, request and authority"), (Facts(facts),))


def received_section(subject: Subject, entered: Mapping[str, str]) -> Section:
    """The section about the exhibit as received, and how it came into the hands of whoever imaged it."""
    record, acquisition = subject.record, subject.acquisition
    section = exhibit_section(record.exhibit, acquisition.job.source if acquisition else None)
    told = Facts((*_receipt(taken_in(subject)), *entered_facts(entered, Place.EXHIBIT)), say("How it was received"))
    return replace(section, blocks=(*section.blocks, told))


def taken_in(subject: Subject) -> CustodyEvent | None:
    """The last event before the acquisition by which the exhibit came to somebody; without one, the last of all."""
    acquisition = subject.acquisition
    events = [item for item in subject.record.custody if item.received_by is not None]
    if acquisition is not None:
        started = acquisition.started.as_datetime()
        events = [item for item in events if item.at.as_datetime() <= started]
    return max(events, key=lambda item: (item.at.as_datetime(), item.sequence), default=None)


def _receipt(event: CustodyEvent | None) -> tuple[Fact, ...]:
    """From whom, by whom, when and where an exhibit was received, under which seals."""
    return (
        Fact(say("Received"), instant_text(event.at) if event else None),
        Fact(say("Received from"), person_text(event.released_by) if event else None),
        Fact(say("Received by"), person_text(event.received_by) if event else None),
        Fact(say("Received at"), event.to_place if event else None),
        Fact(say("Seal on arrival"), event.seal_out if event else None),
        Fact(say("Seal put on then"), event.seal_in if event else None),
        Fact(say("Condition on arrival"), event.condition if event else None),
    )


def case_facts(case: Case) -> tuple[Fact, ...]:
    """What names the case."""
    return (
        Fact(say("Case number"), case.number),
        Fact(say("Case title"), case.title),
        Fact(say("Description"), told_text(case.description)),
        Fact(say("Agency"), case.agency),
        Fact(say("Examiner"), person_text(case.examiner)),
    )


def exhibit_section(exhibit: Exhibit, source: SourceFacts | None = None) -> Section:
    """The section about the exhibit as received; where label and device disagree it says so."""
    blocks: list[Block] = [Facts(exhibit_facts(exhibit))]
    blocks += [Paragraph(text, Tone.CAUTION) for text in _mismatches(exhibit, source)]
    return Section(say("Exhibit as received"), tuple(blocks))


def exhibit_facts(exhibit: Exhibit) -> tuple[Fact, ...]:
    """What a person wrote down about the exhibit; make, model and serial number are those on its label."""
    return (
        Fact(say("Exhibit reference"), exhibit.reference),
        Fact(say("Description"), told_text(exhibit.description)),
        Fact(say("Kind"), exhibit.kind),
        Fact(say("Make"), exhibit.make),
        Fact(say("Model on the label"), exhibit.model),
        Fact(say("Serial number on the label"), exhibit.serial),
        Fact(say("Capacity on the label"), exhibit.capacity),
        Fact(say("Condition"), exhibit.condition),
        Fact(say("Seal number"), exhibit.seal_number),
        Fact(say("Place"), exhibit.location),
        Fact(say("Part of exhibit"), exhibit.parent),
        Fact(say("Entered into the record"), instant_text(exhibit.added)),
    )


def _authority(case: Case) -> tuple[Fact, ...]:
    """Why it is examined, and since when there is a record."""
    return (
        Fact(say("Legal authority"), case.legal_authority),
        Fact(say("Record begun"), instant_text(case.created)),
    )


def _mismatches(exhibit: Exhibit, source: SourceFacts | None) -> tuple[str, ...]:
    """Where the label says something else than the device."""
    if source is None:
        return ()
    told = []
    if exhibit.serial and source.serial and _plain(exhibit.serial) != _plain(source.serial):
        told.append(say(_SERIAL_DIFFERS, label=exhibit.serial, told=source.serial))
    if exhibit.model and source.model and not _overlap(_plain(exhibit.model), _plain(source.model)):
        told.append(say(_MODEL_DIFFERS, label=exhibit.model, told=source.model))
    return tuple(told)


def _overlap(first: str, second: str) -> bool:
    """Whether one name holds the other: devices add maker or revision to what the label says."""
    return first in second or second in first


def _plain(text: str) -> str:
    """A label without what people write differently: case and spaces."""
    return "".join(text.split()).casefold()
