"""The verification certificate: one verification, what it compared with what, and MATCH, MISMATCH or INCOMPLETE."""

from dataclasses import dataclass

from casedb.records import ExhibitRecord, Manifest, Method, SegmentRecord, Verdict, Verification, VerificationResult
from report.document import (
    Block,
    Column,
    Fact,
    Facts,
    Headline,
    Issue,
    Paragraph,
    Section,
    Table,
    Tone,
    in_words,
    said_headline,
)
from report.kinds.nothing import NothingToReport
from report.phrases import (
    bytes_text,
    compared_text,
    digest_name,
    digest_order,
    files_text,
    instant_text,
    number_text,
)
from report.sections.checkpoint import checkpoint_section
from report.sections.closing import checking_section, signatures_section, statements_section
from report.sections.findings import findings_section
from report.sections.reading import left_out_text, unreadable_text
from report.sections.verification import verification_facts
from report.statements import INCOMPLETE, MATCH, MATCH_SEGMENTS, MISMATCH
from report.subject import Subject
from report.wording import english, said, say, say_number

PRINTED_SEGMENTS = 60
AGREES, DIFFERS, NOT_COMPARED = english("agrees"), english("DIFFERS"), english("not compared")
MISSING = english("MISSING")
_WORDS = {
    Verdict.PASSED: Headline(english("MATCH"), MATCH, Tone.GOOD),
    Verdict.FAILED: Headline(english("MISMATCH"), MISMATCH, Tone.BAD),
    Verdict.INDETERMINATE: Headline(english("INCOMPLETE"), INCOMPLETE, Tone.CAUTION),
}
_DIGEST_COLUMNS = (
    Column(english("Algorithm"), 9),
    Column(english("Recorded"), 39, code=True),
    Column(english("Found"), 39, code=True),
    Column(english("Result"), 13),
)
_SEGMENT_COLUMNS = (
    Column(english("File"), 17, code=True),
    Column(english("Bytes"), 11, right=True),
    Column(english("SHA-256 of the file as found"), 59, code=True),
    Column(english("Result"), 13),
)


def certificate_sections(subject: Subject, issue: Issue) -> tuple[Section, ...]:
    """The sections of the certificate of one verification: by its entry, or the latest.

    Raises:
        NothingToReport: there is no such verification.
    """
    record = subject.record
    verification = verification_of(record, issue.about)
    manifest = acquired_manifest(record, verification)
    recorded = _recorded_of(record, verification, manifest)
    result = verification.result
    sections = (
        _certificate(verification, manifest, recorded),
        signatures_section(record, issue.entered),
        findings_section(manifest, result),
        _segments(result, recorded),
        checkpoint_section(record.head, issue),
        checking_section(manifest, record, issue),
        statements_section(),
    )
    return tuple(section for section in sections if section is not None)


def verification_of(record: ExhibitRecord, entry: int | None) -> Verification:
    """The verification of this entry, or the latest.

    Raises:
        NothingToReport: there is none.
    """
    found = [item for item in record.verifications if entry is None or item.sequence == entry]
    if not found:
        what = "no verification" if entry is None else f"entry {entry} is no verification"
        do = "Verify its image: diskwitness verify IMAGE"
        raise NothingToReport(f"{what} of exhibit {record.exhibit.reference!r} is recorded", do)
    return max(found, key=lambda item: item.sequence)


def acquired_manifest(record: ExhibitRecord, verification: Verification) -> Manifest | None:
    """The manifest of the acquisition whose image was verified, where the case knows it."""
    number = verification.acquisition
    return next((item.manifest for item in record.acquisitions if item.started_sequence == number), None)


@dataclass(frozen=True)
class _Recorded:
    """What the record holds of the image that was verified: digests of its data, and its segment files."""

    digests: dict[str, str]
    segments: tuple[SegmentRecord, ...]


def _recorded_of(record: ExhibitRecord, verification: Verification, manifest: Manifest | None) -> _Recorded:
    """The values of the acquisition; of an image made elsewhere those of its import, where they were compared.

    The verification during the import computed these values itself and compared them with nothing.
    """
    if manifest is not None:
        return _Recorded(manifest.media.digests, manifest.segments)
    found = next((item for item in record.imports if item.sequence == verification.acquisition), None)
    if found is None or f"ledger entry {found.sequence}" not in verification.result.compared_with:
        return _Recorded({}, ())
    return _Recorded(found.digests, found.segments)


def certificate_headline(result: VerificationResult) -> Headline:
    """MATCH, MISMATCH or INCOMPLETE."""
    if result.method is Method.SEGMENTS and result.verdict is Verdict.PASSED:
        return Headline(say("MATCH of the segment files"), say(MATCH_SEGMENTS), Tone.GOOD)
    return said_headline(_WORDS[result.verdict])


def _certificate(verification: Verification, manifest: Manifest | None, recorded: _Recorded) -> Section:
    """The section that says the result and what it rests on."""
    result = verification.result
    blocks: list[Block] = [
        certificate_headline(result),
        Facts((*verification_facts(result), *_checked(result, manifest))),
        Facts(_reference(verification), say("What it was compared with")),
        _digests(result, recorded),
        Facts(_program(verification), say("By whom and with what")),
    ]
    return Section(say("Certificate"), tuple(blocks))


def _checked(result: VerificationResult, manifest: Manifest | None) -> tuple[Fact, ...]:
    """How much was read, and what the image never held."""
    total_bytes = sum(item.size_bytes for item in result.segments)
    return (
        Fact(say("Bytes of the files"), bytes_text(total_bytes)),
        Fact(say("Sector size"), bytes_text(result.sector_size_bytes)),
        Fact(say("Unreadable sectors"), unreadable_text(manifest) if manifest is not None else None),
        Fact(say("Findings"), str(len(result.findings))),
    )


def _reference(verification: Verification) -> tuple[Fact, ...]:
    """Where the values come from that the image was compared with."""
    number = verification.acquisition
    return (
        Fact(say("Acquisition or import, entry in the ledger"), number_text(number)),
        Fact(say("SHA-256 of its manifest"), verification.result.manifest_sha256, code=True),
        Fact(say("Kinds of values"), compared_text(verification.result)),
    )


def _digests(result: VerificationResult, recorded: _Recorded) -> Table:
    """Each algorithm: what was recorded, what was found, whether they agree."""
    known = result.stored_digests | recorded.digests
    names = digest_order((*known, *result.digests))
    rows = tuple(_digest_row(name, known.get(name), result.digests.get(name)) for name in names)
    return Table(say("Hash values of the whole data"), in_words(_DIGEST_COLUMNS), _said(rows))


def _digest_row(name: str, recorded: str | None, found: str | None) -> tuple[str | None, ...]:
    """One algorithm."""
    return digest_name(name), recorded, found, _compared(recorded, found)


def _compared(recorded: str | None, found: str | None) -> str:
    """Whether two values agree, where there are two."""
    if recorded is None or found is None:
        return NOT_COMPARED
    return AGREES if recorded.lower() == found.lower() else DIFFERS


def _program(verification: Verification) -> tuple[Fact, ...]:
    """Program, computer and operator of the verification."""
    return (
        Fact(say("Program"), f"diskwitness {verification.tool_version}" if verification.tool_version else None),
        Fact(say("SHA-256 of the program"), verification.program_sha256, code=True),
        Fact(say("Host name"), verification.host),
        Fact(say("Operator"), verification.operator),
        Fact(say("Recorded"), instant_text(verification.recorded)),
        Fact(say("Entry in the ledger"), str(verification.sequence)),
    )


def _segments(result: VerificationResult, recorded: _Recorded) -> Section | None:
    """The section with the result of each file, what disagrees first."""
    known = {item.file: item for item in recorded.segments}
    found = {item.file for item in result.segments}
    rows = [_segment_row(item, known.get(item.file)) for item in result.segments]
    rows += [(item.file, None, None, MISSING) for item in known.values() if item.file not in found]
    if not rows:
        return None
    ordered = sorted(rows, key=lambda row: row[-1] == AGREES)
    shown = tuple(ordered[:PRINTED_SEGMENTS])
    where = say("the verification result and the ledger hold them all")
    left_out = left_out_text(len(shown), len(rows), files_text(len(rows)), where)
    good = sum(row[-1] == AGREES for row in rows)
    told = Paragraph(
        say_number(
            "Of {count} segment file {good} agree with the record.",
            "Of {count} segment files {good} agree with the record.",
            len(rows),
            good=good,
        )
    )
    return Section(
        say("Segment files"),
        (told, Table(say("Results by file"), in_words(_SEGMENT_COLUMNS), _said(shown), left_out)),
    )


def _said(rows: tuple[tuple[str | None, ...], ...]) -> tuple[tuple[str | None, ...], ...]:
    """The same rows, the result in their last column in the language of the document."""
    return tuple((*row[:-1], said(row[-1])) for row in rows)


def _segment_row(item: SegmentRecord, recorded: SegmentRecord | None) -> tuple[str | None, ...]:
    """One segment file, compared with the record."""
    result = _compared(recorded.sha256 if recorded else None, item.sha256 or None)
    return item.file, str(item.size_bytes), item.sha256 or None, result
