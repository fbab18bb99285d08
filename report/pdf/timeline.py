"""The custody timeline as a picture: time to scale on the left, the events evenly spaced beside it."""

from report.document import Moment, Timeline
from report.measured_pictures import MOST_MOMENTS, scaled_places, timeline_words
from report.pdf.blocks import BlockLayout
from report.pdf.figures import figure_slab
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab
from report.pdf.style import ACCENT, CELL, FAINT, RULE, SMALL
from report.phrases import instant_text

_STEP = 15.0
_AXIS = 12.0
_LABELS = 46.0
_DATE_WIDTH = 118.0


def timeline_slab(layout: BlockLayout, block: Timeline) -> Slab:
    """The latest events, each tied to its place on a line on which equal lengths are equal times."""
    moments = block.moments[-MOST_MOMENTS:]
    places = scaled_places(moments)
    span = max(len(moments) - 1, 1) * _STEP
    height = span + 2 * _STEP + 6

    def draw(sheets: Sheets, top: float) -> None:
        first = top - _STEP / 2
        axis = layout.left + _AXIS
        sheets.rule(axis, first, axis, first - span, FAINT, 1.2)
        for number, (moment, place) in enumerate(zip(moments, places, strict=True)):
            _draw_moment(layout, sheets, moment, first - place * span, first - number * _STEP)
        words = timeline_words(len(moments), len(block.moments))
        sheets.text(layout.left, top - height + 4, layout.setter.cut(words, SMALL, layout.width), SMALL, None)

    return figure_slab(layout, block.alternative, height, draw, before=4)


def _draw_moment(layout: BlockLayout, sheets: Sheets, moment: Moment, at: float, beside: float) -> None:
    """One event: its dot on the line of time, and its words, joined by a thin stroke."""
    axis, labels = layout.left + _AXIS, layout.left + _LABELS
    sheets.rule(axis, at, axis + 12, at, RULE, 0.6)
    sheets.rule(axis + 12, at, labels - 14, beside, RULE, 0.6)
    sheets.rule(labels - 14, beside, labels - 4, beside, RULE, 0.6)
    sheets.dot(axis, at, 2.4, ACCENT)
    date = layout.setter.cut(instant_text(moment.at) or "", CELL, _DATE_WIDTH)
    sheets.text(labels, beside - CELL.size * 0.36, date, CELL, None, FAINT)
    room = layout.width - _LABELS - _DATE_WIDTH
    label = layout.setter.cut(moment.label, CELL, room)
    sheets.text(labels + _DATE_WIDTH, beside - CELL.size * 0.36, label, CELL, None)
