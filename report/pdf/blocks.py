"""Paragraphs, facts, commands and headlines as strips of a page."""

from dataclasses import replace

from report.document import (
    Commands,
    Fact,
    Facts,
    Headline,
    Paragraph,
    Tone,
    known,
)
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab, held_at_ends, kept_with_next, with_space
from report.pdf.structure import Element, Scope
from report.pdf.style import (
    BODY,
    CODE,
    FAINT,
    HEADING,
    LABEL,
    LABEL_WIDTH,
    RULE,
    SHADE,
    STRONG,
    SUBHEADING,
    TINTS,
    TONES,
    VERDICT,
    TextStyle,
)
from report.pdf.typeset import Line, Typesetter
from report.phrases import NOT_RECORDED
from report.wording import say

_BLOCK_SPACE = 7.0
_FACT_SPACE = 1.5
_DENSE = 0.92
_DENSE_SPACE = 0.4
_BAR = 3.0
_PAD = 10.0
_FACT_LINES_KEPT = 8
_COMMAND_LINES_KEPT = 8


class BlockLayout:
    """Lays blocks of text out in a column of this width, whose left edge is at `left` (points).

    What it lays out becomes part of the element `part` of the document's structure, in the order of the calls.
    """

    def __init__(self, setter: Typesetter, left: float, width: float, part: Element) -> None:
        self.setter = setter
        self.left = left
        self.width = width
        self.part = part

    def within(self, tag: str) -> "BlockLayout":
        """The same column, for a new element with this tag in the present one."""
        return BlockLayout(self.setter, self.left, self.width, Element(tag, self.part))

    def text(self, text: str, style: TextStyle, tag: str = "P") -> list[Slab]:
        """Running text, line by line."""
        lines = self.setter.lines(text, style, self.width)
        element = Element(tag, self.part)
        return held_at_ends([self._line_slab(line, style, element, alone=len(lines) == 1) for line in lines])

    def paragraph(self, block: Paragraph) -> list[Slab]:
        """A paragraph; a caution gets a bar at its side and the tint of its tone."""
        if block.tone in {Tone.PLAIN, Tone.FAINT}:
            style = replace(BODY, colour=TONES[block.tone])
            return with_space(self.text(block.text, style), _BLOCK_SPACE)
        lines = self.setter.lines(block.text, BODY, self.width - _BAR - 2 * _PAD)
        element = Element("P", self.part)
        slabs = [
            self._tinted(line, element, block.tone, first=index == 0, last=line is lines[-1])
            for index, line in enumerate(lines)
        ]
        return with_space(held_at_ends(slabs), _BLOCK_SPACE)

    def headline(self, block: Headline) -> list[Slab]:
        """The headline in a box."""
        inner = self.width - _BAR - 2 * _PAD
        word = self.setter.cut(block.word, replace(VERDICT, colour=TONES[block.tone]), inner)
        lines = self.setter.lines(block.meaning, BODY, inner)
        height = 2 * _PAD + VERDICT.leading + BODY.leading * len(lines)
        said, meant = Element("P", self.part), Element("P", self.part)

        def draw(sheets: Sheets, top: float) -> None:
            sheets.box(self.left, top - height, self.width, height, TINTS[block.tone])
            sheets.box(self.left, top - height, _BAR, height, TONES[block.tone])
            x, y = self.left + _BAR + _PAD, top - _PAD - VERDICT.size
            sheets.text(x, y, word, VERDICT, said, TONES[block.tone])
            y -= VERDICT.leading - 4
            for line in lines:
                sheets.text(x, y, line, BODY, meant)
                y -= BODY.leading

        return [Slab(height, draw, before=_BLOCK_SPACE, keep=True)]

    def facts(self, block: Facts) -> list[Slab]:
        """Facts below each other, labels and values in two columns."""
        title = kept_with_next(self.text(block.title, SUBHEADING, "H3")) if block.title else []
        table = self.within("Table") if block.facts else self
        slabs = [slab for fact in block.facts for slab in table.fact(fact, dense=block.dense)]
        if len(slabs) <= _FACT_LINES_KEPT:
            slabs = [*kept_with_next(slabs[:-1]), *slabs[-1:]]
        return with_space([*title, *held_at_ends(slabs)], _BLOCK_SPACE)

    def commands(self, block: Commands) -> list[Slab]:
        """Lines to be typed, on a shaded ground; a long one goes on in the next line of the page."""
        slabs = []
        for text in block.lines:
            element = Element("Code", Element("P", self.part))
            lines = self.setter.lines(text, CODE, self.width - 2 * _PAD)
            slabs += [self._command(line, element) for line in lines]
        whole = len(slabs) <= _COMMAND_LINES_KEPT
        return with_space([*kept_with_next(slabs[:-1]), *slabs[-1:]] if whole else held_at_ends(slabs), 3)

    def _line_slab(self, line: Line, style: TextStyle, element: Element, *, alone: bool) -> Slab:
        """One line; one of several from right to left ends at the right edge."""
        x = self.left if alone or not line.from_right else self.left + self.width - line.width
        return Slab(style.leading, lambda sheets, top: sheets.text(x, top - style.size, line, style, element))

    def _tinted(self, line: Line, element: Element, tone: Tone, *, first: bool, last: bool) -> Slab:
        """One line of a caution."""
        above, below = (5.0 if first else 0.0), (5.0 if last else 0.0)
        height = BODY.leading + above + below

        def draw(sheets: Sheets, top: float) -> None:
            sheets.box(self.left, top - height, self.width, height, TINTS[tone])
            sheets.box(self.left, top - height, _BAR, height, TONES[tone])
            sheets.text(self.left + _BAR + _PAD, top - above - BODY.size, line, BODY, element)

        return Slab(height, draw)

    def fact(self, fact: Fact, *, dense: bool = False) -> list[Slab]:
        """One fact, line by line, so that the longest value finds its way over the pages; a row of its table."""
        row = Element("TR", self.part)
        cells = Element("TH", row, scope=Scope.ROW), Element("TD", row)
        value, style = _value_style(fact)
        styles = (_dense(LABEL), _dense(style)) if dense else (LABEL, style)
        labels = self.setter.lines(fact.label, styles[0], LABEL_WIDTH - 8)
        values = self.setter.lines(value, styles[1], self.width - LABEL_WIDTH)
        count = max(len(labels), len(values))
        slabs = [
            self._fact_line(cells, labels[index : index + 1], values[index : index + 1], styles)
            for index in range(count)
        ]
        return with_space(held_at_ends(slabs), _DENSE_SPACE if dense else _FACT_SPACE)

    def _fact_line(
        self,
        cells: tuple[Element, Element],
        label: tuple[Line, ...],
        value: tuple[Line, ...],
        styles: tuple[TextStyle, TextStyle],
    ) -> Slab:
        """One line of a fact: its label, its value, or both, on one line of writing."""

        def draw(sheets: Sheets, top: float) -> None:
            y = top - styles[0].size
            for line in label:
                sheets.text(self.left, y, line, styles[0], cells[0])
            for line in value:
                sheets.text(self.left + LABEL_WIDTH, y, line, styles[1], cells[1])

        return Slab(styles[1].leading, draw)

    def _command(self, line: Line, element: Element) -> Slab:
        """One line on a shaded ground."""

        def draw(sheets: Sheets, top: float) -> None:
            sheets.box(self.left, top - CODE.leading - 2, self.width, CODE.leading + 2, SHADE)
            sheets.text(self.left + _PAD, top - CODE.size - 2.5, line, CODE, element)

        return Slab(CODE.leading + 2, draw)


def section_heading(layout: BlockLayout, number: int, title: str, *, begins_page: bool) -> list[Slab]:
    """The heading of a section over a thin rule, bound to what follows, and in the outline."""
    text, style = f"{number}  {title}", HEADING
    line = layout.setter.cut(text, style, layout.width)
    element = Element("H2", layout.part)

    def draw(sheets: Sheets, top: float) -> None:
        sheets.text(layout.left, top - style.size, line, style, element)
        y = top - style.leading - 0.5
        sheets.rule(layout.left, y, layout.left + layout.width, y, RULE)

    return [Slab(style.leading + 1, draw, before=19, keep=True, outline=text, begins_page=begins_page)]


def _dense(style: TextStyle) -> TextStyle:
    """Letters for facts that stand close to each other."""
    return replace(style, size=style.size * _DENSE, leading=style.leading * _DENSE)


def _value_style(fact: Fact) -> tuple[str, TextStyle]:
    """What is printed, and how: letters of one width for digests and paths, bold for what needs attention."""
    value, colour = known(fact.value), TONES[fact.tone]
    if value is None:
        return say(NOT_RECORDED), replace(BODY, colour=FAINT)
    if fact.code:
        return value, replace(CODE, colour=colour)
    return value, replace(BODY if fact.tone in {Tone.PLAIN, Tone.FAINT} else STRONG, colour=colour)
