"""The sheets of paper: the only hand that draws. Places are points from the lower left corner."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.pathobject import PDFPathObject

from casedb.records import Instant
from report.document import Issue
from report.escape import visible
from report.pdf.structure import Artifact, Element
from report.pdf.style import Colour, TextStyle
from report.pdf.tagged_canvas import TaggedCanvas
from report.pdf.typeset import Line
from report.pdf.xmp import Metadata


class Sheets(TaggedCanvas):
    """A document under way; all times in it are those of its issue, so that it can be made again.

    Text belongs to an element of the structure; strokes and grounds are artifacts, except in a figure.
    `font` is the name of a face that is used in it; reportlab would name one of its own otherwise.
    """

    def __init__(self, issue: Issue, title: str, font: str) -> None:
        self._file = io.BytesIO()
        super().__init__(
            self._file,
            pagesize=issue.paper.value,
            initialFontName=font,
            pageCompression=1,
            pdfVersion=(1, 7),
            lang=visible(issue.language),
        )
        self.begin_marks()
        moment = _IssueTime(issue.issued)
        self._doc._timeStamp = moment  # noqa: SLF001  # reportlab takes a time from the environment only
        identity = f"{moment.t} {title}".encode("utf-8", "backslashreplace")
        self._doc.signature = hashlib.md5(identity, usedforsecurity=False)
        self.setDateFormatter(lambda *_: moment.text)
        self.metadata = Metadata(
            title=visible(title),
            author=visible(issue.issuer),
            subject=visible(title),
            creator="diskwitness",
            producer="diskwitness (ReportLab, pikepdf)",
            language=visible(issue.language),
            moment=moment.iso,
        )
        self._state_metadata()

    def _state_metadata(self) -> None:
        """The metadata as the document's information dictionary has it."""
        self.setTitle(self.metadata.title)
        self.setAuthor(self.metadata.author)
        self.setSubject(self.metadata.subject)
        self.setCreator(self.metadata.creator)
        self.setProducer(self.metadata.producer)

    def finished(self) -> bytes:
        """Close the document and give its bytes."""
        self.save()
        return self._file.getvalue()

    def text(
        self,
        x: float,
        y: float,
        line: Line,
        style: TextStyle,
        of: Element | Artifact | None,
        colour: Colour | None = None,
    ) -> None:
        """Draw a line of text with its baseline at `y`; it is `of` an element, or of the figure being drawn."""
        self.mark(of or Artifact.LAYOUT)
        self.setFillColorRGB(*(colour or style.colour))
        with self._spoken(line.spoken):
            for piece in line.pieces:
                with self._spoken(piece.spoken if line.spoken is None else None):
                    self.setFont(piece.face, style.size)
                    self.drawString(x, y, piece.drawn)
                x += piece.width

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle, `y` being its lower edge."""
        self.mark(Artifact.LAYOUT)
        self.setFillColorRGB(*colour)
        self.rect(x, y, width, height, stroke=0, fill=1)

    def frame(
        self, x: float, y: float, width: float, height: float, colour: Colour, thickness: float = 0.5
    ) -> None:
        """Draw the edges of a rectangle."""
        self.mark(Artifact.LAYOUT)
        self.setStrokeColorRGB(*colour)
        self.setLineWidth(thickness)
        self.rect(x, y, width, height, stroke=1, fill=0)

    def rule(self, x: float, y: float, to_x: float, to_y: float, colour: Colour, thickness: float = 0.5) -> None:
        """Draw a straight line."""
        self.mark(Artifact.LAYOUT)
        self.setStrokeColorRGB(*colour)
        self.setLineWidth(thickness)
        self.line(x, y, to_x, to_y)

    def curve(self, points: list[tuple[float, float]], colour: Colour, thickness: float = 0.8) -> None:
        """Draw a line through these points."""
        self.mark(Artifact.LAYOUT)
        self.setStrokeColorRGB(*colour)
        self.setLineWidth(thickness)
        self.drawPath(self._path(points), stroke=1, fill=0)

    def area(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Fill the area within these points."""
        self.mark(Artifact.LAYOUT)
        self.setFillColorRGB(*colour)
        path = self._path(points)
        path.close()
        self.drawPath(path, stroke=0, fill=1)

    def rectangles(self, rectangles: Iterable[tuple[float, float, float, float]], colour: Colour) -> None:
        """Fill rectangles (left, lower edge, width, height) as one shape."""
        self.mark(Artifact.LAYOUT)
        self.setFillColorRGB(*colour)
        path = self.beginPath()
        for rectangle in rectangles:
            path.rect(*rectangle)
        self.drawPath(path, stroke=0, fill=1)

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        self.mark(Artifact.LAYOUT)
        self.setFillColorRGB(*colour)
        self.circle(x, y, radius, stroke=0, fill=1)

    def picture(self, picture: Image.Image, left: float, bottom: float, width: float, height: float) -> None:
        """Draw a picture into this space."""
        self.mark(Artifact.LAYOUT)
        self.drawImage(ImageReader(picture), left, bottom, width, height)

    def bookmark(self, key: str, title: str, y: float) -> None:
        """Put an entry into the outline that leads to this height of the page."""
        self.bookmarkHorizontal(key, 0, y)
        self.addOutlineEntry(title, key, 0, closed=False)

    @contextmanager
    def _spoken(self, text: str | None) -> Iterator[None]:
        """Let what is drawn meanwhile stand for this text (ISO 32000-1, 14.9.4)."""
        if text is not None:
            self._code.append(f"/Span <</ActualText <{_utf16(text)}>>> BDC")
        yield
        if text is not None:
            self._code.append("EMC")

    def _path(self, points: list[tuple[float, float]]) -> PDFPathObject:
        """A path through these points."""
        path = self.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        return path


class _IssueTime:
    """The time of issue as reportlab wants a time stamp to be."""

    def __init__(self, issued: Instant) -> None:
        moment = datetime.fromisoformat(str(issued))
        self.t = moment.timestamp()
        self.lt = moment.timetuple()
        self.YMDhms = self.lt[:6]
        self.dhh = self.dmm = 0
        sign, minutes = "-" if issued.offset_minutes < 0 else "+", abs(issued.offset_minutes)
        self.text = f"D:{moment:%Y%m%d%H%M%S}{sign}{minutes // 60:02d}'{minutes % 60:02d}'"
        self.iso = f"{moment:%Y-%m-%dT%H:%M:%S}{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def _utf16(text: str) -> str:
    """Text as a PDF string in hexadecimal, UTF-16 with its mark (ISO 32000-1, 7.9.2.2)."""
    return ("\ufeff" + text).encode("utf-16-be", "replace").hex().upper()
