"""The structure of a case brought up to date: steps taken, new tables filled from the ledger as it stands.

The only importer of sqlite_utils.
"""

import sqlite3
from collections.abc import Callable, Iterable

from sqlite_utils import Database, Migrations

from casedb import queries
from casedb.entry import EntryKind, decode_entry, decode_payload
from casedb.facts import AppliedMigration, SchemaMigrated
from casedb.ledger import Ledger, insert_rows
from casedb.merkle import GrowingTree, leaf_hash
from casedb.projections import project
from casedb.rows import MIGRATIONS_TABLE, Row
from casedb.schema import MIGRATION_SET, Step, migrations_table_sql
from casedb.tree_nodes import node_rows
from image.errors import CaseError
from image.times import Clock, instant_from


def rows_in(connection: sqlite3.Connection) -> Database:
    """The rows of an open database, for the questions of queries.py; no plugin of sqlite-utils is run."""
    return Database(connection, execute_plugins=False)


def upgrade(database: Database, ledger: Ledger, clock: Clock, known: tuple[Step, ...]) -> None:
    """Take the steps that the structure has not yet taken, as one entry; no byte of the ledger changes.

    Raises:
        CaseError: not recorded, and then nothing changed.
    """
    if queries.count_steps(database) >= len(known):
        return
    with ledger.recording("the new structure of the database"):
        tables = set(database.table_names())
        taken = take_steps(database, known, clock)
        if taken:
            fill(database.conn, set(database.table_names()) - tables)
            ledger.append(EntryKind.SCHEMA_MIGRATED, SchemaMigrated(taken))


def take_steps(database: Database, known: tuple[Step, ...], clock: Clock) -> tuple[AppliedMigration, ...]:
    """Take the steps that are open, inside a transaction, and return their rows as they now stand."""
    if MIGRATIONS_TABLE not in database.table_names():
        database.executescript(migrations_table_sql())
    before = queries.count_steps(database)
    migrations = Migrations(MIGRATION_SET)
    for step in known:
        migrations(name=step.name)(_taking(step))
    migrations.apply(database)
    now = instant_from(clock.now().as_datetime()).utc
    database.execute('UPDATE "_sqlite_migrations" SET applied_at = ? WHERE id > ?', [now, before])
    database.execute(f"PRAGMA user_version = {len(known)}")
    return queries.read_steps(database)[before:]


def fill(connection: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Put into these tables, which are empty, what the ledger comes to.

    Raises:
        CaseError: an entry of the ledger cannot be read.
    """
    wanted, tree = frozenset(tables), GrowingTree()
    sql = "SELECT sequence, entry, payload FROM entries LEFT JOIN payloads USING (sequence) ORDER BY sequence"
    for sequence, entry, payload in connection.execute(sql).fetchall():
        rows = (*_projected(sequence, entry, payload), *node_rows(sequence, tree.append(leaf_hash(entry))))
        insert_rows(connection, [item for item in rows if item.table in wanted])


def _projected(sequence: int, entry: bytes, payload: bytes | None) -> tuple[Row, ...]:
    """The rows of one entry; none where its payload was redacted."""
    try:
        return project(decode_entry(entry), decode_payload(payload)) if payload is not None else ()
    except ValueError as error:
        what = f"entry {sequence} of the ledger cannot be read ({error})"
        raise CaseError(what, "", "See what it is: diskwitness ledger verify") from error


def _taking(step: Step) -> Callable[[Database], None]:
    """What sqlite-utils calls to take a step."""

    def take(database: Database, /) -> None:
        database.executescript(step.sql)

    take.__name__ = step.name
    return take
