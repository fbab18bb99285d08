"""The reading speed as a picture: the average over the medium, and the band between slowest and fastest."""

from report.document import SpeedCurve, Tone
from report.measured_pictures import round_scale, slow_places, speed_points, speed_words
from report.pdf.blocks import BlockLayout
from report.pdf.figures import figure_slab
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab
from report.pdf.style import ACCENT, FAINT, RULE, SMALL, TINY, TONES, Colour
from report.phrases import short_size

_HEIGHT = 120.0
_LABEL_WIDTH = 62.0
_FOOT = 34.0
_STEPS = 4
_BAND: Colour = (0.80, 0.87, 0.94)
_SLOW_HEIGHT = 4.0
_NARROWEST = 1.2


def speed_slab(layout: BlockLayout, block: SpeedCurve) -> Slab:
    """The curve over axes in bytes per second and bytes of the medium."""
    points = speed_points(block)
    end = round_scale(max((point.fastest for point in points), default=0.0))
    left, width = layout.left + _LABEL_WIDTH, layout.width - _LABEL_WIDTH

    def draw(sheets: Sheets, top: float) -> None:
        base = top - _HEIGHT
        _draw_axes(layout, sheets, base, end, block.sector_count * block.sector_size_bytes)

        def at(place: float, speed: float) -> tuple[float, float]:
            return left + place * width, base + speed / end * _HEIGHT

        if len(points) > 1:
            upper = [at(point.place, point.fastest) for point in points]
            lower = [at(point.place, point.slowest) for point in reversed(points)]
            sheets.area([*upper, *lower], _BAND)
            sheets.curve([at(point.place, point.average) for point in points], ACCENT)
        for point in points[:1] if len(points) == 1 else ():
            sheets.dot(*at(point.place, point.average), 2, ACCENT)
        for first, end_place in slow_places(block):
            mark = max((end_place - first) * width, _NARROWEST)
            sheets.box(left + first * width, base, mark, _SLOW_HEIGHT, TONES[Tone.BAD])
        sheets.text(left, base - 25, layout.setter.cut(speed_words(block), SMALL, width), SMALL, None)

    return figure_slab(layout, block.alternative, _HEIGHT + _FOOT, draw, before=6)


def _draw_axes(layout: BlockLayout, sheets: Sheets, base: float, end: float, size_bytes: int) -> None:
    """Grid lines with their speeds, and the places on the medium."""
    left, right = layout.left + _LABEL_WIDTH, layout.left + layout.width
    for step in range(_STEPS + 1):
        y = base + _HEIGHT * step / _STEPS
        sheets.rule(left, y, right, y, RULE if step else FAINT, 0.4)
        line = layout.setter.cut(f"{short_size(round(end * step / _STEPS))}/s", TINY, _LABEL_WIDTH)
        sheets.text(left - 6 - line.width, y - 2.2, line, TINY, None)
        line = layout.setter.cut(short_size(size_bytes * step // _STEPS), TINY, _LABEL_WIDTH)
        x = left + (right - left) * step / _STEPS
        sheets.rule(x, base, x, base - 3, FAINT, 0.4)
        sheets.text(min(x - line.width / 2, right - line.width), base - 11, line, TINY, None)
