"""The case summary: all exhibits with their images, verifications and keepers, on few pages."""

from collections import Counter

from casedb.records import Acquisition, CaseRecord, CustodyEvent, ExhibitRecord, ImportedImage, Verdict
from report.document import Block, Column, Fact, Facts, Issue, Paragraph, Section, Table, Tone
from report.phrases import counted, digest_name, digest_order, instant_text, person_text, told_text
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

_EXHIBIT_COLUMNS = (
    Column("Exhibit", 14),
    Column("Description", 42),
    Column("Serial number", 22),
    Column("State", 22),
)
_IMAGE_COLUMNS = (
    Column("Exhibit", 12),
    Column("Image", 22, code=True),
    Column("Acquired", 20),
    Column("Bytes of data", 14, right=True),
    Column("Unreadable", 16),
    Column("Verified", 16),
)
_DIGEST_COLUMNS = (Column("Exhibit", 14), Column("Algorithm", 10), Column("Hash value", 76, code=True))
_CUSTODY_COLUMNS = (
    Column("Exhibit", 12),
    Column("Last event", 26),
    Column("With", 26),
    Column("Where", 24),
    Column("Seal", 12),
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
        Fact("Case number", record.case.number),
        Fact("Exhibits", str(len(record.exhibits))),
        Fact("Exhibits with a complete image", str(sum(item.manifest is not None for item in subjects))),
        Fact("Complete images", str(len(images))),
        *(_verdict_fact(verdict, verdicts[verdict]) for verdict in Verdict),
        Fact("Warnings about custody", str(warnings), tone=Tone.BAD if warnings else Tone.PLAIN),
    )
    return Section("Summary", (Facts(facts),))


def _verdict_fact(verdict: Verdict, count: int) -> Fact:
    """How many exhibits have this as their latest verdict."""
    bad = count and verdict is not Verdict.PASSED
    return Fact(f"Latest verification {verdict.value}", str(count), tone=Tone.BAD if bad else Tone.PLAIN)


def _exhibits(subjects: tuple[Subject, ...]) -> Section:
    """The section with one line for each exhibit."""
    if not subjects:
        return Section("Exhibits", (Paragraph("The case has no exhibit."),))
    rows = tuple(_exhibit_row(subject) for subject in subjects)
    return Section("Exhibits", (Table("Exhibits of the case", _EXHIBIT_COLUMNS, rows),))


def _exhibit_row(subject: Subject) -> tuple[str | None, ...]:
    """One exhibit: what it is and how far its imaging got."""
    exhibit, acquisition = subject.record.exhibit, subject.acquisition
    state = "not acquired" if acquisition is None else f"acquisition {acquisition.state.value}"
    if subject.imported is not None:
        state = "image made elsewhere"
    return exhibit.reference, told_text(exhibit.description), exhibit.serial, state


def _images(subjects: tuple[Subject, ...]) -> Section:
    """The section with every image and the hash values of the one that counts."""
    rows = tuple(row for subject in subjects for row in _image_rows(subject))
    if not rows:
        return Section("Images", (Paragraph("No acquisition is recorded."),))
    blocks: list[Block] = [Table("Images of the exhibits", _IMAGE_COLUMNS, rows)]
    digests = tuple(row for subject in subjects for row in _digest_rows(subject))
    if digests:
        blocks.append(Table("Hash values of the data", _DIGEST_COLUMNS, digests))
    return Section("Images", tuple(blocks))


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
        unreadable_text(manifest) if manifest else f"acquisition {item.state.value}",
        _verdict_of(record, item.started_sequence),
    )


def _imported_row(record: ExhibitRecord, item: ImportedImage) -> tuple[str | None, ...]:
    """One image that was made elsewhere, as it states itself."""
    return (
        record.exhibit.reference,
        item.path,
        f"elsewhere; entered {instant_text(item.recorded)}",
        str(item.image.media_size_bytes),
        f"{counted(item.image.unreadable_sectors, 'sector')} stated",
        _verdict_of(record, item.sequence),
    )


def _verdict_of(record: ExhibitRecord, number: int) -> str | None:
    """What the latest verification of an image said: of the one that this entry started or imported."""
    verdicts = [found for found in record.verifications if found.acquisition == number]
    return max(verdicts, key=lambda found: found.sequence).result.verdict_text if verdicts else None


def _digest_rows(subject: Subject) -> list[tuple[str | None, ...]]:
    """The hash values of an exhibit's image, the strongest first."""
    manifest, imported = subject.manifest, subject.imported
    digests = manifest.media.digests if manifest else imported.digests if imported else {}
    reference = subject.record.exhibit.reference
    return [(reference, digest_name(name), digests[name]) for name in digest_order(digests)]


def _custody(record: CaseRecord) -> Section:
    """The section that says where each exhibit is, with every warning of the record."""
    blocks: list[Block] = [
        Paragraph(f"{item.exhibit.reference}: {warning}", Tone.BAD)
        for item in record.exhibits
        for warning in item.custody_warnings
    ]
    rows = tuple(_custody_row(item) for item in record.exhibits)
    blocks += [Table("Where the exhibits are, as recorded", _CUSTODY_COLUMNS, rows)] if rows else []
    return Section("Custody", tuple(blocks) or (Paragraph("The case has no exhibit."),))


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
    return f"{CUSTODY_WORDS[event.kind]} {instant_text(event.at)}"


def _reports(record: CaseRecord) -> Section:
    """The section with every report that was issued before this one."""
    reports = [*record.reports, *(item for exhibit in record.exhibits for item in exhibit.reports)]
    if not reports:
        return Section("Reports", (Paragraph("No report was issued before this one."),))
    rows = issued_rows(sorted(reports, key=lambda item: item.sequence))
    told = Paragraph(f"Before this one {counted(len(rows), 'report was', 'reports were')} issued.")
    return Section("Reports", (told, Table("Reports issued earlier", ISSUED_COLUMNS, rows)))
