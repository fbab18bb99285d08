"""A statement that a person signs: the words of a template, the facts of the record, what the person told."""

from datetime import timedelta

from casedb.records import Instant, Method, Verdict, Verification
from report.document import Block, Fact, Facts, Issue, Paragraph, Section, Signatures, Signer, Tone
from report.kinds.nothing import NothingToReport
from report.phrases import NOT_RECORDED, instant_text, told_text
from report.sections.checkpoint import checkpoint_section
from report.sections.closing import checking_section
from report.statement_fields import CODES, HASH_SEPARATOR, HASHES, LABELS, record_values
from report.statement_template import DECLARANT, PLACE, StatementPart, StatementTemplate
from report.statements import DRAFT, STATEMENT_BASIS
from report.subject import Subject
from report.wording import say

TO_BE_FILLED = "____________________"


def statement_sections(subject: Subject, issue: Issue) -> tuple[Section, ...]:
    """The sections of a statement.

    Raises:
        ValueError: no template, which is a bug of ours.
    """
    template = issue.statement
    if template is None:
        raise ValueError("a statement is made of a template")
    values = record_values(subject, subject.verification, issue)
    parts = tuple(_part(part, template, values, issue) for part in template.parts)
    return (
        *parts,
        checking_section(subject.manifest, subject.record, issue),
        checkpoint_section(subject.record.head, issue),
    )


def require_verified(subject: Subject, now: Instant, days: int) -> None:
    """Refuse a statement about an image that was not proven lately.

    Raises:
        NothingToReport: no image, no verification, one that did not pass, did not decode the data, or is too old.
    """
    reference = subject.record.exhibit.reference
    do = "Verify the image: diskwitness verify IMAGE"
    if subject.manifest is None:
        raise NothingToReport(
            f"exhibit {reference!r} has no complete image", "Acquire it: diskwitness acquire SOURCE"
        )
    if subject.verification is None:
        raise NothingToReport(f"the image of exhibit {reference!r} was never verified", do)
    _require_proven(subject.verification, now, days, f"exhibit {reference!r}", do)


def _require_proven(verification: Verification, now: Instant, days: int, what: str, do: str) -> None:
    """Refuse a verification that is no proof, or an old one."""
    result = verification.result
    told = f"the last verification of {what} (entry {verification.sequence})"
    if result.verdict is not Verdict.PASSED:
        raise NothingToReport(f"{told} is {result.verdict_text}", do)
    if result.method is Method.SEGMENTS:
        raise NothingToReport(f"{told} compared the segment files alone and computed no hash value of the data", do)
    age = now.as_datetime() - result.finished.as_datetime()
    if age > timedelta(days=days):
        raise NothingToReport(f"{told} is of {instant_text(result.finished)}, more than {days} days ago", do)


def unknown_places(template: StatementTemplate) -> tuple[str, ...]:
    """The places of a template that neither the record nor the template itself knows."""
    known = {DECLARANT, *LABELS, *(item.name for item in template.fields)}
    return tuple(name for name in template.places if name not in known)


def _part(part: StatementPart, template: StatementTemplate, values: dict[str, str | None], issue: Issue) -> Section:
    """One part: its words with their places filled, its facts, and the line to sign."""
    labels = {name: say(label) for name, label in LABELS.items()} | {
        item.name: item.label for item in template.fields
    }
    blocks: list[Block] = [Paragraph(say(DRAFT), Tone.CAUTION)] if template.draft else []
    blocks += [Paragraph(_filled(text, values, issue)) for text in part.paragraphs]
    if part.facts:
        blocks += [Paragraph(say(STATEMENT_BASIS), Tone.FAINT)]
        blocks += [Facts(tuple(fact for name in part.facts for fact in _facts(name, labels[name], values, issue)))]
    if part.signer is not None:
        blocks.append(Signatures((Signer(part.signer, issue.entered.get(part.signed_by)),)))
    return Section(part.title, tuple(blocks))


def _facts(name: str, label: str, values: dict[str, str | None], issue: Issue) -> tuple[Fact, ...]:
    """The fact of this name; hash values have a line each."""
    value = _fact_value(name, values, issue)
    if name not in HASHES or not value:
        return (Fact(label, value, code=name in CODES),)
    digests = [item.split(" ", 1) for item in value.split(HASH_SEPARATOR)]
    return tuple(Fact(f"{label}: {algorithm}", digest, code=True) for algorithm, digest in digests)


def _filled(text: str, values: dict[str, str | None], issue: Issue) -> str:
    """A paragraph with its places filled; a value is text and can bring no place of its own."""
    return PLACE.sub(lambda found: _inline(found.group(1), values, issue), " ".join(text.split()))


def _inline(name: str, values: dict[str, str | None], issue: Issue) -> str:
    """A value inside a sentence: of the record, of a person, or a line to be filled by hand."""
    if name in values:
        return values[name] or say(NOT_RECORDED)
    return told_text(issue.entered.get(name)) or TO_BE_FILLED


def _fact_value(name: str, values: dict[str, str | None], issue: Issue) -> str | None:
    """A value in a list: of the record, or of a person, where an empty line waits for a hand."""
    return values[name] if name in values else told_text(issue.entered.get(name)) or TO_BE_FILLED
