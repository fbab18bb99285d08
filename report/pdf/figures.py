"""Pictures in the structure of a document: one figure each, with the words that say what it shows."""

from collections.abc import Callable

from report.escape import visible
from report.pdf.blocks import BlockLayout
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab
from report.pdf.structure import Element


def figure_slab(
    layout: BlockLayout,
    alternative: str,
    height: float,
    draw_picture: Callable[[Sheets, float], None],
    before: float,
) -> Slab:
    """A picture of this height as wide as the column; all that is drawn for it belongs to its figure."""
    figure = Element("Figure", layout.part, alternative=visible(alternative))

    def draw(sheets: Sheets, top: float) -> None:
        with sheets.held(figure, (layout.left, top - height, layout.left + layout.width, top)):
            draw_picture(sheets, top)

    return Slab(height, draw, before)
