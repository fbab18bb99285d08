"""Tables as strips of a page: the head again on every page, columns as wide as their contents ask for."""

from collections.abc import Sequence
from dataclasses import replace

from report.document import Column, Table, known
from report.pdf.blocks import BlockLayout
from report.pdf.sheet import Sheets
from report.pdf.slabs import Slab, held_at_ends, kept_with_next, with_space
from report.pdf.structure import Artifact, Element, Scope
from report.pdf.style import (
    ACCENT,
    CELL,
    CELL_CODE,
    CELL_HEAD,
    FAINT,
    RULE,
    SHADE,
    SMALL,
    SUBHEADING,
    TextStyle,
)
from report.pdf.typeset import Line, Typesetter
from report.phrases import NOT_RECORDED
from report.wording import say

_GAP = 9.0
_PAD = 2.6
_MEASURED_ROWS = 200
_TALLEST_WHOLE_ROW = 10

_Cell = tuple[tuple[Line, ...], TextStyle]
_Parts = Sequence[Element | Artifact]


def table_slabs(layout: BlockLayout, table: Table) -> list[Slab]:
    """A table with its title, its head and a slab for each row; rows of many lines may go over pages."""
    title = kept_with_next(layout.text(table.title, SUBHEADING, "H3"))
    drawing = _TableLayout(layout.within("Table"), table)
    rows = [slab for row in table.rows for slab in drawing.row(row)]
    closing = layout.text(table.left_out, replace(SMALL, colour=FAINT)) if table.left_out else []
    slabs = [*title, drawing.head, *held_at_ends(rows), *with_space(closing, 4)]
    return with_space(slabs, 10)


class _TableLayout:
    """The columns of one table on the page, and its rows as slabs."""

    def __init__(self, layout: BlockLayout, table: Table) -> None:
        self._layout = layout
        self._table = table
        self._widths = column_widths(layout.setter, table, layout.width - _GAP * (len(table.columns) - 1))
        self.head = self._head(row_of(layout.part, len(table.columns), Scope.COLUMN))
        self._again = self._head((Artifact.PAGINATION,) * len(table.columns))

    def row(self, row: tuple[str | None, ...]) -> list[Slab]:
        """One row: a single slab, or one for each line when it is very tall."""
        cells = [
            self._cell(value, column, width)
            for value, column, width in zip(row, self._table.columns, self._widths, strict=True)
        ]
        count = max((len(lines) for lines, _ in cells), default=1)
        parts = row_of(self._layout.part, len(cells))
        if count <= _TALLEST_WHOLE_ROW:
            return [self._slab(parts, cells, count, first=True, last=True)]
        return held_at_ends(
            [
                self._slab(
                    parts,
                    [(lines[index : index + 1], style) for lines, style in cells],
                    1,
                    first=index == 0,
                    last=index == count - 1,
                )
                for index in range(count)
            ]
        )

    def _cell(self, value: str | None, column: Column, width: float) -> _Cell:
        """The lines of one cell."""
        found = known(value)
        style = CELL_CODE if column.code else CELL
        style = style if found else replace(CELL, colour=FAINT)
        return self._layout.setter.lines(found or say(NOT_RECORDED), style, width), style

    def _slab(self, parts: _Parts, cells: list[_Cell], count: int, *, first: bool, last: bool) -> Slab:
        """Some lines of a row, with a thin rule below the last."""
        above, below = (_PAD if first else 0.0), (_PAD if last else 0.0)
        height = CELL.leading * count + above + below
        left, width = self._layout.left, self._layout.width

        def draw(sheets: Sheets, top: float) -> None:
            self._draw_cells(sheets, top - above, parts, cells)
            if last:
                sheets.rule(left, top - height, left + width, top - height, RULE, 0.4)

        return Slab(height, draw, repeat=self._again)

    def _head(self, parts: _Parts) -> Slab:
        """The titles of the columns on a shaded ground."""
        setter, columns = self._layout.setter, self._table.columns
        cells = [
            (setter.lines(column.title, CELL_HEAD, width), CELL_HEAD)
            for column, width in zip(columns, self._widths, strict=True)
        ]
        height = CELL_HEAD.leading * max(len(lines) for lines, _ in cells) + 2 * _PAD
        left, width = self._layout.left, self._layout.width

        def draw(sheets: Sheets, top: float) -> None:
            sheets.box(left, top - height, width, height, SHADE)
            sheets.rule(left, top - height, left + width, top - height, ACCENT, 0.7)
            self._draw_cells(sheets, top - _PAD, parts, cells)

        return Slab(height, draw, keep=True)

    def _draw_cells(self, sheets: Sheets, top: float, parts: _Parts, cells: Sequence[_Cell]) -> None:
        """The cells of a row beside each other, numbers to the right."""
        x = self._layout.left
        for part, (lines, style), column, width in zip(
            parts, cells, self._table.columns, self._widths, strict=True
        ):
            y = top - CELL.size
            for line in lines:
                at_right = column.right or (line.from_right and len(lines) > 1)
                sheets.text(x + width - line.width if at_right else x, y, line, style, part)
                y -= style.leading
            x += width + _GAP


def row_of(table: Element, count: int, scope: Scope | None = None) -> tuple[Element, ...]:
    """The cells of a new row in the structure of a table; of the row of its heads when there is a scope."""
    row = Element("TR", table)
    return tuple(Element("TH" if scope else "TD", row, scope=scope) for _ in range(count))


def column_widths(setter: Typesetter, table: Table, width: float) -> list[float]:
    """How wide each column is: what it needs where that is less than its share, the rest shared out."""
    needed = [_needed(setter, table, index) for index in range(len(table.columns))]
    widths = [0.0] * len(needed)
    open_columns, left = set(range(len(needed))), width
    while open_columns:
        shares = sum(table.columns[index].share for index in open_columns)
        content = {i for i in open_columns if needed[i] <= left * table.columns[i].share / shares}
        if not content:
            break
        for index in content:
            widths[index] = needed[index]
            left -= needed[index]
        open_columns -= content
    shared = open_columns or set(range(len(needed)))
    total = sum(table.columns[index].share for index in shared)
    for index in shared:
        widths[index] += left * table.columns[index].share / total
    return _with_whole_heads(widths, [_head_width(setter, column) for column in table.columns])


def _with_whole_heads(widths: list[float], least: list[float]) -> list[float]:
    """The same widths where every column has room for each word of its title; else the wide ones give some up."""
    missing = sum(max(need - width, 0.0) for width, need in zip(widths, least, strict=True))
    spare = sum(max(width - need, 0.0) for width, need in zip(widths, least, strict=True))
    if not 0.0 < missing <= spare:
        return widths
    return [
        need if width < need else width - (width - need) * missing / spare
        for width, need in zip(widths, least, strict=True)
    ]


def _head_width(setter: Typesetter, column: Column) -> float:
    """The width of the longest word of a title."""
    return 0.5 + max((setter.width(word, CELL_HEAD) for word in column.title.split()), default=0.0)


def _needed(setter: Typesetter, table: Table, index: int) -> float:
    """The width that a column's title and its first rows would like to have."""
    column = table.columns[index]
    style = CELL_CODE if column.code else CELL
    cells = [row[index] for row in table.rows[:_MEASURED_ROWS]]
    longest = sorted({known(cell) or say(NOT_RECORDED) for cell in cells}, key=len)[-12:]
    content = 0.5 + max((setter.width(text[:200], style) for text in longest), default=0.0)
    return max(_head_width(setter, column), content)
