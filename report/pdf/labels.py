"""Exhibit labels: the reference, short lines, bar code and QR code; one to a sheet, or in two columns."""

from collections.abc import Sequence
from dataclasses import replace

from report.document import Label, Labels, Paper, known
from report.escape import visible
from report.pdf.blocks import BlockLayout
from report.pdf.codes import Rectangle, bar_rectangles, qr_rectangles
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab
from report.pdf.structure import Element
from report.pdf.style import FAINT, INK, RULE, Chain, TextStyle
from report.pdf.typeset import Line
from report.phrases import NOT_RECORDED
from report.wording import say

_SMALLEST = Paper.LABEL_62X29.value
_ON_SHEET = 113.0
_COLUMNS = 2
_GAP = 12.0
_EDGE = 5.0
_CUT_EDGE = 12.0
_TITLE = TextStyle(Chain.BOLD, 10.5, 12.5, INK)
_LINE = TextStyle(Chain.TEXT, 4.9, 5.7, INK)
_BAR_HEIGHT = 15.0
_TITLE_SPACE = 1.5
_QR_SIDE = 66.0
_QR_SPACE = 7.0
_NAME_WIDTH = 20.0
_THINNEST_BAR = 0.5


def label_slabs(layout: BlockLayout, block: Labels, paper: Paper) -> list[Slab]:
    """The labels: each as large as the sheet where that is a label, else in rows with lines to cut along."""
    if paper.is_label:
        height = paper.value[1] - 2 * _EDGE
        return [_row(layout, [label], layout.width, height, cut=False) for label in block.labels]
    width = (layout.width - _GAP * (_COLUMNS - 1)) / _COLUMNS
    rows = (block.labels[start : start + _COLUMNS] for start in range(0, len(block.labels), _COLUMNS))
    return [replace(_row(layout, row, width, _ON_SHEET, cut=True), before=_GAP) for row in rows]


class LabelFrame:
    """The frame of a sheet that is one label: nothing but its edge. Measures are points."""

    def __init__(self, paper: Paper) -> None:
        width, height = paper.value
        self.left = self.bottom = _EDGE
        self.width = width - 2 * _EDGE
        self.top = height - _EDGE
        self.height = height - 2 * _EDGE

    def draw(self, sheets: Sheets, number: int, count: int) -> None:
        """Draw nothing: a label has no room for it."""


def _row(layout: BlockLayout, labels: Sequence[Label], width: float, height: float, *, cut: bool) -> Slab:
    """Labels beside each other."""
    inset = _CUT_EDGE if cut else 0.0
    drawings = [
        _LabelDrawing(layout.within("Div"), label, width - 2 * inset, height - 2 * inset) for label in labels
    ]

    def draw(sheets: Sheets, top: float) -> None:
        for index, drawing in enumerate(drawings):
            left = layout.left + index * (width + _GAP)
            if cut:
                sheets.frame(left, top - height, width, height, RULE, 0.4)
            drawing.draw(sheets, left + inset, top - inset)

    return Slab(height, draw)


class _LabelDrawing:
    """One label, laid out for its size."""

    def __init__(self, layout: BlockLayout, label: Label, width: float, height: float) -> None:
        scale = min(width / (_SMALLEST[0] - 2 * _EDGE), height / (_SMALLEST[1] - 2 * _EDGE))
        self._scale, self._height, self._width = scale, height, width
        self._side = _QR_SIDE * scale if label.qr_code else 0.0
        self._text_width = width - self._side - _QR_SPACE * scale
        setter, part = layout.setter, layout.part
        self._style = _scaled(_LINE, scale)
        self._title = setter.cut(label.title, _scaled(_TITLE, scale), self._text_width), Element("P", part)
        self._bars = self._bar_code(label.bar_code, part)
        room = self._text_width - _NAME_WIDTH * scale
        self._lines: list[tuple[Line, Line, Element]] = [
            (
                setter.cut(name, replace(self._style, colour=FAINT), _NAME_WIDTH * scale),
                setter.cut(known(value) or say(NOT_RECORDED), self._style, room),
                Element("P", part),
            )
            for name, value in label.lines
        ]
        self._qr = self._qr_code(label.qr_code, part)

    def draw(self, sheets: Sheets, left: float, top: float) -> None:
        """Draw the label below and to the right of this corner."""
        title, element = self._title
        style = _scaled(_TITLE, self._scale)
        sheets.text(left, top - style.size, title, style, element)
        y = top - style.leading - _TITLE_SPACE * self._scale
        if self._bars is not None:
            y -= _BAR_HEIGHT * self._scale
            _draw_code(sheets, *self._bars, left, y)
            y -= _TITLE_SPACE * self._scale
        for name, value, element in self._lines:
            sheets.text(left, y - self._style.size, name, self._style, element, FAINT)
            sheets.text(left + _NAME_WIDTH * self._scale, y - self._style.size, value, self._style, element)
            y -= self._style.leading
        if self._qr is not None:
            _draw_code(sheets, *self._qr, left + self._width - self._side, top - self._side)

    def _bar_code(self, text: str | None, part: Element) -> tuple[list[Rectangle], Element] | None:
        """The bars of the reference, or None where it has none or they would be too thin to be read."""
        if text is None:
            return None
        bars = bar_rectangles(text, self._text_width, _BAR_HEIGHT * self._scale, self._scale)
        if min(width for _, _, width, _ in bars) < _THINNEST_BAR:
            return None
        return bars, Element("Figure", part, alternative=say("Bar code (Code 128): {text}", text=visible(text)))

    def _qr_code(self, text: str | None, part: Element) -> tuple[list[Rectangle], Element] | None:
        """The modules of the QR code."""
        if text is None:
            return None
        return qr_rectangles(text, "M", self._side), Element(
            "Figure", part, alternative=say("QR code: {text}", text=visible(text))
        )


def _draw_code(sheets: Sheets, rectangles: list[Rectangle], figure: Element, left: float, bottom: float) -> None:
    """The dark parts of a code, with its lower left corner at this place."""
    right = left + max(x + width for x, _, width, _ in rectangles)
    top = bottom + max(y + height for _, y, _, height in rectangles)
    with sheets.held(figure, (left, bottom, right, top)):
        sheets.rectangles([(left + x, bottom + y, width, height) for x, y, width, height in rectangles], INK)


def _scaled(style: TextStyle, scale: float) -> TextStyle:
    """The same letters, larger."""
    return replace(style, size=style.size * scale, leading=style.leading * scale)
