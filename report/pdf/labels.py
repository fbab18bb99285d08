"""Labels of exhibits: reference, bar code, short lines and a QR code; one to a sheet of label stock, or many.

Code 128 after ISO/IEC 15417, QR code after ISO/IEC 18004. A label is one figure, its words are the alternative.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode.code128 import Code128

from report.document import Label, Labels, Paper, Report
from report.escape import visible
from report.pdf.blocks import BlockLayout
from report.pdf.qr_text import QUIET_MODULES, qr_modules
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab
from report.pdf.structure import Box, Element
from report.pdf.style import INK, RULE, Chain, TextStyle
from report.pdf.typeset import Line, Typesetter
from report.phrases import NOT_RECORDED

_NAME = TextStyle(Chain.BOLD, 11, 13)
_LINE = TextStyle(Chain.TEXT, 5.6, 6.9)
_PAD = 4.0
_GAP = 8.0
_COLUMNS = 2
_RATIO = 0.5
_BAR_HEIGHT = 15.0
_THINNEST_BAR = 0.54
"""Points: 0.19 mm, the thinnest bar that common scanners read."""
_QUIET_BARS = 10


class LabelFrame:
    """The frame of a sheet that is one label: the whole of it, and nothing printed around it."""

    def __init__(self, paper: Paper) -> None:
        self.left = 0.0
        self.width, self.top = paper.value
        self.height = self.top

    def draw(self, sheets: Sheets, number: int, count: int) -> None:
        """Draw nothing: a label has no head and no foot."""


def single_label_slabs(layout: BlockLayout, report: Report) -> list[Slab]:
    """Every label of a report on a sheet of its own."""
    labels = [label for section in report.sections for block in section.blocks for label in _labels_of(block)]
    height = report.issue.paper.value[1]
    return [_row(layout, (label,), layout.width, height, begins_page=True) for label in labels]


def label_slabs(layout: BlockLayout, block: Labels) -> list[Slab]:
    """Labels beside and below each other, with frames to cut along."""
    width = (layout.width - _GAP * (_COLUMNS - 1)) / _COLUMNS
    rows = [block.labels[first : first + _COLUMNS] for first in range(0, len(block.labels), _COLUMNS)]
    return [_row(layout, row, width, width * _RATIO, before=_GAP) for row in rows]


def _labels_of(block: object) -> tuple[Label, ...]:
    """The labels of one block."""
    return block.labels if isinstance(block, Labels) else ()


def _row(
    layout: BlockLayout,
    labels: Sequence[Label],
    width: float,
    height: float,
    *,
    before: float = 0.0,
    begins_page: bool = False,
) -> Slab:
    """Labels of this size beside each other, each a figure of its own."""
    figures = [Element("Figure", layout.part, alternative=_words(label)) for label in labels]
    laid = [_laid(layout.setter, label, width, height) for label in labels]

    def draw(sheets: Sheets, top: float) -> None:
        for index, (words, figure) in enumerate(zip(laid, figures, strict=True)):
            left = layout.left + index * (width + _GAP)
            box = (left, top - height, left + width, top)
            with sheets.held(figure, box):
                _draw(sheets, words, box, framed=not begins_page)

    return Slab(height, draw, before=before, begins_page=begins_page)


@dataclass(frozen=True)
class _Laid:
    """A label whose words are cut to the room beside its QR code, whose side is in points."""

    label: Label
    name: Line
    lines: tuple[Line, ...]
    side: float
    room: float


def _laid(setter: Typesetter, label: Label, width: float, height: float) -> _Laid:
    """A label cut to this size."""
    side = height - 2 * _PAD if label.qr_code else 0.0
    room = width - 2 * _PAD - side - (_PAD if side else 0.0)
    told = [f"{name} {value or NOT_RECORDED}" for name, value in label.lines]
    lines = tuple(setter.cut(text, _LINE, room) for text in told)
    return _Laid(label, setter.cut(label.title, _NAME, room), lines, side, room)


def _words(label: Label) -> str:
    """What a label says, in words."""
    told = "; ".join(f"{name}: {value or NOT_RECORDED}" for name, value in label.lines)
    codes = [
        code
        for code, text in (("a bar code of the reference", label.bar_code), ("a QR code", label.qr_code))
        if text
    ]
    return visible(f"Label of exhibit {label.title}. {told}. With {' and '.join(codes) or 'no code'}.")


def _draw(sheets: Sheets, laid: _Laid, box: Box, *, framed: bool) -> None:
    """One label in its box."""
    left, lower, right, upper = box
    if framed:
        sheets.frame(left, lower, right - left, upper - lower, RULE)
    if laid.label.qr_code:
        _draw_qr_code(sheets, laid.label.qr_code, right - _PAD - laid.side, lower + _PAD, laid.side)
    _draw_words(sheets, laid, left + _PAD, upper - _PAD)


def _draw_words(sheets: Sheets, laid: _Laid, left: float, top: float) -> None:
    """The reference, the bar code and the lines below each other."""
    sheets.text(left, top - _NAME.size, laid.name, _NAME, None)
    top -= _NAME.leading
    code = laid.label.bar_code
    if code and _draw_bar_code(sheets, code, left, top - _BAR_HEIGHT, laid.room):
        top -= _BAR_HEIGHT + 2
    for line in laid.lines:
        sheets.text(left, top - _LINE.size, line, _LINE, None)
        top -= _LINE.leading


def _draw_bar_code(sheets: Sheets, text: str, left: float, lower: float, room: float) -> bool:
    """The bars of a text, where they can be thick enough; tells whether they were drawn."""
    bars = _bars(text)
    count = sum(width for _, width in bars)
    unit = min(room / (count + 2 * _QUIET_BARS), 1.0)
    if unit < _THINNEST_BAR:
        return False
    x = left + _QUIET_BARS * unit
    for is_dark, width in bars:
        if is_dark:
            sheets.box(x, lower, width * unit, _BAR_HEIGHT, INK)
        x += width * unit
    return True


def _bars(text: str) -> list[tuple[bool, int]]:
    """Bars (dark) and spaces with their widths in units."""
    code = Code128(text, quiet=0)
    code.validate()
    code.encode()
    code.decompose()
    return [(letter.isupper(), ord(letter.upper()) - ord("A") + 1) for letter in code.decomposed]


def _draw_qr_code(sheets: Sheets, text: str, left: float, lower: float, side: float) -> None:
    """The dark modules of a QR code within its quiet border, in runs along each row."""
    rows = qr_modules(text, "M")
    unit = side / (len(rows) + 2 * QUIET_MODULES)
    for number, row in enumerate(rows):
        y = lower + side - (number + 1 + QUIET_MODULES) * unit
        for first, count in _runs(row):
            sheets.box(left + (first + QUIET_MODULES) * unit, y, count * unit, unit, INK)


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """First module and length of each dark stretch."""
    runs: list[tuple[int, int]] = []
    for place, is_dark in enumerate(row):
        if is_dark and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((place, 1))
    return runs
