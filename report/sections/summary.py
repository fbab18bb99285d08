"""The first page: what a judge has to know, in plain words, before anything else."""

from casedb.records import Acquisition, AcquisitionState, ExhibitRecord, Manifest
from report.document import Block, Fact, Facts, Headline, Section, Tone
from report.phrases import bytes_text, digest_name, digest_order, instant_text, person_text
from report.sections.amendments import is_acquisition_redacted, redaction_notes
from report.sections.custody import NO_EVENTS, events_in_time
from report.sections.damaged_files import damaged_files_facts
from report.sections.digests import padding_text, zero_fill_paragraph
from report.sections.findings import notes_of
from report.sections.image import image_facts
from report.sections.method import is_written, protection_text, timing_facts
from report.sections.reading import unreadable_count, unreadable_text
from report.sections.verification import verdict_headline
from report.statements import NOT_ACQUIRED, REDACTED_ACQUISITION, REDACTED_END, UNFINISHED
from report.subject import Subject
from report.wording import say


def summary_section(subject: Subject) -> Section:
    """The section with verdict, source, image, hash values and whatever must not be overlooked."""
    manifest, acquisition = subject.manifest, subject.acquisition
    verification = subject.verification.result if subject.verification else None
    if acquisition is None:
        return Section(say("Summary"), _without_acquisition(subject.record))
    if manifest is None and acquisition.state is AcquisitionState.REDACTED:
        headline = Headline(say("REDACTED"), say(REDACTED_END), Tone.CAUTION)
        return Section(say("Summary"), (headline, *redaction_notes(subject.record)))
    if manifest is None:
        return Section(
            say("Summary"), (Headline(say("INCOMPLETE"), say(UNFINISHED), Tone.BAD), Facts(_attempt(acquisition)))
        )
    blocks: list[Block] = [
        verdict_headline(verification),
        *redaction_notes(subject.record),
        *notes_of(manifest, verification),
        Facts((*_facts(manifest), *damaged_files_facts(verification))),
        Facts(_digests(manifest), say("Hash values of the data read")),
        zero_fill_paragraph(manifest),
    ]
    return Section(say("Summary"), tuple(blocks))


def _without_acquisition(record: ExhibitRecord) -> tuple[Block, ...]:
    """What is said where no acquisition is left to tell of, or none ever was."""
    if is_acquisition_redacted(record):
        return (Headline(say("REDACTED"), say(REDACTED_ACQUISITION), Tone.CAUTION), *redaction_notes(record))
    return (Headline(say("NOT ACQUIRED"), say(NOT_ACQUIRED), Tone.CAUTION), *redaction_notes(record))


def custody_summary_section(subject: Subject) -> Section:
    """The section that says with whom, where and how sealed the exhibit was last."""
    record = subject.record
    events = events_in_time(record)
    keeper = next((item.received_by for item in reversed(events) if item.received_by), None)
    place = next((item.to_place for item in reversed(events) if item.to_place), None)
    seal = next((item.seal_in for item in reversed(events) if item.seal_in or item.seal_out), None)
    warnings = len(record.custody_warnings)
    facts = (
        Fact(say("Custody events"), str(len(events)) if events else say(NO_EVENTS)),
        Fact(say("Last event"), instant_text(events[-1].at) if events else None),
        Fact(say("Received last by"), person_text(keeper)),
        Fact(say("Brought last to"), place),
        Fact(say("Seal put on last"), seal),
        Fact(say("Warnings"), str(warnings), tone=Tone.BAD if warnings else Tone.PLAIN),
    )
    return Section(say("Summary"), (Facts(facts),))


def _facts(manifest: Manifest) -> tuple[Fact, ...]:
    """Source, image, times and safeguards, in the order in which they are asked for."""
    source, protection = manifest.job.source, manifest.job.protection
    named = " ".join(
        part
        for part in (source.model, source.serial and say("serial number {serial}", serial=source.serial))
        if part
    )
    padded = manifest.job.parameters.padded_bytes
    return (
        Fact(say("Source"), named or source.path),
        Fact(say("Capacity of the source"), bytes_text(source.size_bytes)),
        *image_facts(manifest),
        *timing_facts(manifest),
        Fact(say("Examiner"), manifest.job.case.examiner),
        Fact(say("Unreadable sectors"), unreadable_text(manifest), tone=_caution(bool(unreadable_count(manifest)))),
        Fact(say("Write protection"), protection_text(protection), tone=_caution(is_written(protection))),
        *((Fact(say("Added bytes"), padding_text(padded), tone=Tone.CAUTION),) if padded else ()),
    )


def _caution(needed: bool) -> Tone:
    """The tone of a fact that is good news or bad."""
    return Tone.CAUTION if needed else Tone.PLAIN


def _digests(manifest: Manifest) -> tuple[Fact, ...]:
    """The digests of the whole stream, the strongest first."""
    digests = manifest.media.digests
    return tuple(Fact(digest_name(name), digests[name], code=True) for name in digest_order(digests))


def _attempt(acquisition: Acquisition) -> tuple[Fact, ...]:
    """What is known of an acquisition that did not reach its end."""
    source = acquisition.job.source
    return (
        Fact(say("Source"), source.model or source.path),
        Fact(say("State"), acquisition.state.value),
        Fact(say("Started"), instant_text(acquisition.started)),
        Fact(say("Stopped"), instant_text(acquisition.finished)),
        Fact(say("Reason"), acquisition.reason),
    )
