"""A canvas on which everything drawn belongs to an element of the structure or is an artifact, never neither.

ISO 32000-1, 14.6: marked content is opened with BDC and closed with EMC; its number is counted on each page.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from reportlab.pdfgen.canvas import Canvas

from report.pdf.structure import Artifact, Box, Element, Mark, SignatureField


class TaggedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A document under way; `marks` holds, for each page, the elements of its marked content by number."""

    marks: list[list[Element]]
    fields: list[SignatureField]

    def begin_marks(self) -> None:
        """Start with nothing marked; to be called once, before anything is drawn."""
        self.marks = [[]]
        self.fields = []
        self._open: Element | Artifact | None = None
        self._held = False

    def mark(self, what: Element | Artifact) -> None:
        """Let what is drawn from here on belong to this element, or be this kind of artifact."""
        if self._held or what is self._open:
            return
        self._end_mark()
        if isinstance(what, Artifact):
            self._code.append(what.value)
        else:
            here = self.marks[-1]
            what.kids.append(Mark(len(self.marks) - 1, len(here)))
            self._code.append(f"/{what.tag} <</MCID {len(here)}>> BDC")
            here.append(what)
        self._open = what

    @contextmanager
    def held(self, what: Element | Artifact, box: Box | None = None) -> Iterator[None]:
        """Let all that is drawn meanwhile belong to one thing: a figure within `box`, the frame of a page."""
        self.mark(what)
        if isinstance(what, Element):
            what.box = box
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        """Finish the page and begin the next."""
        self._end_mark()
        self.marks.append([])
        super().showPage()

    def place_field(self, name: str, tooltip: str, box: Box, element: Element) -> None:
        """Keep a place on this page for a signature."""
        self.fields.append(SignatureField(name, tooltip, len(self.marks) - 1, box, element))

    def _end_mark(self) -> None:
        """Close what is open."""
        if self._open is not None:
            self._code.append("EMC")
            self._open = None
