"""Attacks on a real file, carried out with plain SQL and not through our code: each is found and located."""

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from casedb.entry import NO_PREVIOUS, EntryKind, decode_entry, encode_entry, entry_digest
from casedb.facts import Redacted
from casedb.ledger_check import LedgerCheck, check_ledger
from casedb.records import Role
from casedb.store import open_case
from casedb.submissions import NewPerson
from image.errors import CaseError, DiskwitnessError
from image.times import Instant
from tests.casedb.building import ACTOR, FULL_SIZE, attack, new_case, reopened
from tests.sim.still_clock import StillClock


def codes(check: LedgerCheck) -> set[str]:
    """The codes of the failures."""
    return {item.finding.code for item in check.failures}


def details(check: LedgerCheck) -> str:
    """All that was found, as text."""
    return "\n".join(
        f"{item.finding.detail} [{item.finding.expected} / {item.finding.found}]" for item in check.findings
    )


def test_an_untouched_case_is_sound(case: Path) -> None:
    before = (case / "case.db").read_bytes()
    check = check_ledger(case)
    assert check.is_sound
    assert check.findings == ()
    assert (check.entry_count, check.first_bad_entry, check.redacted) == (FULL_SIZE, None, ())
    with open_case(case) as store:
        head = store.head()
    assert (check.ledger_id, check.head_sha256) == (head.ledger_id, head.last_entry_sha256)
    assert (case / "case.db").read_bytes() == before


EDITS = [
    ("UPDATE cases SET number = '2026-0114'", 3, "table cases, row sequence 3: number"),
    ("UPDATE people SET name = 'Mallory' WHERE person_id = 'P2'", 2, "name is not what entry 2 says"),
    ("UPDATE exhibits SET serial = NULL", 6, "serial is not what entry 6 says ['WL1AB2C3' / None]"),
    ("UPDATE custody_events SET at_utc = '2026-11-21T07:00:00.000000Z' WHERE sequence = 7", 7, "at_utc"),
    ("UPDATE custody_events SET recorded_by = 'else' WHERE sequence = 8", 8, "recorded_by"),
    ("UPDATE acquisitions SET exhibit = 'JB2' WHERE sequence = 9", 9, "exhibit is not what entry 9 says"),
    ("UPDATE acquisition_ends SET manifest_sha256 = 'x' WHERE sequence = 10", 10, "manifest_sha256"),
    ("UPDATE acquisition_paths SET path = '/other' WHERE sequence = 10", 10, "path"),
    ("UPDATE segments SET sha256 = 'x'", 10, "table segments, row sequence 10 position 0: sha256"),
    ("UPDATE digests SET digest = 'x' WHERE sequence = 10 AND algorithm = 'md5'", 10, "algorithm 'md5': digest"),
    ("UPDATE unreadable_ranges SET sector_count = 1", 10, "sector_count is not what entry 10 says [2 / 1]"),
    ("UPDATE verifications SET verdict = 'FAILED'", 11, "verdict is not what entry 11 says ['PASSED' / 'FAILED']"),
    ("UPDATE reports SET sha256 = 'x'", 14, "sha256 is not what entry 14 says"),
    ("DELETE FROM people WHERE person_id = 'P4'", 4, "table people, row sequence 4 of entry 4 is missing"),
    ("DELETE FROM unreadable_ranges", 10, "of entry 10 is missing"),
    (
        "DELETE FROM custody_events WHERE sequence = 9",
        9,
        "table custody_events, row sequence 9 of entry 9 is missing",
    ),
    ("INSERT INTO unreadable_ranges VALUES (10, 1, 9, 1)", 10, "row sequence 10 position 1 comes from no entry"),
    ("INSERT INTO digests VALUES (11, 'sha512', 'x')", 11, "comes from no entry of the ledger"),
    (
        "INSERT INTO reports SELECT 6, 'R', kind, exhibit, issued_utc, 0, file, sha256, 1 FROM reports",
        6,
        "table reports",
    ),
    ("UPDATE exhibits SET sequence = 5", 5, "table exhibits, row sequence 5 comes from no entry"),
    (
        "INSERT INTO redactions VALUES (14, 4, 'court', 'x')",
        14,
        "table redactions, row sequence 14 comes from no entry",
    ),
    ("UPDATE people SET phone = '' WHERE sequence = 4", 4, "phone is not what entry 4 says [None / '']"),
    ("UPDATE people SET name = CAST(x'ff' AS TEXT) WHERE sequence = 4", 4, r"[\'Imran Hale\' / \'\udcff\']"),
]


@pytest.mark.parametrize(("statement", "sequence", "detail"), EDITS)
def test_an_edited_table_is_found_row_by_row(case: Path, statement: str, sequence: int, detail: str) -> None:
    attack(case, statement)
    check = check_ledger(case)
    assert codes(check) <= {"ledger-row-altered", "ledger-row-missing", "ledger-row-unknown"}
    assert check.first_bad_entry == sequence
    assert detail.replace(r"\'", "'") in details(check)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE \"_sqlite_migrations\" SET applied_at = '2020-01-01T00:00:00.000000Z' WHERE id = 1",
        'DELETE FROM "_sqlite_migrations" WHERE id = 2',
        "INSERT INTO \"_sqlite_migrations\" VALUES (500, 'casedb', '9999-more', 'now')",
        "INSERT INTO \"_sqlite_migrations\" VALUES (-5, 'casedb', '0005-more', 'now')",
    ],
)
def test_the_rows_of_the_migrations_table_are_accounted_for(case: Path, statement: str) -> None:
    attack(case, statement)
    check = check_ledger(case)
    assert not check.is_sound
    assert "_sqlite_migrations" in details(check)


STRUCTURE = [
    ("DROP TRIGGER entries_refuse_update", "trigger 'entries_refuse_update' is missing"),
    ("DROP INDEX custody_of_exhibit", "index 'custody_of_exhibit' is missing"),
    ("DROP TABLE reports", "table 'reports' is missing"),
    ("CREATE TABLE notes (text TEXT)", "table 'notes' does not belong to a case"),
    ("CREATE VIEW shown AS SELECT * FROM people", "view 'shown' does not belong to a case"),
    ("CREATE INDEX more ON people (name)", "index 'more' does not belong to a case"),
    ("CREATE TRIGGER t AFTER INSERT ON people BEGIN DELETE FROM reports; END", "trigger 't' does not belong"),
    ("ALTER TABLE people ADD COLUMN alias TEXT", "table 'people' is not as it was made"),
    ("ANALYZE", "table 'sqlite_stat1' does not belong to a case"),
    ("DROP TABLE payloads", "table 'payloads' is missing"),
    ("PRAGMA journal_mode = WAL", "the journal mode of the database was changed [delete / wal]"),
]


@pytest.mark.parametrize(("statement", "detail"), STRUCTURE)
def test_an_altered_structure_is_found(case: Path, statement: str, detail: str) -> None:
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as connection:
        connection.execute(statement)
    check = check_ledger(case)
    assert "ledger-structure" in codes(check)
    assert detail in details(check)


def test_a_trigger_that_only_looks_the_same_is_found(case: Path) -> None:
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER entries_refuse_delete")
        connection.execute("CREATE TRIGGER entries_refuse_delete BEFORE DELETE ON entries BEGIN SELECT 1; END")
    assert "trigger 'entries_refuse_delete' is not as it was made" in details(check_ledger(case))


@pytest.mark.parametrize(
    ("statements", "code", "sequence"),
    [
        (("DELETE FROM payloads WHERE sequence = 7", "DELETE FROM entries WHERE sequence = 7"), "entry-missing", 7),
        (("DELETE FROM entries WHERE sequence = 7",), "entry-missing", 7),
        (("DELETE FROM payloads WHERE sequence = 7",), "payload-missing", 7),
        (("DELETE FROM entries WHERE sequence = 1",), "entry-missing", 1),
        (("DELETE FROM entries WHERE sequence BETWEEN 5 AND 8",), "entry-missing", 5),
        (
            (
                "DELETE FROM entries WHERE sequence = 7",
                "UPDATE entries SET sequence = sequence - 1 WHERE sequence > 7",
            ),
            "entry-misplaced",
            7,
        ),
        (("UPDATE entries SET sequence = 99 WHERE sequence = 14",), "entry-missing", 14),
        (
            (
                "UPDATE entries SET sequence = 99 WHERE sequence = 7",
                "UPDATE entries SET sequence = 7 WHERE sequence = 8",
                "UPDATE entries SET sequence = 8 WHERE sequence = 99",
            ),
            "entry-misplaced",
            7,
        ),
        (
            (
                "UPDATE payloads SET sequence = 99 WHERE sequence = 4",
                "UPDATE payloads SET sequence = 4 WHERE sequence = 5",
                "UPDATE payloads SET sequence = 5 WHERE sequence = 99",
            ),
            "payload-altered",
            4,
        ),
        (("INSERT INTO payloads SELECT 99, payload FROM payloads WHERE sequence = 4",), "row-unknown", 99),
        (("UPDATE entries SET entry = x'7b7d' WHERE sequence = 5",), "entry-unusable", 5),
        (("UPDATE entries SET entry_sha256 = zeroblob(32) WHERE sequence = 5",), "entry-altered", 5),
        (("UPDATE payloads SET payload = zeroblob(40) WHERE sequence = 6",), "payload-altered", 6),
    ],
)
def test_a_ledger_that_was_tampered_with_is_found_and_located(
    case: Path, statements: tuple[str, ...], code: str, sequence: int
) -> None:
    attack(case, *statements)
    check = check_ledger(case)
    assert f"ledger-{code}" in codes(check)
    assert check.first_bad_entry == sequence


def rewrite(case: Path, sequence: int, old: bytes, new: bytes) -> None:
    """Alter an entry and recompute the digest beside it, as somebody would who has read our code."""
    with closing(sqlite3.connect(case / "case.db")) as connection:
        entry = connection.execute("SELECT entry FROM entries WHERE sequence = ?", [sequence]).fetchone()[0]
    assert old in entry
    altered = entry.replace(old, new)
    digest = hashlib.sha256(altered).hexdigest()
    attack(
        case,
        f"UPDATE entries SET entry = x'{altered.hex()}', entry_sha256 = x'{digest}' WHERE sequence = {sequence}",
    )


def test_an_entry_rewritten_with_its_digest_is_found_by_the_next_one(case: Path) -> None:
    rewrite(case, 7, b'"host":"bench-2"', b'"host":"bench-3"')
    check = check_ledger(case)
    assert "ledger-entry-altered" in codes(check)
    assert check.first_bad_entry == 7
    assert "entry 7 is not the one that entry 8 was chained to" in details(check)


def test_an_entry_of_another_ledger_is_found(case: Path) -> None:
    with closing(sqlite3.connect(case / "case.db")) as connection:
        ledger_id = connection.execute("SELECT ledger_id FROM cases").fetchone()[0].encode()
    rewrite(case, 14, ledger_id, b"0" * 36)
    check = check_ledger(case)
    assert "entry 14 belongs to another ledger" in details(check)
    assert check.first_bad_entry == 14


def test_an_entry_of_an_unknown_kind_is_found(case: Path) -> None:
    rewrite(case, 14, b'"report-issued"', b'"report-dreamt"')
    check = check_ledger(case)
    assert "ledger-entry-unusable" in codes(check)
    assert check.first_bad_entry == 14


def rechain(case: Path) -> None:
    """Recompute every `prev` and digest after something was altered: what somebody without the key can do."""
    with closing(sqlite3.connect(case / "case.db")) as connection:
        entries = connection.execute("SELECT sequence, entry FROM entries ORDER BY 1").fetchall()
    statements, previous = [], NO_PREVIOUS
    for sequence, data in entries:
        fields = decode_entry(data).__dict__ | {"prev": previous}
        altered = encode_entry(type(decode_entry(data))(**fields))
        previous = entry_digest(altered)
        values = f"entry = x'{altered.hex()}', entry_sha256 = x'{previous}'"
        statements.append(f"UPDATE entries SET {values} WHERE sequence = {sequence}")
    attack(case, *statements)


def test_history_rewritten_from_end_to_end_has_another_head_and_no_good_signature(case: Path) -> None:
    before = check_ledger(case)
    rewrite(case, 7, b'"host":"bench-2"', b'"host":"bench-3"')
    rechain(case)
    after = check_ledger(case)
    assert "ledger-checkpoint-altered" in codes(after)
    assert after.head_sha256 != before.head_sha256


def ledger_rows(case: Path) -> Iterator[tuple[str, int, int]]:
    """Each column of each row of the ledger, with its length in bytes."""
    with closing(sqlite3.connect(case / "case.db")) as connection:
        for table, column in (("entries", "entry"), ("entries", "entry_sha256"), ("payloads", "payload")):
            sql = f"SELECT sequence, length({column}) FROM {table} ORDER BY 1"
            yield from ((f"{table}.{column}", sequence, size) for sequence, size in connection.execute(sql))


def test_a_flipped_byte_in_any_row_of_the_ledger_is_found_and_located(whole: Path, case: Path) -> None:
    untouched = (whole / "case.db").read_bytes()
    for name, sequence, size in list(ledger_rows(whole)):
        table, column = name.split(".")
        for offset in (0, size // 2):
            (case / "case.db").write_bytes(untouched)
            with closing(sqlite3.connect(case / "case.db")) as connection:
                sql = f"SELECT {column} FROM {table} WHERE sequence = {sequence}"
                data = bytearray(connection.execute(sql).fetchone()[0])
            data[offset] ^= 0x20
            attack(case, f"UPDATE {table} SET {column} = x'{data.hex()}' WHERE sequence = {sequence}")
            check = check_ledger(case)
            assert check.first_bad_entry == sequence, (name, sequence, offset, details(check))


def test_a_payload_that_a_later_entry_redacts_may_be_gone(case: Path) -> None:
    with reopened(case) as store, store._recording("the redaction") as ledger:
        sequence = ledger.append(EntryKind.REDACTED, Redacted(4, "Northgate court, order 7", "privacy"))
        store._connection.execute("DELETE FROM payloads WHERE sequence = 4")
        store._connection.execute("DELETE FROM people WHERE sequence = 4")
    check = check_ledger(case)
    assert check.is_sound
    assert check.redacted == (4,)
    assert f"entry {sequence} redacts the payload of entry 4" in details(check)
    assert b"Imran Hale" not in (case / "case.db").read_bytes()


def test_a_redaction_reaches_neither_the_first_entry_nor_a_later_one(case: Path) -> None:
    for named in (1, 15, 16):
        refused = pytest.raises(CaseError, match="not recorded: the redaction")
        with reopened(case) as store, refused, store._recording("the redaction") as ledger:
            ledger.append(EntryKind.REDACTED, Redacted(named, "court", "x"))
    assert check_ledger(case).is_sound


def test_a_payload_that_came_back_after_its_redaction_is_found(case: Path) -> None:
    with reopened(case) as store, store._recording("the redaction") as ledger:
        ledger.append(EntryKind.REDACTED, Redacted(4, "court", "x"))
    check = check_ledger(case)
    assert codes(check) == {"ledger-row-unknown"}
    assert check.first_bad_entry == 4


class Earlier(StillClock):
    """A clock that was set back a day."""

    def now(self) -> Instant:
        """Noon of the day before."""
        return Instant("2026-11-21T12:00:00.000000Z", 60)


def test_a_clock_that_went_back_is_told_and_nothing_is_wrong(case: Path) -> None:
    with open_case(case, actor=ACTOR, clock=Earlier()) as store:
        store.add_person(NewPerson("Late", Role.WITNESS))
    check = check_ledger(case)
    assert check.is_sound
    assert [(item.sequence, item.finding.code) for item in check.findings] == [(15, "ledger-time-backwards")]


def test_a_file_that_sqlite_finds_damaged_is_found(case: Path) -> None:
    data = bytearray((case / "case.db").read_bytes())
    for page in range(3, len(data) // 4096):
        data[page * 4096] = 0xEE
    (case / "case.db").write_bytes(data)
    assert "ledger-unreadable" in codes(check_ledger(case))
    (case / "case.db").write_bytes(b"not a database" * 1000)
    assert codes(check_ledger(case)) == {"ledger-unreadable"}


def test_a_folder_without_a_case_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no case here"):
        check_ledger(tmp_path)


def test_a_case_on_a_medium_that_cannot_be_written_is_checked(case: Path) -> None:
    (case / "case.db").chmod(0o444)
    (case / "case.lock").unlink()
    assert check_ledger(case).is_sound
    assert not (case / "case.lock").exists()


def test_a_new_case_is_sound(tmp_path: Path) -> None:
    new_case(tmp_path / "case").close()
    assert check_ledger(tmp_path / "case").is_sound


def flip_and_look(whole: Path, case: Path, flips: int) -> int:
    """Flip single bits all over the file; return how many times the check found it."""
    data = (whole / "case.db").read_bytes()
    used = [offset for offset, value in enumerate(data) if value]
    chance = random.Random(77)
    found = 0
    for _ in range(flips):
        damaged = bytearray(data)
        damaged[chance.choice(used)] ^= 1 << chance.randrange(8)
        (case / "case.db").write_bytes(damaged)
        with suppress(CaseError):
            found += not check_ledger(case).is_sound
        with suppress(DiskwitnessError), open_case(case) as store:
            for item in store.exhibits():
                store.exhibit_record(item.reference)
    return found


def test_a_bit_flipped_anywhere_in_the_file_is_never_more_than_an_error(whole: Path, case: Path) -> None:
    assert flip_and_look(whole, case, 100) > 90


@pytest.mark.long
def test_thousands_of_bits_flipped_anywhere_are_never_more_than_an_error(whole: Path, case: Path) -> None:
    assert flip_and_look(whole, case, 5_000) > 4_500
