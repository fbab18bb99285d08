"""The bad-sector map as a picture: the whole medium in a grid, one bad sector in it never too small to see."""

from itertools import groupby

from report.document import SectorMap
from report.measured_pictures import COLUMNS, CellState, grid_of, legend_of
from report.pdf.blocks import BlockLayout
from report.pdf.figures import figure_slab
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab
from report.pdf.style import PAPER, RULE, SMALL, TINY, Colour

_CELL_HEIGHT = 7.0
_LABEL_WIDTH = 62.0
_LEGEND_HEIGHT = 30.0
_LABEL_EVERY = 4


def sector_map_slab(layout: BlockLayout, block: SectorMap) -> Slab:
    """The grid with the first sector of every fourth row at its side and a legend below."""
    grid = grid_of(block)
    rows = list(grid.rows())
    cell_width = (layout.width - _LABEL_WIDTH) / COLUMNS
    height = len(rows) * _CELL_HEIGHT + _LEGEND_HEIGHT

    def draw(sheets: Sheets, top: float) -> None:
        left = layout.left + _LABEL_WIDTH
        for number, row in enumerate(rows):
            y = top - (number + 1) * _CELL_HEIGHT
            if number % _LABEL_EVERY == 0:
                line = layout.setter.cut(str(number * COLUMNS * grid.cell_sectors), TINY, _LABEL_WIDTH)
                sheets.text(left - 6 - line.width, y + 1.4, line, TINY, None)
            _draw_row(sheets, left, y, row, cell_width)
        _draw_lines(sheets, left, top, rows, cell_width)
        _draw_legend(layout, sheets, left, top - len(rows) * _CELL_HEIGHT, legend_of(block, grid))

    return figure_slab(layout, block.alternative, height, draw, before=4)


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
    for column in range(1, COLUMNS):
        count = len(rows) if column < len(rows[-1]) else len(rows) - 1
        x = left + column * cell_width
        if count:
            sheets.rule(x, top, x, top - count * _CELL_HEIGHT, PAPER, 0.35)
    for number in range(1, len(rows)):
        y = top - number * _CELL_HEIGHT
        sheets.rule(left, y, left + len(rows[number]) * cell_width, y, PAPER, 0.7)


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
