"""A report as PDF: its blocks laid out in strips, the strips put on pages, the pages drawn."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from report.attachments import Attachment
from report.document import (
    Block,
    Commands,
    Facts,
    Headline,
    Labels,
    Paper,
    Paragraph,
    Picture,
    QrCode,
    Report,
    SectorMap,
    Signatures,
    SpeedCurve,
    Table,
    Timeline,
)
from report.pdf.archive import archived
from report.pdf.blocks import BlockLayout, section_heading
from report.pdf.fonts import FontBook
from report.pdf.frame import PageFrame
from report.pdf.labels import LabelFrame, label_slabs
from report.pdf.letterhead import letterhead_slabs
from report.pdf.qr_picture import qr_slab
from report.pdf.sector_map import sector_map_slab
from report.pdf.settings import take_shipped_settings
from report.pdf.sheet import Sheets
from report.pdf.signature_lines import signature_slabs
from report.pdf.slabs import Placed, Slab, end_kept_with_next, fill_pages, kept_with_next, with_space
from report.pdf.speed_curve import speed_slab
from report.pdf.structure import Element
from report.pdf.style import SMALL, STRONG, SUBHEADING, TITLE, Chain
from report.pdf.tables import table_slabs
from report.pdf.timeline import timeline_slab
from report.pdf.typeset import Typesetter
from report.statements import NO_GLYPH
from report.wording import say, speaking

_SIGNED_LINES = 4
"""How many lines of what is signed stand on the page of the signatures, at the least."""


def render_pdf(report: Report, attachments: Sequence[Attachment] = (), cjk_font: Path | None = None) -> bytes:
    """Print a report as PDF/A-3a and PDF/UA-1; the same report, attachments and fonts give the same bytes.

    `cjk_font` is a TrueType font asked before those of the system for letters that our own fonts do not have.

    Raises:
        ValueError: the letterhead's logo is not a picture that can be read.
    """
    take_shipped_settings()
    book = FontBook(cjk_font)
    try:
        with speaking(report.issue.language):
            return _drawn(report, attachments, Typesetter(book))
    finally:
        book.close()


def _drawn(report: Report, attachments: Sequence[Attachment], setter: Typesetter) -> bytes:
    """The document, laid out, drawn and finished."""
    is_label = report.issue.paper.is_label
    frame = LabelFrame(report.issue.paper) if is_label else PageFrame(report, setter)
    root = Element("Document")
    layout = BlockLayout(setter, frame.left, frame.width, root)
    slabs = _labels(layout, report) if is_label else _document(layout, report)
    pages = fill_pages(slabs, frame.height)
    first_face = setter.book.faces(Chain.TEXT)[0].name
    sheets = Sheets(report.issue, _document_title(report), first_face)
    for number, page in enumerate(pages, start=1):
        frame.draw(sheets, number, len(pages))
        _draw_page(sheets, frame, page, number)
        sheets.showPage()
    return archived(sheets.finished(), root, sheets.marks, sheets.fields, sheets.metadata, attachments)


def _document(layout: BlockLayout, report: Report) -> list[Slab]:
    """Title, sections and end of a document."""
    slabs = [*_title(layout, report), *_sections(layout, report)]
    return [*end_kept_with_next(slabs, 2), *_ending(layout)]


def _labels(layout: BlockLayout, report: Report) -> list[Slab]:
    """The labels of a document that is printed on sheets of one label each."""
    blocks = (block for section in report.sections for block in section.blocks if isinstance(block, Labels))
    return [slab for block in blocks for slab in label_slabs(layout, block, report.issue.paper)]


def _draw_page(sheets: Sheets, frame: PageFrame | LabelFrame, page: list[Placed], number: int) -> None:
    """The strips of one page."""
    for index, placed in enumerate(page):
        top = frame.top - placed.depth
        if placed.slab.outline is not None:
            sheets.bookmark(f"p{number}s{index}", placed.slab.outline, top)
        placed.slab.draw(sheets, top)


def _document_title(report: Report) -> str:
    """The title of the document as a viewer shows it."""
    running = report.running
    if running.exhibit_reference is None:
        about = say("case {number}", number=running.case_number)
    else:
        about = say("exhibit {reference}", reference=running.exhibit_reference)
    return f"{report.title}, {about}, {report.issue.report_id}"


def _title(layout: BlockLayout, report: Report) -> list[Slab]:
    """Letterhead, title and what tells this report from others."""
    head = letterhead_slabs(layout, report.issue.letterhead)
    title = kept_with_next(layout.text(report.title, TITLE, "H1"))
    return [*head, *with_space(title, 12), *layout.facts(report.head)]


def _sections(layout: BlockLayout, report: Report) -> list[Slab]:
    """The sections one after the other, numbered."""
    slabs: list[Slab] = []
    for number, section in enumerate(report.sections, start=1):
        part = layout.within("Sect")
        slabs += section_heading(part, number, section.title, begins_page=section.begins_page)
        for block, after in zip_longest(section.blocks, section.blocks[1:]):
            slabs += _bound(_block(part, block), block, after)
    return slabs


def _bound(slabs: list[Slab], block: Block, after: Block | None) -> list[Slab]:
    """The strips of a block, bound to the next where it speaks of it, or where people sign for it."""
    if isinstance(after, Signatures):
        return end_kept_with_next(slabs, _SIGNED_LINES)
    leads = isinstance(block, Paragraph) and isinstance(after, Commands | Table)
    return kept_with_next(slabs) if leads else slabs


def _block(layout: BlockLayout, block: Block) -> list[Slab]:
    """The strips of one block."""
    match block:
        case Paragraph():
            return layout.paragraph(block)
        case Facts():
            return layout.facts(block)
        case Headline():
            return layout.headline(block)
        case Table():
            return table_slabs(layout, block)
        case Commands():
            return layout.commands(block)
        case Signatures():
            return signature_slabs(layout, block)
        case Labels():
            return label_slabs(layout, block, Paper.A4)
        case SectorMap() | SpeedCurve() | Timeline() | QrCode():
            title = kept_with_next(layout.text(block.title, SUBHEADING, "H3"))
            return [*with_space(title, 10), _picture(layout, block)]


def _picture(layout: BlockLayout, block: Picture) -> Slab:
    """One picture."""
    match block:
        case SectorMap():
            return sector_map_slab(layout, block)
        case SpeedCurve():
            return speed_slab(layout, block)
        case Timeline():
            return timeline_slab(layout, block)
        case QrCode():
            return qr_slab(layout, block)


def _ending(layout: BlockLayout) -> list[Slab]:
    """What could not be printed, and the mark at the end."""
    missing = sorted(layout.setter.book.missing)
    slabs: list[Slab] = []
    if missing:
        named = ", ".join(f"U+{ord(letter):04X}" for letter in missing[:100])
        slabs = with_space(layout.text(f"{say(NO_GLYPH)} {len(missing)}: {named}.", SMALL), 14)
    end = layout.setter.cut(say("END OF REPORT"), STRONG, layout.width)
    element = Element("P", layout.part)

    def draw(sheets: Sheets, top: float) -> None:
        sheets.text(layout.left + (layout.width - end.width) / 2, top - STRONG.size, end, STRONG, element)

    return [*kept_with_next(slabs), Slab(STRONG.leading, draw, before=16)]
