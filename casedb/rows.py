"""Rows of the projections: what they are made of, and those that several kinds of entry come to."""

from dataclasses import dataclass
from typing import TypeAlias

from casedb.entry import Entry
from image.times import Instant

Value: TypeAlias = str | int | None

MIGRATIONS_TABLE = "_sqlite_migrations"
KEYS_TABLE = "ledger_keys"

CUSTODY_DETAILS = (
    "released_by",
    "received_by",
    "witness",
    "reason",
    "from_place",
    "to_place",
    "seal_out",
    "seal_in",
    "condition",
    "authority",
    "method",
    "note",
    "performed_by",
    "rehash",
    "verification",
)


@dataclass(frozen=True)
class Row:
    """One row of one table: columns and their values, in the same order."""

    table: str
    columns: tuple[str, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Written:
    """An entry with the name of who sat at the keyboard, which its payload keeps."""

    entry: Entry
    operator: str | None


def row(table: str, **values: Value) -> Row:
    """A row from its columns by name."""
    return Row(table, tuple(values), tuple(values.values()))


def moment(name: str, at: Instant) -> dict[str, Value]:
    """The two columns of an instant."""
    return {f"{name}_utc": at.utc, f"{name}_offset_minutes": at.offset_minutes}


def custody_row(written: Written, at: Instant, told: dict[str, Value]) -> Row:
    """One row of an exhibit's custody; what was not told is NULL."""
    blank = dict.fromkeys(CUSTODY_DETAILS)
    moments = moment("at", at) | moment("recorded", written.entry.at)
    return row(
        "custody_events", sequence=written.entry.seq, recorded_by=written.operator, **moments, **(blank | told)
    )
