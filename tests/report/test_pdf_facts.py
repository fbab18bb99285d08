"""What a PDF says is what the document as values says, both ways; read from the PDF by its structure (poppler)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from casedb.records import ExhibitRecord
from report.document import Block, Commands, Facts, Headline, Labels, Paragraph, Report, Table, known
from report.escape import visible
from report.pdf.render import render_pdf
from report.phrases import NOT_RECORDED
from report.text import render_text
from tests.report.documents import documents
from tests.report.samples import damaged_record, healthy_record
from tests.report.test_pdf import looked_at, squeezed

RECORDS = {"healthy": healthy_record(), "damaged": damaged_record(20, 30)}
KINDS = [report.kind.value for report in documents(RECORDS["healthy"])]
FRAME = re.compile(r"END OF REPORT|Characters for which|No font at hand.*")
SIGNING = {"Name", "Dateandtime", "Signature", "NameDateandtimeSignature"}
TEXT = re.compile(r'( *)"(.*)"')


def said(report: Report, folder: Path) -> list[str]:
    """What the elements of the PDF say, pictures left out."""
    path = folder / "report.pdf"
    path.write_bytes(render_pdf(report))
    found: list[str] = []
    figure: int | None = None
    for line in looked_at("pdfinfo", "-struct-text", path).splitlines():
        depth = len(line) - len(line.lstrip())
        if figure is not None and depth > figure:
            continue
        figure = depth if line.lstrip().startswith("Figure") else None
        text = TEXT.fullmatch(line)
        if text is not None:
            found.append(squeezed(text[2]))
    return found


def values(report: Report) -> Iterator[str]:
    """Every value that the document states."""
    yield report.title
    yield from (text for fact in report.head.facts for text in (fact.label, known(fact.value) or NOT_RECORDED))
    for section in report.sections:
        yield section.title
        for block in section.blocks:
            yield from _values(block)


def _values(block: Block) -> Iterator[str]:
    """The values of one block; those of pictures are not text."""
    match block:
        case Paragraph():
            yield block.text
        case Headline():
            yield from (block.word, block.meaning)
        case Facts():
            yield from (text for fact in block.facts for text in (fact.label, known(fact.value) or NOT_RECORDED))
        case Commands():
            yield from block.lines
        case Table():
            yield from (column.title for column in block.columns)
            yield from (known(cell) or NOT_RECORDED for row in block.rows for cell in row)
        case Labels():
            yield from (label.title for label in block.labels)


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS.keys())
@pytest.mark.parametrize(
    ("number", "kind"), list(enumerate(KINDS)), ids=[f"{n}-{kind}" for n, kind in enumerate(KINDS)]
)
def test_all_that_the_document_states_is_in_the_pdf_and_nothing_else(
    record: ExhibitRecord, number: int, kind: str, tmp_path: Path
) -> None:
    report = list(documents(record))[number]
    spoken = said(report, tmp_path)
    whole = "".join(spoken)
    assert not [value for value in values(report) if squeezed(visible(value)) not in whole]
    text = squeezed(render_text(report)).replace(":", "")
    rest = [words.removesuffix("...").replace(":", "") for words in spoken if not FRAME.match(words)]
    assert not [words for words in rest if words not in text and words not in SIGNING]
