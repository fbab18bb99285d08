"""Attacks on structure and file that no row shows, and whether the stand-alone verifier sees what ours sees."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from casedb.ledger_check import LedgerCheck, check_ledger
from casedb.schema import steps
from casedb.store import open_case
from image.errors import CaseError, DiskwitnessError
from tests.casedb.attacks import SWAPPED, Attack, carry_out, cells_of, delete, flip, length_of, swaps
from tests.casedb.test_bundle import is_refused

SAMPLE = 30
LEFT_OUT = frozenset({"sequence", "entry_sha256"})
"""Numbers are unique in any case; the digest beside an entry is not exported."""


@pytest.fixture
def case(case: Path) -> Path:
    """A copy, without copies of checkpoints."""
    shutil.rmtree(case / "checkpoints")
    return case


def details(check: LedgerCheck) -> str:
    """All that was found."""
    return "\n".join(item.finding.detail for item in check.failures)


def triggers_of(folder: Path) -> list[tuple[str, str]]:
    """Name and SQL of every trigger."""
    with closing(sqlite3.connect(folder / "case.db")) as connection:
        return connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY 1"
        ).fetchall()


def recreate(folder: Path, name: str, sql: str | None) -> None:
    """Drop a trigger, and make another one of its name."""
    with closing(sqlite3.connect(folder / "case.db", isolation_level=None)) as connection:
        connection.execute(f'DROP TRIGGER "{name}"')
        if sql is not None:
            connection.execute(sql)


def test_every_trigger_that_is_gone_weaker_or_written_otherwise_is_found(whole: Path, case: Path) -> None:
    for name, sql in triggers_of(whole):
        head = sql.partition("\nBEGIN")[0]
        weaker = f"{head}\nBEGIN\n    SELECT 1;\nEND"
        never = f"{sql.partition(' ON ')[0]} ON {sql.partition(' ON ')[2].split()[0]}\nWHEN 0\nBEGIN SELECT 1; END"
        for replaced, told in ((None, "is missing"), (weaker, "is not as it was"), (never, "is not as it was")):
            shutil.copyfile(whole / "case.db", case / "case.db")
            recreate(case, name, replaced)
            assert f"trigger '{name}' {told}" in details(check_ledger(case))
            with pytest.raises(CaseError, match="was altered"):
                open_case(case, read_only=True)
        shutil.copyfile(whole / "case.db", case / "case.db")
        recreate(case, name, sql)
        assert check_ledger(case).is_sound


def objects_of(folder: Path) -> list[tuple[str, str]]:
    """Name and SQL of everything that was made."""
    with closing(sqlite3.connect(folder / "case.db")) as connection:
        sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY 1"
        return connection.execute(sql).fetchall()


def test_schema_text_edited_in_place_is_found(whole: Path, case: Path) -> None:
    for name, sql in objects_of(whole):
        shutil.copyfile(whole / "case.db", case / "case.db")
        with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            edited = sql.replace("NOT NULL", "", 1) if "NOT NULL" in sql else sql.replace("CREATE ", "CREATE  ", 1)
            connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (edited, name))
        assert edited != sql
        assert f"'{name}'" in details(check_ledger(case)), name


@pytest.mark.parametrize("change", [-2, -1, 1])
def test_another_version_of_the_structure_is_found(case: Path, change: int) -> None:
    with closing(sqlite3.connect(case / "case.db")) as connection:
        connection.execute(f"PRAGMA user_version = {len(steps()) + change}")
    if change > 0:
        with pytest.raises(CaseError, match="newer version"):
            check_ledger(case)
    else:
        assert "does not belong to a case" in details(check_ledger(case))


@pytest.mark.parametrize("pragma", ["application_id = 7", "user_version = 0", "user_version = -1"])
def test_a_file_that_says_it_is_no_case_is_refused(case: Path, pragma: str) -> None:
    with closing(sqlite3.connect(case / "case.db")) as connection:
        connection.execute(f"PRAGMA {pragma}")
    with pytest.raises(CaseError, match="not a case database"):
        check_ledger(case)


def content_of(folder: Path) -> list[str] | None:
    """All that a database holds, or None where SQLite cannot say."""
    try:
        with closing(sqlite3.connect(folder / "case.db")) as connection:
            return list(connection.iterdump())
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def check_raw_flips(whole: Path, case: Path, count: int, seed: int) -> int:
    """Flip single bits of the raw file: found, or what the database holds is the same. How many were found."""
    data, content = (whole / "case.db").read_bytes(), content_of(whole)
    used = [offset for offset, value in enumerate(data) if value]
    chance, found = random.Random(seed), 0
    for _ in range(count):
        offset, damaged = chance.choice(used), bytearray(data)
        damaged[offset] ^= 1 << chance.randrange(8)
        (case / "case.db").write_bytes(damaged)
        try:
            is_found = not check_ledger(case).is_sound
        except CaseError:
            is_found = True
        assert is_found or content_of(case) == content, f"byte {offset}"
        found += is_found
    return found


def test_a_bit_of_the_raw_file_that_changes_anything_is_found(whole: Path, case: Path) -> None:
    assert check_raw_flips(whole, case, 40, 1) > 20


@pytest.mark.long
def test_thousands_of_bits_of_the_raw_file_that_change_anything_are_found(whole: Path, case: Path) -> None:
    assert check_raw_flips(whole, case, 8_000, 2) > 4_000


def ledger_attacks(whole: Path) -> Iterator[Attack]:
    """Attacks on what a bundle holds: entries, payloads, checkpoints."""
    cells = [cell for cell in cells_of(whole) if cell.table in SWAPPED and cell.column not in LEFT_OUT]
    chance = random.Random(3)
    yield from (flip(cell, chance.randrange(length_of(cell.value))) for cell in cells for _ in range(10))
    yield from map(delete, cells)
    yield from swaps(whole)


def refuses(case: Path) -> bool:
    """Whether the stand-alone verifier refuses what is exported of a case; one that cannot be exported is."""
    bundle = case.parent / "bundle"
    shutil.rmtree(bundle, ignore_errors=True)
    try:
        with open_case(case, read_only=True) as store:
            store.export_ledger(bundle)
    except (DiskwitnessError, ValueError, TypeError, AttributeError):
        return True
    return is_refused(bundle)


def check_agreement(attacks: list[Attack], whole: Path, case: Path) -> int:
    """See that both verifiers find each attack; how many there were."""
    count = 0
    for attack in attacks:
        if carry_out(attack, whole, case):
            assert not check_ledger(case).is_sound, attack.what
            assert refuses(case), attack.what
            count += 1
    return count


def test_the_stand_alone_verifier_finds_what_ours_finds_in_the_ledger(whole: Path, case: Path) -> None:
    assert not refuses(case)
    attacks = random.Random(5).sample(list(ledger_attacks(whole)), SAMPLE)
    assert check_agreement(attacks, whole, case) > SAMPLE // 2


@pytest.mark.long
def test_the_stand_alone_verifier_finds_every_attack_that_ours_finds(whole: Path, case: Path) -> None:
    assert check_agreement(list(ledger_attacks(whole)), whole, case) > 300
