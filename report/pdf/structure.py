"""The structure of a document apart from its look: headings, paragraphs, tables, figures, in reading order.

ISO 32000-1, 14.7 and 14.8: every element has a tag, and its children are elements or pieces of page content; what
carries no meaning of its own (lines, grounds, the heads and feet of pages) is an artifact.
"""

from dataclasses import dataclass
from enum import Enum


class Artifact(Enum):
    """What is drawn but not said; the value is how a page's code announces it."""

    LAYOUT = "/Artifact <</Type /Layout>> BDC"
    PAGINATION = "/Artifact <</Type /Pagination>> BDC"


class Scope(Enum):
    """For which cells a head of a table speaks."""

    COLUMN = "Column"
    ROW = "Row"


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of page content: on which page (from 0), and its number there."""

    page_index: int
    number: int


Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge in points from the lower left corner of the page."""


class Element:
    """One element of the structure; `alternative` says in words what a figure shows, `box` where it stands."""

    __slots__ = ("alternative", "box", "kids", "scope", "tag")

    def __init__(
        self,
        tag: str,
        parent: "Element | None" = None,
        *,
        alternative: str | None = None,
        scope: Scope | None = None,
    ) -> None:
        self.tag = tag
        self.alternative = alternative
        self.scope = scope
        self.box: Box | None = None
        self.kids: list[Element | Mark] = []
        if parent is not None:
            parent.kids.append(self)


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A field that a signature can be put into: its name, what a reader calls it, and where it stands."""

    name: str
    tooltip: str
    page_index: int
    box: Box
    element: Element
