"""The pictures of a report as SVG inside the page (SVG 1.1): the same cells, points and moments as in the PDF.

Lengths are units of a picture 1000 wide. Colours are attributes, since the page allows no style but its own.
"""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from report.document import SectorMap, SpeedCurve, Timeline
from report.escape import visible
from report.measured_pictures import (
    COLUMNS,
    MOST_MOMENTS,
    Colour,
    grid_of,
    legend_of,
    round_scale,
    scaled_places,
    slow_places,
    speed_points,
    speed_words,
    timeline_words,
)
from report.phrases import instant_text, short_size

_WIDTH, _LEFT = 1000.0, 150.0
_CELL = 12.0
_LABEL_EVERY = 4
_CURVE_HEIGHT = 220.0
_STEPS = 4
_STEP = 26.0
_INK, _LINE, _BLUE, _BAND, _RED = "#5b6672", "#c9d1d9", "#1f3a5f", "#ccdef0", "#a01c1c"


def map_svg(block: SectorMap) -> list[str]:
    """The map of a medium: cells row by row, the first sector of every fourth row beside it."""
    grid = grid_of(block)
    width, lines = (_WIDTH - _LEFT) / COLUMNS, []
    rows = list(grid.rows())
    for number, row in enumerate(rows):
        x, y = _LEFT, number * _CELL
        if number % _LABEL_EVERY == 0:
            lines.append(_text(_LEFT - 8, y + 10, str(number * COLUMNS * grid.cell_sectors), "end"))
        for state, cells in groupby(row):
            length = len(list(cells)) * width
            lines.append(_box(x, y, length, _CELL - 1, _hex(state.value)))
            x += length
    height = len(rows) * _CELL
    for place, (words, colour) in enumerate(legend_of(block, grid)):
        y = height + 8 + place * 18
        if colour is not None:
            lines.append(_box(_LEFT, y, 12, 12, _hex(colour)))
        lines.append(_text(_LEFT + 18, y + 11, words))
    return _svg(block.alternative, height + 84, lines)


def speed_svg(block: SpeedCurve) -> list[str]:
    """The reading speed: its average as a line, the band between slowest and fastest, slow areas at the foot."""
    points = speed_points(block)
    end = round_scale(max((point.fastest for point in points), default=0.0))

    def at(place: float, speed: float) -> str:
        return f"{_LEFT + place * (_WIDTH - _LEFT):.1f},{10 + _CURVE_HEIGHT * (1 - speed / end):.1f}"

    lines = _axes(end, block.sector_count * block.sector_size_bytes)
    upper = [at(point.place, point.fastest) for point in points]
    lower = [at(point.place, point.slowest) for point in reversed(points)]
    middle = [at(point.place, point.average) for point in points]
    lines.append(f'<polygon points="{" ".join(upper + lower)}" fill="{_BAND}"/>')
    lines.append(f'<polyline points="{" ".join(middle)}" fill="none" stroke="{_BLUE}" stroke-width="2"/>')
    lines += [_dot(*map(float, item.split(","))) for item in (middle if len(middle) == 1 else ())]
    for first, last in slow_places(block):
        length = max((last - first) * (_WIDTH - _LEFT), 2)
        lines.append(_box(_LEFT + first * (_WIDTH - _LEFT), 4 + _CURVE_HEIGHT, length, 6, _RED))
    lines.append(_text(_LEFT, _CURVE_HEIGHT + 56, speed_words(block)))
    return _svg(block.alternative, _CURVE_HEIGHT + 66, lines)


def timeline_svg(block: Timeline) -> list[str]:
    """The latest events, each tied to its place on a line on which equal lengths are equal times."""
    moments = block.moments[-MOST_MOMENTS:]
    span = max(len(moments) - 1, 1) * _STEP
    lines = [_stroke([(20, 12), (20, 12 + span)], _INK)]
    for number, (moment, place) in enumerate(zip(moments, scaled_places(moments), strict=True)):
        at, beside = 12 + place * span, 12 + number * _STEP
        lines += [_stroke([(20, at), (50, at), (80, beside), (95, beside)], _LINE), _dot(20, at)]
        lines.append(_text(105, beside + 5, f"{instant_text(moment.at)}  {moment.label}"))
    lines.append(_text(20, span + 44, timeline_words(len(moments), len(block.moments))))
    return _svg(block.alternative, span + 56, lines)


def _axes(end: float, size_bytes: int) -> list[str]:
    """Lines with their speeds, and places on the medium."""
    lines = []
    for step in range(_STEPS + 1):
        y = 10 + _CURVE_HEIGHT * (1 - step / _STEPS)
        x = _LEFT + (_WIDTH - _LEFT) * step / _STEPS
        lines.append(_stroke([(_LEFT, y), (_WIDTH, y)], _LINE))
        lines.append(_text(_LEFT - 8, y + 5, f"{short_size(round(end * step / _STEPS))}/s", "end"))
        anchor = "start" if step == 0 else "end" if step == _STEPS else "middle"
        lines.append(_text(x, _CURVE_HEIGHT + 30, short_size(size_bytes * step // _STEPS), anchor))
    return lines


def _svg(alternative: str, height: float, lines: Iterable[str]) -> list[str]:
    """A picture of this height with the sentence that says what it shows."""
    label = escape(visible(alternative))
    return [f'<svg viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" aria-label="{label}">', *lines, "</svg>"]


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    """Words at a place."""
    shown = escape(visible(words))
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="14" fill="{_INK}" text-anchor="{anchor}">{shown}</text>'


def _box(x: float, y: float, width: float, height: float, colour: str) -> str:
    """A filled box."""
    return f'<rect x="{x:.2f}" y="{y:.1f}" width="{width:.2f}" height="{height:.1f}" fill="{colour}"/>'


def _stroke(places: list[tuple[float, float]], colour: str) -> str:
    """A thin line through these places."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline points="{points}" fill="none" stroke="{colour}"/>'


def _dot(x: float, y: float) -> str:
    """A dot."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_BLUE}"/>'


def _hex(colour: Colour) -> str:
    """A colour as HTML writes it."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
