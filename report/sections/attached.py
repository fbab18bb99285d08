"""The photographs and documents that are kept with an exhibit and its events."""

from casedb.records import Attachment, ExhibitRecord
from report.document import Block, Column, Paragraph, Section, Table, in_words
from report.phrases import number_text
from report.wording import english, say

KEPT = english(
    "These files lie in the case folder under the names of their hash values. What they show is said by whoever"
    " described them; the hash values tell whether a file is the one that was attached."
)
_COLUMNS = (
    Column(english("Entry"), 8, right=True),
    Column(english("File"), 20),
    Column(english("Kind"), 16),
    Column(english("Bytes"), 12, right=True),
    Column(english("SHA-256"), 44, code=True),
)


def attached_section(record: ExhibitRecord) -> Section | None:
    """The section that lists them; None where there are none."""
    if not record.attachments:
        return None
    blocks: list[Block] = [
        Paragraph(say(KEPT)),
        Table(say("Attached files"), in_words(_COLUMNS), tuple(map(_row, record.attachments))),
    ]
    described = [item for item in record.attachments if item.description or item.event is not None]
    blocks += [Paragraph(_words(item)) for item in described]
    return Section(say("Photographs and documents"), tuple(blocks))


def _row(item: Attachment) -> tuple[str | None, ...]:
    """One file."""
    return str(item.sequence), item.name, item.media_type, number_text(item.size_bytes), item.sha256


def _words(item: Attachment) -> str:
    """What one file shows, and which entry it belongs to."""
    belongs = say("; it belongs to entry {entry}", entry=item.event) if item.event is not None else ""
    what = item.description or say("no description")
    return say("Entry {entry}: {what}{belongs}.", entry=item.sequence, what=what, belongs=belongs)
