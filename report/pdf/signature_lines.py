"""The lines to be signed by hand, and over them the fields that digital signatures are put into."""

from report.document import Signatures, Signer
from report.pdf.blocks import BlockLayout
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab, kept_with_next
from report.pdf.structure import Element
from report.pdf.style import BODY, FAINT, SMALL, STRONG
from report.wording import say

_HEIGHT = 72.0
_BASE = 54.0
_SPACE = 7.0
_TOGETHER = 4
_FIELD_HEIGHT = 36.0
_NAME, _DATE, _HAND = (0.0, 0.38), (0.41, 0.21), (0.65, 0.35)


def signature_slabs(layout: BlockLayout, block: Signatures) -> list[Slab]:
    """A slab for each signer; few of them stay on one page."""
    slabs = [_signer(layout.within("Div"), signer) for signer in block.signers]
    return [*kept_with_next(slabs[:-1]), *slabs[-1:]] if len(slabs) <= _TOGETHER else slabs


def _signer(layout: BlockLayout, signer: Signer) -> Slab:
    """The lines for one signature: name, date, hand."""
    part = layout.setter.cut(signer.part, STRONG, layout.width)
    name = layout.setter.cut(signer.name or "", BODY, layout.width * 0.36)
    places = ((say("Name"), _NAME), (say("Date and time"), _DATE), (say("Signature"), _HAND))
    words = [(layout.setter.cut(word, SMALL, layout.width), *place) for word, place in places]
    who, filled, named = (Element("P", layout.part) for _ in range(3))
    tooltip = say("Digital signature: {part}", part=signer.part)
    field = Element("Form", layout.part) if signer.field else None

    def draw(sheets: Sheets, top: float) -> None:
        sheets.text(layout.left, top - STRONG.size, part, STRONG, who)
        base = top - _BASE
        if signer.name:
            sheets.text(layout.left, base + 3, name, BODY, filled)
        for word, start, share in words:
            x = layout.left + start * layout.width
            sheets.rule(x, base, x + share * layout.width, base, FAINT)
            sheets.text(x, base - SMALL.size - 1.5, word, SMALL, named)
        if field and signer.field:
            left, right = layout.left + _HAND[0] * layout.width, layout.left + sum(_HAND) * layout.width
            place = (left, base + 1, right, base + 1 + _FIELD_HEIGHT)
            sheets.place_field(signer.field, tooltip, place, field)

    return Slab(_HEIGHT, draw, before=_SPACE)
