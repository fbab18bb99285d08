"""The findings: what was seen to be wrong or worth saying, the writing to a source first of all."""

from casedb.records import Finding, Manifest, Severity, VerificationResult
from report.document import Block, Column, Paragraph, Section, Table, Tone, in_words
from report.phrases import finding_text, sectors_text
from report.sections.reading import left_out_text
from report.statements import ALL_ZEROS, HIGH_ENTROPY, WRITTEN
from report.wording import english, say, say_number

PRINTED = 200
_EXPLAINED = {"source-written": WRITTEN, "media-all-zeros": ALL_ZEROS, "media-high-entropy": HIGH_ENTROPY}
_WEIGHTS = {Severity.FAILURE: 1, Severity.GAP: 2, Severity.NOTE: 3}
_WORDS = {
    Severity.FAILURE: english("disagrees"),
    Severity.GAP: english("could not be checked"),
    Severity.NOTE: english("note"),
}
_COLUMNS = (
    Column(english("Kind"), 14),
    Column(english("Finding"), 16),
    Column(english("Where"), 22),
    Column(english("What was seen"), 48),
)


def all_findings(manifest: Manifest | None, verification: VerificationResult | None) -> tuple[Finding, ...]:
    """Findings of acquisition and verification, each once: source-written first, then by weight."""
    acquired = manifest.findings if manifest else ()
    verified = verification.findings if verification else ()
    return tuple(sorted(dict.fromkeys((*acquired, *verified)), key=_weight))


def notes_of(manifest: Manifest | None, verification: VerificationResult | None) -> tuple[Paragraph, ...]:
    """What a reader must know at once, in plain words: a written source, media of zeros or of noise."""
    seen = {item.code for item in all_findings(manifest, verification)}
    return tuple(Paragraph(say(text), Tone.CAUTION) for code, text in _EXPLAINED.items() if code in seen)


def findings_section(manifest: Manifest | None, verification: VerificationResult | None) -> Section:
    """The section with every finding, as many as are printed."""
    findings = all_findings(manifest, verification)
    if not findings:
        return Section(say("Findings"), (Paragraph(say("There are no findings in the record.")),))
    rows = tuple(_row(item) for item in findings[:PRINTED])
    where = say("the manifest and the verification result hold them all")
    every = say_number("{count} finding", "{count} findings", len(findings))
    table = Table(say("Findings"), in_words(_COLUMNS), rows, left_out_text(len(rows), len(findings), every, where))
    blocks: tuple[Block, ...] = (*notes_of(manifest, verification), table)
    return Section(say("Findings"), blocks)


def _weight(item: Finding) -> tuple[int, str]:
    """The place of a finding in the list."""
    return (0 if item.code == "source-written" else _WEIGHTS[item.severity]), item.code


def _row(item: Finding) -> tuple[str | None, ...]:
    """One finding: its weight, code, place and detail."""
    return say(_WORDS[item.severity]), item.code, _place(item), _detail(item)


def _place(item: Finding) -> str:
    """The segment file, byte and sectors of a finding, as far as it has them."""
    parts = [item.segment] if item.segment else []
    if item.offset_bytes is not None:
        parts.append(say("byte {offset}", offset=item.offset_bytes))
    if item.sectors is not None:
        parts.append(say("sectors {range}", range=sectors_text(item.sectors)))
    return ", ".join(parts) or say("the whole")


def _detail(item: Finding) -> str:
    """What was seen, with the two values that disagree."""
    compared = [say("expected {value}", value=item.expected)] if item.expected is not None else []
    compared += [say("found {value}", value=item.found)] if item.found is not None else []
    told = f"{item.detail} ({'; '.join(compared)})" if compared else item.detail
    return finding_text(item.code, told)
