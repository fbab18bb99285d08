"""A case that is closed: what may still enter its ledger, and what the ledger says of closing and reopening.

A closed case takes nothing about the matter. What keeps the ledger itself going (keys, its structure, timestamps)
still enters.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from casedb.entry import EntryKind
from casedb.facts import CaseClosed, CaseReopened
from casedb.rows import Row, Written, moment, row
from image.errors import CaseError

TABLE = "case_closings"
CLOSED, REOPENED = "closed", "reopened"
ADVICE = "Open it again: diskwitness case reopen --because REASON"

WHILE_CLOSED = frozenset(
    {
        EntryKind.CASE_REOPENED,
        EntryKind.KEY_ADDED,
        EntryKind.KEY_ROTATED,
        EntryKind.SCHEMA_MIGRATED,
        EntryKind.TIMESTAMP_RECORDED,
    }
)
"""Entries that a closed case takes."""


def closed_rows(written: Written, facts: CaseClosed) -> Iterable[Row]:
    """The case closed."""
    yield _closing_row(written, CLOSED, facts.reason)


def reopened_rows(written: Written, facts: CaseReopened) -> Iterable[Row]:
    """The case opened again."""
    yield _closing_row(written, REOPENED, facts.reason)


def _closing_row(written: Written, state: str, reason: str | None) -> Row:
    """One row: what the case is from this entry on."""
    entry = written.entry
    told = {"state": state, "reason": reason, "recorded_by": written.operator}
    return row(TABLE, sequence=entry.seq, **told, **moment("at", entry.at))


def closed_by(connection: sqlite3.Connection) -> int | None:
    """The entry that closed the case, where it is closed; a file without the table was never closed.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (TABLE,)).fetchone():
        return None
    found = connection.execute(
        "SELECT sequence, state FROM case_closings ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    return int(found[0]) if found is not None and found[1] == CLOSED else None


def require_open(connection: sqlite3.Connection, kind: EntryKind) -> None:
    """See that an entry of this kind may enter now.

    Raises:
        CaseError: the case is closed.
    """
    if kind not in WHILE_CLOSED:
        refuse_closed(connection, "")


def refuse_closed(connection: sqlite3.Connection, where: str) -> None:
    """See that the case is open.

    Raises:
        CaseError: it is closed; names the entry.
    """
    if (sequence := closed_by(connection)) is not None:
        raise CaseError(f"the case is closed (entry {sequence})", where, ADVICE)


@dataclass
class ClosingRule:
    """Takes the kinds of entries in order and tells one that may not stand where it stands."""

    _closed_by: int | None = None

    def take(self, sequence: int, kind: EntryKind) -> str | None:
        """What is wrong with an entry of this kind here, or None."""
        closed_by = self._closed_by
        if kind is EntryKind.CASE_CLOSED:
            self._closed_by = sequence
        elif kind is EntryKind.CASE_REOPENED:
            self._closed_by = None
        if closed_by is not None and kind not in WHILE_CLOSED:
            return f"entry {sequence} was written while the case was closed (entry {closed_by})"
        return None
