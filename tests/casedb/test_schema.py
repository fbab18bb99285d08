"""The structure of the file: what it refuses by itself, and how it grows without touching the ledger."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from casedb.case_files import LOCK_FILE
from casedb.connection import connect_for_writing
from casedb.entry import EntryKind
from casedb.keys import workstation_signer
from casedb.ledger import Ledger, Writer
from casedb.ledger_check import check_ledger
from casedb.projections import PROJECTIONS
from casedb.records import CustodyKind
from casedb.schema import MIGRATION_SET, STEP_NAMES, Step, expected_schema, steps
from casedb.upgrade import upgrade
from image.errors import CaseError
from image.job import CaseFields, SourceImage
from tests.casedb.building import ACTOR, FULL_SIZE, job, key_environment, old_case, reopened
from tests.sim.still_clock import StillClock

MORE = Step(
    "9999-more", "CREATE TABLE more (sequence INTEGER PRIMARY KEY) STRICT;\nCREATE INDEX i ON more (sequence);"
)
BROKEN = Step(
    "9999-broken", "CREATE TABLE more (sequence INTEGER PRIMARY KEY) STRICT;\nCREATE TABLE people (x TEXT);"
)


@pytest.fixture
def connection(case: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody else's making to its file, as careless as can be."""
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE entries SET entry = zeroblob(9) WHERE sequence = 3", "never changed"),
        ("UPDATE entries SET sequence = 99 WHERE sequence = 14", "never changed"),
        ("DELETE FROM entries WHERE sequence = 14", "never deleted"),
        ("DELETE FROM entries", "never deleted"),
        ("INSERT INTO entries VALUES (16, zeroblob(9), zeroblob(32))", "behind the last one"),
        ("INSERT INTO entries VALUES (3, zeroblob(9), zeroblob(32))", "behind the last one"),
        ("INSERT OR REPLACE INTO entries VALUES (3, zeroblob(9), zeroblob(32))", "behind the last one"),
        ("REPLACE INTO entries SELECT sequence, zeroblob(9), entry_sha256 FROM entries", "behind the last one"),
        ("INSERT INTO entries VALUES (15, zeroblob(9), zeroblob(31))", "CHECK constraint"),
        ("INSERT INTO entries VALUES (15, 'text', zeroblob(32))", "cannot store TEXT"),
        ("INSERT INTO entries VALUES (15, zeroblob(65537), zeroblob(32))", "CHECK constraint"),
        ("UPDATE payloads SET payload = zeroblob(40)", "never changed"),
        ("DELETE FROM payloads WHERE sequence = 4", "never deleted"),
        ("INSERT OR REPLACE INTO payloads VALUES (4, zeroblob(40))", "belongs to its last entry"),
        ("INSERT INTO payloads VALUES (15, zeroblob(40))", "belongs to its last entry"),
    ],
)
def test_the_file_itself_refuses_careless_hands(
    connection: sqlite3.Connection, statement: str, refusal: str, recursive_triggers: str
) -> None:
    connection.execute(f"PRAGMA recursive_triggers = {recursive_triggers}")
    with pytest.raises(sqlite3.IntegrityError, match=refusal):
        connection.execute(statement)


def test_every_connection_of_ours_has_the_settings_of_a_ledger(case: Path) -> None:
    with closing(connect_for_writing(case / "case.db")) as connection:
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in (
                "foreign_keys",
                "trusted_schema",
                "recursive_triggers",
                "cell_size_check",
                "secure_delete",
                "journal_mode",
                "synchronous",
                "busy_timeout",
            )
        }
    assert settings == {
        "foreign_keys": 1,
        "trusted_schema": 0,
        "recursive_triggers": 1,
        "cell_size_check": 1,
        "secure_delete": 1,
        "journal_mode": "delete",
        "synchronous": 3,
        "busy_timeout": 30_000,
    }


def test_every_table_is_strict_and_every_kind_of_entry_has_rows(connection: sqlite3.Connection) -> None:
    tables = connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    ours = {name: strict for name, strict in tables if not name.startswith("sqlite_")}
    assert set(ours.values()) == {1}
    assert set(PROJECTIONS) == set(EntryKind)
    assert {item.name for item in expected_schema(steps()) if item.kind == "table"} == set(ours)


def test_the_names_of_the_steps_are_final() -> None:
    assert STEP_NAMES[:4] == ("0001-ledger", "0002-projections", "0003-copies", "0004-checkpoints")
    assert MIGRATION_SET == "casedb"


def ledger_bytes(connection: sqlite3.Connection) -> list[tuple[bytes, ...]]:
    """The ledger up to the entry that was last before the structure grew."""
    sql = "SELECT entry, payload FROM entries JOIN payloads USING (sequence) WHERE sequence <= ? ORDER BY sequence"
    return connection.execute(sql, [FULL_SIZE]).fetchall()


def grow(case: Path, step: Step) -> None:
    """Open the case as a program that knows one step more."""
    with closing(connect_for_writing(case / "case.db")) as connection:
        ledger_id = connection.execute("SELECT ledger_id FROM cases").fetchone()[0]
        signer = workstation_signer(key_environment(case))
        ledger = Ledger(connection, case / LOCK_FILE, Writer(ledger_id, ACTOR, StillClock(), signer))
        upgrade(Database(connection, execute_plugins=False), ledger, StillClock(), (*steps(), step))


def test_a_new_step_is_an_entry_and_leaves_the_ledger_as_it_was(case: Path, connection: sqlite3.Connection) -> None:
    before = ledger_bytes(connection)
    grow(case, MORE)
    grow(case, MORE)
    assert ledger_bytes(connection) == before
    entries = connection.execute("SELECT entry FROM entries WHERE sequence > ?", [FULL_SIZE]).fetchall()
    assert len(entries) == 1
    assert b'"type":"schema-migrated"' in entries[0][0]
    last = 'SELECT name, applied_at FROM "_sqlite_migrations" ORDER BY id DESC LIMIT 1'
    assert connection.execute(last).fetchall() == [("9999-more", "2026-11-22T12:00:00.000000Z")]
    assert connection.execute("PRAGMA user_version").fetchone() == (len(STEP_NAMES) + 1,)


def test_a_step_that_fails_leaves_nothing_behind(case: Path) -> None:
    before = (case / "case.db").read_bytes()
    with pytest.raises(CaseError, match="not recorded: the new structure"):
        grow(case, BROKEN)
    with closing(sqlite3.connect(case / "case.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema WHERE name = 'more'").fetchall() == []
        assert connection.execute("PRAGMA user_version").fetchone() == (len(STEP_NAMES),)
    assert len((case / "case.db").read_bytes()) == len(before)


def test_a_case_from_before_copies_keeps_its_custody(tmp_path: Path) -> None:
    case = old_case(tmp_path / "case")
    with reopened(case) as store:
        custody = store.custody("JB1")
        assert len(custody) == 4
        converted = replace(job(), converted_from=SourceImage("/lab/EV3.E01", "raw", 1, 5, 5, CaseFields()))
        store.start_acquisition(converted, "JB1", ["JB1-2"])
        assert [item.kind for item in store.custody("JB1")[len(custody) :]] == [CustodyKind.COPY]
    assert check_ledger(case).is_sound
