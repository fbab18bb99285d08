"""The laboratory's head on the first page."""

from dataclasses import replace

from report.document import Letterhead
from report.escape import visible
from report.pdf.blocks import BlockLayout
from report.pdf.logo import read_logo
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab, kept_with_next
from report.pdf.structure import Element
from report.pdf.style import AGENCY, SMALL
from report.wording import say

_LOGO_WIDTH = 150.0
_LEAST_HEIGHT = 30.0
_FEW_LINES = 2


def letterhead_slabs(layout: BlockLayout, letterhead: Letterhead) -> list[Slab]:
    """The laboratory's name, address and accreditation, its logo at the right.

    Raises:
        ValueError: the logo is not a picture that can be read.
    """
    alternative = say("Logo of {agency}", agency=letterhead.agency or say("the laboratory"))
    figure = (
        Element("Figure", layout.part, alternative=visible(alternative)) if letterhead.logo is not None else None
    )
    slabs = layout.text(letterhead.agency, AGENCY) if letterhead.agency else []
    for line in letterhead.address:
        slabs += layout.text(line, SMALL)
    if letterhead.accreditation:
        slabs += layout.text(say("Accreditation {text}", text=letterhead.accreditation), SMALL)
    if figure is not None and letterhead.logo is not None:
        if len(slabs) <= _FEW_LINES:
            slabs.append(Slab(_LEAST_HEIGHT, lambda _sheets, _top: None))
        slabs[0] = _with_logo(layout, slabs[0], letterhead.logo, figure, sum(slab.height for slab in slabs))
    return kept_with_next(slabs)


def _with_logo(layout: BlockLayout, slab: Slab, logo: bytes, figure: Element, height: float) -> Slab:
    """The same strip with the logo at its right edge, whole and undistorted, no taller than the letterhead."""
    picture = read_logo(logo)
    scale = min(_LOGO_WIDTH / picture.width, height / picture.height)
    across, down = picture.width * scale, picture.height * scale
    left = layout.left + layout.width - across

    def draw(sheets: Sheets, top: float) -> None:
        with sheets.held(figure, (left, top - down, left + across, top)):
            sheets.picture(picture, left, top - down, across, down)
        slab.draw(sheets, top)

    return replace(slab, draw=draw)
