"""Text made into lines: fonts chosen letter by letter, broken to a width, mixed directions put in order."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from report.escape import numbered, visible
from report.pdf.bidi import levels_of, visual_order
from report.pdf.fonts import Face, FontBook
from report.pdf.style import TextStyle

_BREAK_AFTER = frozenset("-/\\,;:_.=&?")


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one face as they are drawn; `spoken` is the text they stand for where that is another."""

    face: str
    drawn: str
    width: float
    spoken: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is drawn, from left to right; `from_right` when its text runs from right to left.

    `spoken` is its text in the order of reading, where that is not the order in which its pieces stand.
    """

    pieces: tuple[Piece, ...]
    width: float
    from_right: bool = False
    spoken: str | None = None


@dataclass(frozen=True, slots=True)
class _Marked:
    """A text with the face and the level of each of its letters."""

    text: str
    faces: list[Face]
    levels: list[int]
    size: float


class Typesetter:
    """Breaks texts into lines with the fonts of one document; widths are points."""

    def __init__(self, book: FontBook) -> None:
        self.book = book

    def lines(self, text: str, style: TextStyle, width: float) -> tuple[Line, ...]:
        """The lines of a text, none wider than `width`; what cannot be seen or has no glyph becomes a number."""
        shown = visible(text)
        if shown.isascii():
            plain = self._plain(shown, style)
            if plain.width <= width:
                return (plain,)
        marked, base = self._marked(shown, style)
        ranges = tuple(_line_ranges(marked, width))
        return tuple(_line(marked, start, end, bool(base)) for start, end in ranges) or (Line((), 0),)

    def width(self, text: str, style: TextStyle) -> float:
        """The width of a text in one line."""
        return sum(line.width for line in self.lines(text, style, float("inf")))

    def cut(self, text: str, style: TextStyle, width: float) -> Line:
        """A text in one line, cut with an ellipsis where it is too long."""
        lines = self.lines(text, style, width)
        if len(lines) == 1:
            return lines[0]
        dots = self._plain("...", style)
        first = self.lines(text, style, width - dots.width)[0]
        spoken = f"{first.spoken}..." if first.spoken is not None else None
        return Line((*first.pieces, *dots.pieces), first.width + dots.width, first.from_right, spoken)

    def _plain(self, text: str, style: TextStyle) -> Line:
        """A text of plain letters in one line."""
        face = self.book.faces(style.chain)[0]
        width = face.width(text) * style.size
        return Line((Piece(face.name, text, width),), width)

    def _marked(self, text: str, style: TextStyle) -> tuple[_Marked, int]:
        """A text in which every letter has a glyph, with faces and levels, and the level of the whole."""
        chain = style.chain
        faces = self.book.faces_of(text, chain)
        if None in faces:
            pairs = zip(text, faces, strict=True)
            text = "".join(numbered(letter) if face is None else letter for letter, face in pairs)
            faces = self.book.faces_of(text, chain)
        base, levels = levels_of(text)
        return _Marked(text, [face for face in faces if face is not None], levels, style.size), base


def _line_ranges(marked: _Marked, width: float) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends: as many words as fit, longer words cut between letters."""
    start, used = 0, 0.0
    for first, end in _words(marked.text):
        solid = first + len(marked.text[first:end].rstrip(" "))
        needed = _width(marked, first, solid)
        if used + needed > width and first > start:
            yield start, first
            start, used = first, 0.0
        if needed > width:
            *whole, (start, _) = _cut_ranges(marked, start, end, width)
            yield from whole
            used = _width(marked, start, end)
        else:
            used += _width(marked, first, end)
    if start < len(marked.text):
        yield start, len(marked.text)


def _cut_ranges(marked: _Marked, start: int, end: int, width: float) -> Iterator[tuple[int, int]]:
    """A word too long for a line, cut between letters; marks stay with their letter."""
    used = 0.0
    for first, after in _letters(marked.text, start, end):
        needed = _width(marked, first, after)
        if used + needed > width and first > start:
            yield start, first
            start, used = first, 0.0
        used += needed
    yield start, end


def _words(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between places where a line may break; blanks belong to the word before them."""
    start = 0
    for index in range(1, len(text)):
        if _may_break(text[index - 1], text[index]):
            yield start, index
            start = index
    if text:
        yield start, len(text)


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between two letters: behind blanks and signs, around ideographs."""
    if before == " " or after == " ":
        return before == " " and after != " "
    if before in _BREAK_AFTER:
        return after.isalpha()
    if before.isascii() and after.isascii():
        return False
    wide = {unicodedata.east_asian_width(before), unicodedata.east_asian_width(after)} & {"W", "F"}
    return bool(wide) and unicodedata.category(after)[0] not in "PM" and unicodedata.category(before) != "Ps"


def _letters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The letters of a stretch, each with its marks."""
    first = start
    for index in range(start + 1, end + 1):
        if index == end or not unicodedata.category(text[index]).startswith("M"):
            yield first, index
            first = index


def _width(marked: _Marked, start: int, end: int) -> float:
    """The width of a stretch of text."""
    return sum(_piece(marked, first, after).width for first, after in _runs(marked, start, end))


def _line(marked: _Marked, start: int, end: int, from_right: bool) -> Line:
    """The line between two places, its runs from left to right; blanks at its end are dropped (rule L1)."""
    end = start + len(marked.text[start:end].rstrip(" "))
    runs = tuple(_runs(marked, start, end))
    order = visual_order([marked.levels[first] for first, _ in runs])
    pieces = tuple(_piece(marked, *runs[index]) for index in order)
    mixed = any(marked.levels[start:end])
    return Line(pieces, sum(piece.width for piece in pieces), from_right, marked.text[start:end] if mixed else None)


def _runs(marked: _Marked, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of one face and one level."""
    first = start
    for index in range(start + 1, end + 1):
        ended = index == end or (
            marked.faces[index] is not marked.faces[first] or marked.levels[index] != marked.levels[first]
        )
        if ended:
            yield first, index
            first = index


def _piece(marked: _Marked, start: int, end: int) -> Piece:
    """One run, shaped where its script needs it."""
    text, face = marked.text[start:end], marked.faces[start]
    right_to_left = marked.levels[start] % 2 == 1
    if right_to_left or any(_needs_shaping(letter) for letter in text):
        drawn, width = face.shaped(text, right_to_left=right_to_left)
        return Piece(face.name, drawn, width * marked.size, text)
    return Piece(face.name, text, face.width(text) * marked.size)


def _needs_shaping(letter: str) -> bool:
    """Whether a letter changes with its neighbours: marks, and the scripts of South and South-East Asia."""
    return letter >= "\u0300" and (
        unicodedata.category(letter).startswith("M") or "\u0590" <= letter <= "\u109f" or letter in "\u200c\u200d"
    )
