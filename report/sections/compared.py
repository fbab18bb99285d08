"""What the record holds of an image beside what a verification found: digest by digest, file by file."""

from dataclasses import dataclass

from casedb.records import ExhibitRecord, Manifest, SegmentRecord, Verification, VerificationResult
from report.document import Column, Paragraph, Section, Table, in_words
from report.phrases import digest_name, digest_order, files_text
from report.sections.reading import left_out_text
from report.wording import english, said, say, say_number

PRINTED_SEGMENTS = 60
AGREES, DIFFERS, NOT_COMPARED = english("agrees"), english("DIFFERS"), english("not compared")
MISSING = english("MISSING")
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


def acquired_manifest(record: ExhibitRecord, verification: Verification) -> Manifest | None:
    """The manifest of the acquisition whose image was verified, where the case knows it."""
    number = verification.acquisition
    return next((item.manifest for item in record.acquisitions if item.started_sequence == number), None)


@dataclass(frozen=True)
class Recorded:
    """What the record holds of the image that was verified: digests of its data, and its segment files."""

    digests: dict[str, str]
    segments: tuple[SegmentRecord, ...]


def recorded_of(record: ExhibitRecord, verification: Verification, manifest: Manifest | None) -> Recorded:
    """The values of the acquisition; of an image made elsewhere those of its import, where they were compared.

    The verification during the import computed these values itself and compared them with nothing.
    """
    if manifest is not None:
        return Recorded(manifest.media.digests, manifest.segments)
    found = next((item for item in record.imports if item.sequence == verification.acquisition), None)
    if found is None or f"ledger entry {found.sequence}" not in verification.result.compared_with:
        return Recorded({}, ())
    return Recorded(found.digests, found.segments)


def digest_table(result: VerificationResult, recorded: Recorded) -> Table:
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


def compared_files_section(result: VerificationResult, recorded: Recorded) -> Section | None:
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
