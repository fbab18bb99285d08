"""What the tests of languages share: documents of several records, and a language unlike English."""

import gettext
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace

import pytest

from casedb.custody import custody_warnings
from casedb.records import ExhibitRecord
from report import wording
from report.document import Block, Commands, Issue, QrCode, Report, ReportKind
from report.kinds.nothing import NothingToReport
from tests.report.samples import CUSTODY, ISSUE, damaged_record, healthy_record
from tests.report.test_damaged_files import found
from tests.report.test_imported import imported_record
from tests.report.told_documents import document_of

PLACE = re.compile(r"\{\w+\}")
_LETTERS = str.maketrans(
    {chr(ord("a") + n): chr(0x430 + n) for n in range(26)} | {chr(ord("A") + n): chr(0x410 + n) for n in range(26)}
)


class Marked(gettext.NullTranslations):
    """Says every text in Cyrillic letters, its places apart: what is still Latin was not said by the catalogue."""

    def gettext(self, message: str) -> str:
        """The text, letter by letter."""
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form of English, letter by letter."""
        return marked(msgid1 if n == 1 else msgid2)


def marked(text: str) -> str:
    """A text in Cyrillic letters, its places left as they are."""
    parts = PLACE.split(text)
    places = [*PLACE.findall(text), ""]
    return "".join(part.translate(_LETTERS) + place for part, place in zip(parts, places, strict=True))


def speak_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every document be said in marked letters."""
    monkeypatch.setattr(wording, "catalogue_of", lambda _language: Marked())


def records() -> dict[str, ExhibitRecord]:
    """Records that make every section say something: two images, one from elsewhere, custody in disorder."""
    damaged = damaged_record(9, 30)
    results = tuple(replace(item, result=replace(item.result, files=found(3))) for item in damaged.verifications)
    disorder = replace(healthy_record(), custody=CUSTODY[1:], custody_warnings=custody_warnings(CUSTODY[1:]))
    return {
        "healthy": healthy_record(),
        "damaged": replace(damaged, verifications=results),
        "disorder": disorder,
        "imported": imported_record(),
    }


def documents_in(record: ExhibitRecord, language: str) -> Iterator[Report]:
    """Every kind of document of this record that can be made, in this language."""
    for kind in ReportKind:
        try:
            yield document_of(kind, record, replace(ISSUE, language=language))
        except NothingToReport:
            continue


def without_typed_lines(report: Report) -> Report:
    """The same document without what is to be typed or scanned: that is in no language."""
    sections = tuple(
        replace(section, blocks=tuple(block for block in section.blocks if not _is_typed(block)))
        for section in report.sections
    )
    return replace(report, sections=sections)


def strings_of(value: object) -> Iterator[str]:
    """Every text in a record, whatever holds it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from (*strings_of(name), *strings_of(item))
    elif isinstance(value, Sequence):
        for item in value:
            yield from strings_of(item)
    elif is_dataclass(value) and not isinstance(value, type):
        yield str(value)
        for field in fields(value):
            yield from strings_of(getattr(value, field.name))


def issue_strings(issue: Issue) -> Iterator[str]:
    """Every text that was told for one report."""
    yield from strings_of(issue)


def _is_typed(block: Block) -> bool:
    """Whether a block is to be typed, or scanned."""
    return isinstance(block, Commands | QrCode)
