"""What the pictures of a report show, measured but not drawn: the PDF and the page for a browser draw the same."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from report.document import Moment, SectorMap, SpeedCurve
from report.phrases import short_size
from report.wording import english, say, say_number

COLUMNS = 96
"""Cells in a row of the map of a medium."""
MOST_MOMENTS = 30
SPEED_WORDS = english("line: average; band: slowest to fastest stretch; across: place on the medium, in bytes")
SPEED_SLOW_WORDS = english("marks at the foot: slow areas")
_ROWS = 24
_POINTS = 240
Colour = tuple[float, float, float]


class CellState(Enum):
    """What a cell of the grid says of its sectors; the value is its colour."""

    READ = (0.70, 0.79, 0.87)
    PARTLY = (0.90, 0.45, 0.13)
    UNREADABLE = (0xA0 / 255, 0x1C / 255, 0x1C / 255)


@dataclass(frozen=True)
class Grid:
    """A medium in cells: how many sectors one holds, how many cells there are, and the state of each."""

    cell_sectors: int
    states: tuple[CellState, ...]

    def rows(self) -> Iterator[tuple[CellState, ...]]:
        """The cells row by row."""
        for start in range(0, len(self.states), COLUMNS):
            yield self.states[start : start + COLUMNS]


def grid_of(block: SectorMap) -> Grid:
    """The grid of a medium: as many cells as there is room for, each with as many sectors as the next."""
    cell_sectors = max(1, -(-block.sector_count // (COLUMNS * _ROWS)))
    cell_count = -(-block.sector_count // cell_sectors)
    bad = [0] * cell_count
    counted_to = 0
    for item in sorted(block.unreadable):
        start = max(item.first_sector, counted_to)
        counted_to = max(counted_to, min(item.first_sector + item.sector_count, block.sector_count))
        for cell in range(start // cell_sectors, -(-counted_to // cell_sectors) if counted_to > start else 0):
            bad[cell] += min(counted_to, (cell + 1) * cell_sectors) - max(start, cell * cell_sectors)
    sizes = (min(cell_sectors, block.sector_count - cell * cell_sectors) for cell in range(cell_count))
    return Grid(cell_sectors, tuple(_state(count, size) for count, size in zip(bad, sizes, strict=True)))


def legend_of(block: SectorMap, grid: Grid) -> tuple[tuple[str, Colour | None], ...]:
    """What the colours and one cell mean."""
    size = short_size(grid.cell_sectors * block.sector_size_bytes)
    cell = say_number(
        "one cell is {count} sector ({size}); numbers: first sector of the row",
        "one cell is {count} sectors ({size}); numbers: first sector of the row",
        grid.cell_sectors,
        size=size,
    )
    return (
        (say("read"), CellState.READ.value),
        (say("at least one sector unreadable"), CellState.PARTLY.value),
        (say("all unreadable"), CellState.UNREADABLE.value),
        (cell, None),
    )


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


def speed_words(block: SpeedCurve) -> str:
    """What the parts of the curve mean."""
    words = say(SPEED_WORDS)
    return f"{words}; {say(SPEED_SLOW_WORDS)}" if block.slow else words


def round_scale(highest: float) -> float:
    """The end of a scale: the next 1, 2, 2.5 or 5 times a power of ten."""
    if highest <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= highest * 0.9999)


def scaled_places(moments: tuple[Moment, ...]) -> list[float]:
    """Where each moment lies between the first (0) and the last (1)."""
    seconds = [moment.at.as_datetime().timestamp() for moment in moments]
    span = max(seconds) - min(seconds)
    if span <= 0:
        return [0.0] * len(moments)
    return [(value - min(seconds)) / span for value in seconds]


def timeline_words(drawn: int, total: int) -> str:
    """What the picture shows, and how many events it leaves out."""
    scale = say("The line at the left is to scale.")
    if drawn == total:
        return scale
    return f"{scale} {say('The latest {drawn} of {total} events are drawn.', drawn=drawn, total=total)}"


def _state(bad_count: int, size: int) -> CellState:
    """The state of a cell with so many unreadable sectors of so many."""
    if bad_count == 0:
        return CellState.READ
    return CellState.UNREADABLE if bad_count >= size else CellState.PARTLY
