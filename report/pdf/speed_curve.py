"""The reading speed as a picture: the average over the medium, and the band between slowest and fastest."""

import math
from dataclasses import dataclass

from report.document import SpeedCurve, Tone
from report.pdf.blocks import BlockLayout
from report.pdf.figures import figure_slab
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab
from report.pdf.style import ACCENT, FAINT, RULE, SMALL, TINY, TONES, Colour
from report.phrases import short_size

_HEIGHT = 120.0
_LABEL_WIDTH = 62.0
_FOOT = 34.0
_POINTS = 240
_STEPS = 4
_BAND: Colour = (0.80, 0.87, 0.94)
_SLOW_HEIGHT = 4.0
_NARROWEST = 1.2


@dataclass(frozen=True)
class SpeedPoint:
    """A stretch of the medium: where its middle lies (0 to 1), and bytes per second there."""

    place: float
    average: float
    slowest: float
    fastest: float


def speed_points(block: SpeedCurve) -> tuple[SpeedPoint, ...]:
    """The samples joined into as many points as can be told apart."""
    samples = [item for item in block.samples if item.seconds > 0 and item.sector_count > 0]
    together = max(1, -(-len(samples) // _POINTS))
    points = []
    for start in range(0, len(samples), together):
        group = samples[start : start + together]
        speeds = [item.sector_count * block.sector_size_bytes / item.seconds for item in group]
        total = sum(item.sector_count for item in group) * block.sector_size_bytes
        middle = (group[0].first_sector + group[-1].first_sector + group[-1].sector_count) / 2
        place = min(max(middle / max(block.sector_count, 1), 0.0), 1.0)
        average = total / sum(item.seconds for item in group)
        points.append(SpeedPoint(place, average, min(speeds), max(speeds)))
    return tuple(sorted(points, key=lambda point: point.place))


def slow_places(block: SpeedCurve) -> tuple[tuple[float, float], ...]:
    """Where each slow area begins and ends on the medium (0 to 1)."""
    total = max(block.sector_count, 1)
    ends = ((area.first_sector / total, (area.first_sector + area.sector_count) / total) for area in block.slow)
    return tuple((min(first, 1.0), min(end, 1.0)) for first, end in ends)


def round_scale(highest: float) -> float:
    """The end of a scale: the next 1, 2, 2.5 or 5 times a power of ten."""
    if highest <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= highest * 0.9999)


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
        words = "line: average; band: slowest to fastest stretch; across: place on the medium, in bytes"
        words += "; marks at the foot: slow areas" if block.slow else ""
        sheets.text(left, base - 25, layout.setter.cut(words, SMALL, width), SMALL, None)

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
