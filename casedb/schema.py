"""The structure of a case database: its steps as SQL files, and whether a file has exactly that structure."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

APPLICATION_ID = 0x44574364
MIGRATION_SET = "casedb"
STEP_NAMES = (
    "0001-ledger",
    "0002-projections",
    "0003-copies",
    "0004-checkpoints",
    "0005-timestamps",
    "0006-custody",
    "0007-imports",
    "0008-closings",
    "0009-case-reports",
    "0010-report-signatures",
    "0011-clocks",
)


@dataclass(frozen=True)
class Step:
    """One step of the structure: its name in the migrations table, and its SQL."""

    name: str
    sql: str


@dataclass(frozen=True, order=True)
class SchemaObject:
    """One table, index, trigger or view, as `sqlite_schema` tells it."""

    kind: str
    name: str
    table: str
    sql: str


@cache
def steps() -> tuple[Step, ...]:
    """Every step this version knows, in order; their number is the `user_version` of the file."""
    return tuple(Step(name, _sql(name)) for name in STEP_NAMES)


@cache
def migrations_table_sql() -> str:
    """The SQL that makes the table of applied steps, which must be there before the first."""
    return _sql("0000-migrations")


def _sql(name: str) -> str:
    """The text of one SQL file."""
    return files("casedb").joinpath("migrations", f"{name}.sql").read_text(encoding="utf-8")


@cache
def expected_schema(known: tuple[Step, ...]) -> frozenset[SchemaObject]:
    """The objects that these steps make, from an empty database in memory."""
    connection = sqlite3.connect(":memory:")
    try:
        for sql in (migrations_table_sql(), *(step.sql for step in known)):
            connection.executescript(sql)
        return frozenset(read_schema(connection))
    finally:
        connection.close()


def read_schema(connection: sqlite3.Connection) -> Sequence[SchemaObject]:
    """Every object of a database; indexes that SQLite makes for itself have no SQL."""
    found = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema")
    return [SchemaObject(*map(str, row)) for row in found]


def foreign_objects(connection: sqlite3.Connection, known: tuple[Step, ...]) -> tuple[SchemaObject, ...]:
    """What the database has and should not: unknown objects, and known ones whose SQL differs."""
    return tuple(sorted(set(read_schema(connection)) - expected_schema(known)))


def missing_objects(connection: sqlite3.Connection, known: tuple[Step, ...]) -> tuple[SchemaObject, ...]:
    """What the database should have and does not: objects that are gone, and known ones whose SQL differs."""
    return tuple(sorted(expected_schema(known) - set(read_schema(connection))))
