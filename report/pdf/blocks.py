"""Paragraphs, facts, commands and headlines as strips of a page."""

from dataclasses import replace

from report.document import (
    Commands,
    Fact,
    Facts,
    Headline,
    Paragraph,
    Signatures,
    Signer,
    Tone,
    known,
)
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab, held_at_ends, kept_with_next, with_space
from report.pdf.style import (
    BODY,
    CODE,
    FAINT,
    HEADING,
    LABEL,
    LABEL_WIDTH,
    RULE,
    SHADE,
    SMALL,
    STRONG,
    SUBHEADING,
    TINTS,
    TONES,
    VERDICT,
    TextStyle,
)
from report.pdf.typeset import Line, Typesetter
from report.phrases import NOT_RECORDED

_BLOCK_SPACE = 7.0
_FACT_SPACE = 1.5
_BAR = 3.0
_PAD = 10.0
_SIGNER_HEIGHT = 58.0
_FACT_LINES_KEPT = 14


class BlockLayout:
    """Lays blocks of text out in a column of this width, whose left edge is at `left` (points)."""

    def __init__(self, setter: Typesetter, left: float, width: float) -> None:
        self.setter = setter
        self.left = left
        self.width = width

    def text(self, text: str, style: TextStyle) -> list[Slab]:
        """Running text, line by line."""
        lines = self.setter.lines(text, style, self.width)
        return held_at_ends([self._line_slab(line, style, alone=len(lines) == 1) for line in lines])

    def paragraph(self, block: Paragraph) -> list[Slab]:
        """A paragraph; a caution gets a bar at its side and the tint of its tone."""
        if block.tone in {Tone.PLAIN, Tone.FAINT}:
            style = replace(BODY, colour=TONES[block.tone])
            return with_space(self.text(block.text, style), _BLOCK_SPACE)
        lines = self.setter.lines(block.text, BODY, self.width - _BAR - 2 * _PAD)
        slabs = [
            self._tinted(line, block.tone, first=index == 0, last=line is lines[-1])
            for index, line in enumerate(lines)
        ]
        return with_space(held_at_ends(slabs), _BLOCK_SPACE)

    def headline(self, block: Headline) -> list[Slab]:
        """The headline in a box."""
        inner = self.width - _BAR - 2 * _PAD
        word = self.setter.cut(block.word, replace(VERDICT, colour=TONES[block.tone]), inner)
        lines = self.setter.lines(block.meaning, BODY, inner)
        height = 2 * _PAD + VERDICT.leading + BODY.leading * len(lines)

        def draw(sheets: Sheets, top: float) -> None:
            sheets.box(self.left, top - height, self.width, height, TINTS[block.tone])
            sheets.box(self.left, top - height, _BAR, height, TONES[block.tone])
            x, y = self.left + _BAR + _PAD, top - _PAD - VERDICT.size
            sheets.text(x, y, word, VERDICT, TONES[block.tone])
            y -= VERDICT.leading - 4
            for line in lines:
                sheets.text(x, y, line, BODY)
                y -= BODY.leading

        return [Slab(height, draw, before=_BLOCK_SPACE, keep=True)]

    def facts(self, block: Facts) -> list[Slab]:
        """Facts below each other, labels and values in two columns."""
        slabs = [slab for fact in block.facts for slab in self._fact(fact)]
        if len(slabs) <= _FACT_LINES_KEPT:
            slabs = [*kept_with_next(slabs[:-1]), *slabs[-1:]]
        title = kept_with_next(self.text(block.title, SUBHEADING)) if block.title else []
        return with_space([*title, *held_at_ends(slabs)], _BLOCK_SPACE)

    def commands(self, block: Commands) -> list[Slab]:
        """Lines to be typed, on a shaded ground; a long one goes on in the next line of the page."""
        lines = [line for text in block.lines for line in self.setter.lines(text, CODE, self.width - 2 * _PAD)]
        return with_space(held_at_ends([self._command(line) for line in lines]), 3)

    def signatures(self, block: Signatures) -> list[Slab]:
        """Lines to be signed by hand."""
        return [self._signer(signer) for signer in block.signers]

    def _line_slab(self, line: Line, style: TextStyle, *, alone: bool) -> Slab:
        """One line; one of several from right to left ends at the right edge."""
        x = self.left if alone or not line.from_right else self.left + self.width - line.width
        return Slab(style.leading, lambda sheets, top: sheets.text(x, top - style.size, line, style))

    def _tinted(self, line: Line, tone: Tone, *, first: bool, last: bool) -> Slab:
        """One line of a caution."""
        above, below = (5.0 if first else 0.0), (5.0 if last else 0.0)
        height = BODY.leading + above + below

        def draw(sheets: Sheets, top: float) -> None:
            sheets.box(self.left, top - height, self.width, height, TINTS[tone])
            sheets.box(self.left, top - height, _BAR, height, TONES[tone])
            sheets.text(self.left + _BAR + _PAD, top - above - BODY.size, line, BODY)

        return Slab(height, draw)

    def _fact(self, fact: Fact) -> list[Slab]:
        """One fact, line by line, so that the longest value finds its way over the pages."""
        labels = self.setter.lines(fact.label, LABEL, LABEL_WIDTH - 8)
        value, style = _value_style(fact)
        values = self.setter.lines(value, style, self.width - LABEL_WIDTH)
        count = max(len(labels), len(values))
        slabs = [
            self._fact_line(labels[index : index + 1], values[index : index + 1], style) for index in range(count)
        ]
        return with_space(held_at_ends(slabs), _FACT_SPACE)

    def _fact_line(self, label: tuple[Line, ...], value: tuple[Line, ...], style: TextStyle) -> Slab:
        """One line of a fact: its label, its value, or both."""

        def draw(sheets: Sheets, top: float) -> None:
            for line in label:
                sheets.text(self.left, top - LABEL.size, line, LABEL)
            for line in value:
                sheets.text(self.left + LABEL_WIDTH, top - LABEL.size, line, style)

        return Slab(style.leading, draw)

    def _command(self, line: Line) -> Slab:
        """One line on a shaded ground."""

        def draw(sheets: Sheets, top: float) -> None:
            sheets.box(self.left, top - CODE.leading - 2, self.width, CODE.leading + 2, SHADE)
            sheets.text(self.left + _PAD, top - CODE.size - 2.5, line, CODE)

        return Slab(CODE.leading + 2, draw)

    def _signer(self, signer: Signer) -> Slab:
        """The lines for one signature: name, date, hand."""
        part = self.setter.cut(signer.part, STRONG, self.width)
        name = self.setter.cut(signer.name or "", BODY, self.width * 0.36)
        places = (("Name", 0.0, 0.38), ("Date and time", 0.41, 0.21), ("Signature", 0.65, 0.35))
        words = [(self.setter.cut(word, SMALL, self.width), start, share) for word, start, share in places]

        def draw(sheets: Sheets, top: float) -> None:
            sheets.text(self.left, top - STRONG.size, part, STRONG)
            base = top - 40
            sheets.text(self.left, base + 3, name, BODY)
            for word, start, share in words:
                x = self.left + start * self.width
                sheets.rule(x, base, x + share * self.width, base, FAINT)
                sheets.text(x, base - SMALL.size - 1.5, word, SMALL)

        return Slab(_SIGNER_HEIGHT, draw, before=_BLOCK_SPACE)


def section_heading(layout: BlockLayout, number: int, title: str, *, begins_page: bool) -> list[Slab]:
    """The heading of a section over a thin rule, bound to what follows, and in the outline."""
    text, style = f"{number}  {title}", HEADING
    line = layout.setter.cut(text, style, layout.width)

    def draw(sheets: Sheets, top: float) -> None:
        sheets.text(layout.left, top - style.size, line, style)
        y = top - style.leading - 0.5
        sheets.rule(layout.left, y, layout.left + layout.width, y, RULE)

    return [Slab(style.leading + 1, draw, before=19, keep=True, outline=text, begins_page=begins_page)]


def _value_style(fact: Fact) -> tuple[str, TextStyle]:
    """What is printed, and how: letters of one width for digests and paths, bold for what needs attention."""
    value, colour = known(fact.value), TONES[fact.tone]
    if value is None:
        return NOT_RECORDED, replace(BODY, colour=FAINT)
    if fact.code:
        return value, replace(CODE, colour=colour)
    return value, replace(BODY if fact.tone in {Tone.PLAIN, Tone.FAINT} else STRONG, colour=colour)
