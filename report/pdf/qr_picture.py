"""A QR code by itself, as a picture."""

from report.document import QrCode
from report.pdf.blocks import BlockLayout
from report.pdf.codes import qr_rectangles
from report.pdf.figures import figure_slab
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab
from report.pdf.style import INK

_SIDE = 110.0
_FREE = 8.0


def qr_slab(layout: BlockLayout, block: QrCode) -> Slab:
    """The code at the left, with the free border that readers need (ISO/IEC 18004, section 9.1)."""
    rectangles = qr_rectangles(block.text, "M", _SIDE)

    def draw(sheets: Sheets, top: float) -> None:
        left, bottom = layout.left + _FREE, top - _FREE - _SIDE
        sheets.rectangles([(left + x, bottom + y, width, height) for x, y, width, height in rectangles], INK)

    return figure_slab(layout, block.alternative, _SIDE + 2 * _FREE, draw, before=2)
