"""The bad-sector map as a picture: the whole medium in a grid, one bad sector in it never too small to see."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from report.document import SectorMap
from report.pdf.blocks import BlockLayout
from report.pdf.figures import figure_slab
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab
from report.pdf.style import BAD, PAPER, RULE, SMALL, TINY, Colour
from report.phrases import short_size

_COLUMNS = 96
_ROWS = 24
_CELL_HEIGHT = 7.0
_LABEL_WIDTH = 62.0
_LEGEND_HEIGHT = 30.0
_LABEL_EVERY = 4


class CellState(Enum):
    """What a cell of the grid says of its sectors; the value is its colour."""

    READ = (0.70, 0.79, 0.87)
    PARTLY = (0.90, 0.45, 0.13)
    UNREADABLE = BAD


@dataclass(frozen=True)
class Grid:
    """A medium in cells: how many sectors one holds, how many cells there are, and the state of each."""

    cell_sectors: int
    states: tuple[CellState, ...]

    def rows(self) -> Iterator[tuple[CellState, ...]]:
        """The cells row by row."""
        for start in range(0, len(self.states), _COLUMNS):
            yield self.states[start : start + _COLUMNS]


def grid_of(block: SectorMap) -> Grid:
    """The grid of a medium: as many cells as there is room for, each with as many sectors as the next."""
    cell_sectors = max(1, -(-block.sector_count // (_COLUMNS * _ROWS)))
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


def sector_map_slab(layout: BlockLayout, block: SectorMap) -> Slab:
    """The grid with the first sector of every fourth row at its side and a legend below."""
    grid = grid_of(block)
    rows = list(grid.rows())
    cell_width = (layout.width - _LABEL_WIDTH) / _COLUMNS
    height = len(rows) * _CELL_HEIGHT + _LEGEND_HEIGHT

    def draw(sheets: Sheets, top: float) -> None:
        left = layout.left + _LABEL_WIDTH
        for number, row in enumerate(rows):
            y = top - (number + 1) * _CELL_HEIGHT
            if number % _LABEL_EVERY == 0:
                line = layout.setter.cut(str(number * _COLUMNS * grid.cell_sectors), TINY, _LABEL_WIDTH)
                sheets.text(left - 6 - line.width, y + 1.4, line, TINY, None)
            _draw_row(sheets, left, y, row, cell_width)
        _draw_lines(sheets, left, top, rows, cell_width)
        _draw_legend(layout, sheets, left, top - len(rows) * _CELL_HEIGHT, _legend(block, grid))

    return figure_slab(layout, block.alternative, height, draw, before=4)


def _state(bad_count: int, size: int) -> CellState:
    """The state of a cell with so many unreadable sectors of so many."""
    if bad_count == 0:
        return CellState.READ
    return CellState.UNREADABLE if bad_count >= size else CellState.PARTLY


def _draw_row(sheets: Sheets, left: float, y: float, row: tuple[CellState, ...], cell_width: float) -> None:
    """One row; neighbours of one state are one stroke."""
    x = left
    for state, cells in groupby(row):
        width = len(list(cells)) * cell_width
        sheets.box(x, y, width, _CELL_HEIGHT, state.value)
        x += width


def _draw_lines(
    sheets: Sheets, left: float, top: float, rows: list[tuple[CellState, ...]], cell_width: float
) -> None:
    """The thin lines between cells, over full rows and the last."""
    for column in range(1, _COLUMNS):
        count = len(rows) if column < len(rows[-1]) else len(rows) - 1
        x = left + column * cell_width
        if count:
            sheets.rule(x, top, x, top - count * _CELL_HEIGHT, PAPER, 0.35)
    for number in range(1, len(rows)):
        y = top - number * _CELL_HEIGHT
        sheets.rule(left, y, left + len(rows[number]) * cell_width, y, PAPER, 0.7)


def _legend(block: SectorMap, grid: Grid) -> tuple[tuple[str, Colour | None], ...]:
    """What the colours and one cell mean."""
    size = short_size(grid.cell_sectors * block.sector_size_bytes)
    unit = "sector" if grid.cell_sectors == 1 else "sectors"
    return (
        ("read", CellState.READ.value),
        ("at least one sector unreadable", CellState.PARTLY.value),
        ("all unreadable", CellState.UNREADABLE.value),
        (f"one cell is {grid.cell_sectors} {unit} ({size}); numbers: first sector of the row", None),
    )


def _draw_legend(
    layout: BlockLayout, sheets: Sheets, left: float, top: float, entries: tuple[tuple[str, Colour | None], ...]
) -> None:
    """The legend, in as many lines as it takes."""
    x, y = left, top - 12
    for text, colour in entries:
        line = layout.setter.cut(text, SMALL, layout.width - _LABEL_WIDTH)
        if x > left and x + line.width + 10 > layout.left + layout.width:
            x, y = left, y - 11
        if colour is not None:
            sheets.box(x, y - 0.5, 7, 7, colour)
            sheets.frame(x, y - 0.5, 7, 7, RULE, 0.3)
            x += 11
        sheets.text(x, y, line, SMALL, None)
        x += line.width + 14
