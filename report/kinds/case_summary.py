"""The case summary: all exhibits with their images, verifications and keepers, on few pages."""

from collections import Counter

from casedb.records import Acquisition, CaseRecord, CustodyEvent, ExhibitRecord, ImportedImage, Verdict
from report.document import Block, Column, Fact, Facts, Issue, Paragraph, Section, Table, Tone, in_words
from report.phrases import (
    acquisition_state,
    digest_name,
    digest_order,
    instant_text,
    person_text,
    told_text,
    verdict_text,
    warning_text,
)
from report.sections.checkpoint import checkpoint_section
from report.sections.closing import (
    ISSUED_COLUMNS,
    checking_section,
    issued_rows,
    signatures_section,
    statements_section,
)
from report.sections.custody import CUSTODY_WORDS, events_in_time
from report.sections.exhibit import authority_section
from report.sections.laboratory import laboratory_section
from report.sections.reading import unreadable_text
from report.statements import ONLY_THIS_CASE
from report.subject import Subject, subject_of
from report.terms import VERDICTS
from report.wording import english, say, say_number

_EXHIBIT_COLUMNS = (
    Column(english("Exhibit"), 14),
    Column(english("Description"), 42),
    Column(english("Serial number"), 22),
    Column(english("State"), 22),
)
_IMAGE_COLUMNS = (
    Column(english("Exhibit"), 12),
    Column(english("Image"), 22, code=True),
    Column(english("Acquired"), 20),
    Column(english("Bytes of data"), 14, right=True),
    Column(english("Unreadable"), 16),
    Column(english("Verified"), 16),
)
_DIGEST_COLUMNS = (
    Column(english("Exhibit"), 14),
    Column(english("Algorithm"), 10),
    Column(english("Hash value"), 76, code=True),
)
_CUSTODY_COLUMNS = (
    Column(english("Exhibit"), 12),
    Column(english("Last event"), 26),
    Column(english("With"), 26),
    Column(english("Where"), 24),
    Column(english("Seal"), 12),
)


def case_summary_sections(record: CaseRecord, issue: Issue) -> tuple[Section, ...]:
    """The sections of the case summary."""
    subjects = tuple(subject_of(item) for item in record.exhibits)
    return (
        _summary(record, subjects),
        authority_section(record.case, issue.entered),
        laboratory_section(issue),
        _exhibits(subjects),
        _images(subjects),
        _custody(record),
        _reports(record),
        statements_section(ONLY_THIS_CASE),
        checking_section(None, record, issue),
        checkpoint_section(record.head, issue),
        signatures_section(record, issue.entered),
    )


def _summary(record: CaseRecord, subjects: tuple[Subject, ...]) -> Section:
    """The section with the counts."""
    images = [item for subject in subjects for item in subject.record.acquisitions if item.manifest is not None]
    verdicts = Counter(subject.verification.result.verdict for subject in subjects if subject.verification)
    warnings = sum(len(item.custody_warnings) for item in record.exhibits)
    facts = (
        Fact(say("Case number"), record.case.number),
        Fact(say("Exhibits"), str(len(record.exhibits))),
        Fact(say("Exhibits with a complete image"), str(sum(item.manifest is not None for item in subjects))),
        Fact(say("Complete images"), str(len(images))),
        *(_verdict_fact(verdict, verdicts[verdict]) for verdict in Verdict),
        Fact(say("Warnings about custody"), str(warnings), tone=Tone.BAD if warnings else Tone.PLAIN),
    )
    return Section(say("Summary"), (Facts(facts),))


def _verdict_fact(verdict: Verdict, count: int) -> Fact:
    """How many exhibits have this as their latest verdict."""
    bad = count and verdict is not Verdict.PASSED
    return Fact(
        say("Latest verification {verdict}", verdict=say(VERDICTS[verdict.value])),
        str(count),
        tone=Tone.BAD if bad else Tone.PLAIN,
    )


def _exhibits(subjects: tuple[Subject, ...]) -> Section:
    """The section with one line for each exhibit."""
    if not subjects:
        return Section(say("Exhibits"), (Paragraph(say("The case has no exhibit.")),))
    rows = tuple(_exhibit_row(subject) for subject in subjects)
    return Section(say("Exhibits"), (Table(say("Exhibits of the case"), in_words(_EXHIBIT_COLUMNS), rows),))


def _exhibit_row(subject: Subject) -> tuple[str | None, ...]:
    """One exhibit: what it is and how far its imaging got."""
    exhibit, acquisition = subject.record.exhibit, subject.acquisition
    state = say("not acquired") if acquisition is None else acquisition_state(acquisition)
    if subject.imported is not None:
        state = say("image made elsewhere")
    return exhibit.reference, told_text(exhibit.description), exhibit.serial, state


def _images(subjects: tuple[Subject, ...]) -> Section:
    """The section with every image and the hash values of the one that counts."""
    rows = tuple(row for subject in subjects for row in _image_rows(subject))
    if not rows:
        return Section(say("Images"), (Paragraph(say("No acquisition is recorded.")),))
    blocks: list[Block] = [Table(say("Images of the exhibits"), in_words(_IMAGE_COLUMNS), rows)]
    digests = tuple(row for subject in subjects for row in _digest_rows(subject))
    if digests:
        blocks.append(Table(say("Hash values of the data"), in_words(_DIGEST_COLUMNS), digests))
    return Section(say("Images"), tuple(blocks))


def _image_rows(subject: Subject) -> list[tuple[str | None, ...]]:
    """Every acquisition of an exhibit, the one that counts first."""
    counted_first = [subject.acquisition, *subject.others] if subject.acquisition else []
    acquired = {item.started_sequence for item in subject.record.acquisitions}
    imported = [item for item in subject.record.imports if item.sequence not in acquired]
    rows = [_image_row(subject.record, item) for item in counted_first]
    return [*rows, *(_imported_row(subject.record, item) for item in imported)]


def _image_row(record: ExhibitRecord, item: Acquisition) -> tuple[str | None, ...]:
    """One acquisition and what its latest verification said."""
    manifest = item.manifest
    return (
        record.exhibit.reference,
        ", ".join(item.paths) or None,
        instant_text(item.started),
        str(manifest.media.size_bytes) if manifest else None,
        unreadable_text(manifest) if manifest else acquisition_state(item),
        _verdict_of(record, item.started_sequence),
    )


def _imported_row(record: ExhibitRecord, item: ImportedImage) -> tuple[str | None, ...]:
    """One image that was made elsewhere, as it states itself."""
    return (
        record.exhibit.reference,
        item.path,
        say("elsewhere; entered {at}", at=instant_text(item.recorded)),
        str(item.image.media_size_bytes),
        say_number("{count} sector stated", "{count} sectors stated", item.image.unreadable_sectors),
        _verdict_of(record, item.sequence),
    )


def _verdict_of(record: ExhibitRecord, number: int) -> str | None:
    """What the latest verification of an image said: of the one that this entry started or imported."""
    verdicts = [found for found in record.verifications if found.acquisition == number]
    return verdict_text(max(verdicts, key=lambda found: found.sequence).result) if verdicts else None


def _digest_rows(subject: Subject) -> list[tuple[str | None, ...]]:
    """The hash values of an exhibit's image, the strongest first."""
    manifest, imported = subject.manifest, subject.imported
    digests = manifest.media.digests if manifest else imported.digests if imported else {}
    reference = subject.record.exhibit.reference
    return [(reference, digest_name(name), digests[name]) for name in digest_order(digests)]


def _custody(record: CaseRecord) -> Section:
    """The section that says where each exhibit is, with every warning of the record."""
    blocks: list[Block] = [
        Paragraph(f"{item.exhibit.reference}: {warning_text(warning)}", Tone.BAD)
        for item in record.exhibits
        for warning in item.custody_warnings
    ]
    rows = tuple(_custody_row(item) for item in record.exhibits)
    blocks += [Table(say("Where the exhibits are, as recorded"), in_words(_CUSTODY_COLUMNS), rows)] if rows else []
    return Section(say("Custody"), tuple(blocks) or (Paragraph(say("The case has no exhibit.")),))


def _custody_row(record: ExhibitRecord) -> tuple[str | None, ...]:
    """The last event of one exhibit, and who and what it names last."""
    events = events_in_time(record)
    reference = record.exhibit.reference
    if not events:
        return reference, None, None, None, None
    keeper = next((item.received_by for item in reversed(events) if item.received_by), None)
    place = next((item.to_place for item in reversed(events) if item.to_place), None)
    seal = next((item.seal_in for item in reversed(events) if item.seal_in or item.seal_out), None)
    return reference, _event_text(events[-1]), person_text(keeper), place, seal


def _event_text(event: CustodyEvent) -> str:
    """What happened and when."""
    return f"{say(CUSTODY_WORDS[event.kind])} {instant_text(event.at)}"


def _reports(record: CaseRecord) -> Section:
    """The section with every report that was issued before this one."""
    reports = [*record.reports, *(item for exhibit in record.exhibits for item in exhibit.reports)]
    if not reports:
        return Section(say("Reports"), (Paragraph(say("No report was issued before this one.")),))
    rows = issued_rows(sorted(reports, key=lambda item: item.sequence))
    told = Paragraph(
        say_number(
            "Before this one {count} report was issued.", "Before this one {count} reports were issued.", len(rows)
        )
    )
    return Section(say("Reports"), (told, Table(say("Reports issued earlier"), in_words(ISSUED_COLUMNS), rows)))
