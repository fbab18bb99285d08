"""What stands in a signature field once it is signed: a small page of its own, with embedded fonts."""

import io

from reportlab.pdfgen.canvas import Canvas

from report.escape import visible
from report.pdf.fonts import FontBook
from report.pdf.style import ACCENT, FAINT, INK, Chain, TextStyle
from report.pdf.typeset import Line, Typesetter

_EDGE = 3.0
_NAME = TextStyle(Chain.BOLD, 7.6, 10, INK)
_SMALL = TextStyle(Chain.TEXT, 5.6, 7.4, FAINT)
_BAR_WIDTH = 1.6


def signature_appearance(name: str, lines: tuple[str, ...], width: float, height: float) -> bytes:
    """A PDF of one page, width and height in points, with the name and lines below it; what is too long is cut."""
    book = FontBook()
    try:
        return _drawn(Typesetter(book), name, lines, width, height)
    finally:
        book.close()


def _drawn(setter: Typesetter, name: str, lines: tuple[str, ...], width: float, height: float) -> bytes:
    """The page."""
    left = _BAR_WIDTH + _EDGE
    styled = ((name, _NAME), *((line, _SMALL) for line in lines))
    cut = [(setter.cut(visible(text), style, width - left), style) for text, style in styled]
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(width, height), initialFontName=cut[0][0].pieces[0].face, pageCompression=1)
    canvas.setFillColorRGB(*ACCENT)
    canvas.rect(0, 0, _BAR_WIDTH, height, stroke=0, fill=1)
    y = height - _EDGE
    for line, style in cut:
        y -= style.leading
        if y < 0:
            break
        _draw_line(canvas, left, y, line, style)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_line(canvas: Canvas, x: float, y: float, line: Line, style: TextStyle) -> None:
    """One line of text with its baseline at `y`."""
    canvas.setFillColorRGB(*style.colour)
    for piece in line.pieces:
        canvas.setFont(piece.face, style.size)
        canvas.drawString(x, y, piece.drawn)
        x += piece.width
