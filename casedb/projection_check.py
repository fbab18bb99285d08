"""The tables made from the ledger, compared row by row with what the ledger comes to.

Both sides come in the order of the entries, so that one row of each table is held at a time.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import is_, itemgetter
from typing import Any, TypeAlias

from casedb.rows import MIGRATIONS_TABLE, Row, Value

Found: TypeAlias = dict[str, Value | bytes | float]
Values: TypeAlias = tuple[Value | bytes | float, ...]
Key: TypeAlias = tuple[Value | bytes | float, ...]

_KEY_COLUMNS = ("position", "algorithm", "id")
_SHOWN_CHARACTERS = 80
_NEVER = 2**63
"""Behind every number that a row can have."""


@dataclass(frozen=True)
class Difference:
    """One row that is not what the ledger comes to."""

    code: str
    sequence: int | None
    detail: str
    expected: str | None = None
    found: str | None = None


class TableWalk:
    """The rows of one table in the order of the entries they name."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self.table = table
        self._order = "id" if table == MIGRATIONS_TABLE else "sequence"
        cursor = connection.execute(" ".join(("SELECT * FROM", f'"{table}"', "ORDER BY", self._order)))
        self._columns = tuple(column[0] for column in cursor.description)
        self._rows: Iterator[Values] = iter(cursor)
        self._number_at = self._columns.index(self._order)
        self._in_order: dict[tuple[str, ...], Callable[[Values], Any] | None] = {}
        self.due = _NEVER
        """The entry that the next row says it comes from: it is due with that one, or should have come before."""
        self._next = self._fetch()

    def _fetch(self) -> Values | None:
        """The next row, or None behind the last."""
        values = next(self._rows, None)
        self.due = _number(values[self._number_at]) if values is not None else _NEVER
        return values

    def take_until(self, number: int | None) -> Iterator[Found]:
        """The rows up to this number, or all that are left."""
        while (values := self._next) is not None and (number is None or self.due <= number):
            self._next = self._fetch()
            yield dict(zip(self._columns, values, strict=True))

    def compare(self, sequence: int, expected: Sequence[Row]) -> Iterator[Difference]:
        """What differs in the rows that this entry comes to."""
        left = self._take_equal(expected)
        if not left and (self._order == "id" or self.due > sequence):
            return
        wanted = {_key(row_values): row_values for row_values in map(_values, left)}
        last = max((_number(row[self._order]) for row in wanted.values()), default=None)
        number = last if self._order == "id" else sequence
        for found in self.take_until(number) if number is not None else ():
            row = wanted.pop(_key(found), None)
            if row is None:
                yield self.unknown(found)
            else:
                yield from self._differences(sequence, row, found)
        for row in wanted.values():
            yield Difference("ledger-row-missing", sequence, f"{self._place(row)} of entry {sequence} is missing")

    def _take_equal(self, expected: Sequence[Row]) -> Sequence[Row]:
        """Take rows as long as each is the one that is expected next; gives the expected ones that are left."""
        for index, row in enumerate(expected):
            if self._next is None or not self._is_same(row, self._next):
                return expected[index:]
            self._next = self._fetch()
        return ()

    def _is_same(self, row: Row, found: Values) -> bool:
        """Whether a row of the file is this one, in its types too."""
        if row.columns not in self._in_order:
            self._in_order[row.columns] = self._getter(row.columns)
        in_order = self._in_order[row.columns]
        if in_order is None:
            return False
        values = in_order(found)
        return bool(values == row.values) and all(map(is_, map(type, values), map(type, row.values)))

    def _getter(self, columns: tuple[str, ...]) -> Callable[[Values], Any] | None:
        """What puts the values of the file into the order of these columns; None where they are others, or one."""
        if len(columns) == 1 or sorted(columns) != sorted(self._columns):
            return None
        return itemgetter(*map(self._columns.index, columns))

    def unknown(self, found: Found) -> Difference:
        """A row that no entry accounts for."""
        number = found.get("sequence")
        sequence = number if isinstance(number, int) else None
        return Difference("ledger-row-unknown", sequence, f"{self._place(found)} comes from no entry of the ledger")

    def _differences(self, sequence: int, expected: Found, found: Found) -> Iterator[Difference]:
        """The columns that differ, types included."""
        for column, value in expected.items():
            there = found.get(column)
            if there != value or type(there) is not type(value):
                detail = f"{self._place(found)}: {column} is not what entry {sequence} says"
                yield Difference("ledger-row-altered", sequence, detail, _shown(value), _shown(there))

    def _place(self, row: Found) -> str:
        """A row as a reader finds it."""
        keys = " ".join(f"{name} {row[name]!r}" for name in ("sequence", *_KEY_COLUMNS) if name in row)
        return f"table {self.table}, row {keys}"


def _values(row: Row) -> Found:
    """A row of the ledger's own, by column."""
    return dict(zip(row.columns, row.values, strict=True))


def _key(row: Found) -> Key:
    """What tells a row from the others of its table."""
    return tuple(row.get(name) for name in ("sequence", *_KEY_COLUMNS))


def _number(value: Value | bytes | float) -> int:
    """A row's number; what is none comes first and is accounted for by nothing."""
    return value if isinstance(value, int) else -1


def _shown(value: Value | bytes | float) -> str:
    """A value as it can be printed, whatever it holds."""
    text = ascii(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
