"""Attacks on the file of a case with sqlite3 alone, never through our code; each names the entry it is about.

Every row of every table is attacked column by column: changed, deleted, doubled, given another number, exchanged.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from tests.casedb.building import behind_our_back

Value: TypeAlias = str | int | bytes | float | None
Change: TypeAlias = Callable[[sqlite3.Connection], None]


@dataclass(frozen=True)
class Attack:
    """One attack: what it does, and the entry whose row it touches, where it touches one."""

    what: str
    entry: int | None
    change: Change


@dataclass(frozen=True)
class Cell:
    """One value in one row of the file; the row is told by its primary key."""

    table: str
    column: str
    key: tuple[tuple[str, Value], ...]
    value: Value

    @property
    def entry(self) -> int | None:
        """The entry that the row comes from."""
        number = dict(self.key).get("sequence")
        return number if isinstance(number, int) else None

    @property
    def place(self) -> tuple[str, list[Value]]:
        """The condition that finds the row, and its parameters."""
        return " AND ".join(f'"{name}" IS ?' for name, _ in self.key), [value for _, value in self.key]

    def __str__(self) -> str:
        keys = ", ".join(f"{name} {value!r}" for name, value in self.key)
        return f"{self.table}.{self.column} ({keys})"


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """Every table of the file."""
    return [
        name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
    ]


def keys_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table's primary key."""
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    return [column[1] for column in sorted(columns, key=lambda item: item[5]) if column[5]]


def cells_of(folder: Path) -> list[Cell]:
    """Every value of every row of every table."""
    found: list[Cell] = []
    with closing(sqlite3.connect(folder / "case.db")) as connection:
        connection.row_factory = sqlite3.Row
        for table in tables_of(connection):
            keys = keys_of(connection, table)
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                key = tuple((name, row[name]) for name in keys)
                found += [Cell(table, column, key, row[column]) for column in row.keys()]  # noqa: SIM118
    return found


def flipped(value: Value, offset: int) -> Value:
    """A value with one byte changed (one bit, so that text stays text); NULL becomes an empty text."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value + (1 << offset % 8)
    if isinstance(value, bytes):
        return value[:offset] + bytes((value[offset] ^ 0x01,)) + value[offset + 1 :] if value else b"x"
    if not value:
        return "x"
    changed = chr(ord(value[offset]) ^ 0x01)
    return value[:offset] + changed + value[offset + 1 :]


def length_of(value: Value) -> int:
    """How many places of a value can be changed."""
    return len(value) if isinstance(value, str | bytes) and value else 1


def flip(cell: Cell, offset: int) -> Attack:
    """One byte of one value changed; where the file refuses that (a number that is taken), nothing happens."""

    def change(connection: sqlite3.Connection) -> None:
        where, parameters = cell.place
        sql = f'UPDATE "{cell.table}" SET "{cell.column}" = ? WHERE {where}'
        connection.execute("PRAGMA ignore_check_constraints = ON")
        try:
            connection.execute(sql, [flipped(cell.value, offset), *parameters])
        except sqlite3.IntegrityError:
            if cell.value is None:
                connection.execute(sql, [1, *parameters])

    return Attack(f"byte {offset} of {cell}", cell.entry, change)


def delete(cell: Cell) -> Attack:
    """The row of a value gone."""
    where, parameters = cell.place
    sql = f'DELETE FROM "{cell.table}" WHERE {where}'
    return Attack(f"{cell.table} without {cell.key}", cell.entry, lambda at: execute(at, sql, parameters))


def double(cell: Cell, keys: list[str], columns: list[str]) -> Attack:
    """The row of a value a second time, under a number that is free."""
    where, parameters = cell.place
    last = keys[0]
    free = f'(SELECT max("{last}") + 1 FROM "{cell.table}")' if isinstance(dict(cell.key)[last], int) else "'x'"
    taken = ", ".join(free if name == last else f'"{name}"' for name in columns)
    sql = f'INSERT OR IGNORE INTO "{cell.table}" SELECT {taken} FROM "{cell.table}" WHERE {where}'
    return Attack(f"{cell.table} with {cell.key} twice", cell.entry, lambda at: execute(at, sql, parameters))


def execute(connection: sqlite3.Connection, sql: str, parameters: list[Value]) -> None:
    """One statement, whatever the constraints say."""
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(sql, parameters)


def swaps(folder: Path) -> Iterator[Attack]:
    """The contents of each two neighbouring entries, payloads and checkpoints exchanged."""
    with closing(sqlite3.connect(folder / "case.db")) as connection:
        for table, columns in SWAPPED.items():
            rows = connection.execute(f"SELECT sequence, {', '.join(columns)} FROM {table} ORDER BY 1").fetchall()
            for one, other in pairwise(rows):
                yield Attack(f"{table} {one[0]} and {other[0]}", one[0], swap(table, columns, one, other))


SWAPPED = {"entries": ("entry", "entry_sha256"), "payloads": ("payload",), "checkpoints": ("note",)}


def swap(table: str, columns: tuple[str, ...], one: tuple[Value, ...], other: tuple[Value, ...]) -> Change:
    """Each row with the contents of the other."""
    sql = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in columns)} WHERE sequence = ?"

    def change(connection: sqlite3.Connection) -> None:
        connection.execute(sql, (*other[1:], one[0]))
        connection.execute(sql, (*one[1:], other[0]))

    return change


def carry_out(attack: Attack, whole: Path, case: Path) -> bool:
    """Attack a fresh copy of a whole file; whether the file holds anything else afterwards."""
    shutil.copyfile(whole / "case.db", case / "case.db")
    with behind_our_back(case) as connection:
        before = connection.total_changes
        attack.change(connection)
        return connection.total_changes > before
