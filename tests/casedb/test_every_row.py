"""Every row of every table attacked in turn on a real file: each attack is found, and its entry named."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from casedb.ledger_check import LedgerCheck, check_ledger
from tests.casedb.attacks import (
    Attack,
    Cell,
    carry_out,
    cells_of,
    delete,
    double,
    flip,
    keys_of,
    length_of,
    swaps,
    tables_of,
)
from tests.casedb.building import full_case, reopened

Tell = Callable[[str, dict[str, int]], None]
SAMPLE = 40
LEDGER = frozenset({"entries", "payloads"})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with a row in every table that its entries can fill, closed; nobody else has touched it."""
    folder = full_case(tmp_path_factory.mktemp("whole") / "case")
    with reopened(folder) as store:
        store.close_case("judgment")
    return folder


@pytest.fixture
def case(case: Path) -> Path:
    """A copy, without copies of checkpoints: who has the file has those too."""
    shutil.rmtree(case / "checkpoints")
    return case


def told(check: LedgerCheck) -> str:
    """All that was found."""
    return "\n".join(f"{item.sequence}: {item.finding.code} {item.finding.detail}" for item in check.failures)


def check_found(attacks: Iterable[Attack], whole: Path, case: Path) -> int:
    """Carry attacks out one after the other; see that each is found and located. How many there were."""
    count = 0
    for attack in attacks:
        if not carry_out(attack, whole, case):
            continue
        check = check_ledger(case)
        assert not check.is_sound, attack.what
        if attack.entry is not None:
            numbers = {item.sequence for item in check.failures}
            assert attack.entry in numbers, f"{attack.what}\n{told(check)}"
        count += 1
    return count


def flips(cells: Iterable[Cell]) -> Iterator[Attack]:
    """Every byte of every value changed."""
    return (flip(cell, offset) for cell in cells for offset in range(length_of(cell.value)))


def rows(cells: Iterable[Cell]) -> list[Cell]:
    """One value of each row."""
    return list({(cell.table, cell.key): cell for cell in cells}.values())


def doubles(whole: Path) -> list[Attack]:
    """Every row a second time."""
    with closing(sqlite3.connect(whole / "case.db")) as connection:
        tables = tables_of(connection)
        keys = {name: keys_of(connection, name) for name in tables}
        info = {name: connection.execute(f'PRAGMA table_info("{name}")').fetchall() for name in tables}
    columns = {name: [column[1] for column in found] for name, found in info.items()}
    return [
        Attack(made.what, None, made.change)
        for cell in rows(cells_of(whole))
        for made in [double(cell, keys[cell.table], columns[cell.table])]
    ]


def sampled(attacks: list[Attack], count: int = SAMPLE) -> list[Attack]:
    """Some of the attacks, the same ones every time."""
    return random.Random(20261122).sample(attacks, min(count, len(attacks)))


def test_the_attacked_case_has_rows_in_most_tables(whole: Path) -> None:
    with closing(sqlite3.connect(whole / "case.db")) as connection:
        tables = set(tables_of(connection))
    filled = {cell.table for cell in cells_of(whole)}
    assert LEDGER | {"checkpoints", "tree_nodes", "ledger_keys", "case_closings"} <= filled <= tables
    assert len(filled) > len(tables) // 2


def test_a_byte_changed_in_each_column_of_each_table_is_found(whole: Path, case: Path) -> None:
    columns = {(cell.table, cell.column): cell for cell in cells_of(whole)}
    chance = random.Random(7)
    attacks = [flip(cell, chance.randrange(length_of(cell.value))) for cell in columns.values()]
    assert check_found(sampled(attacks, 60), whole, case) > 50


def test_a_row_deleted_or_doubled_is_found(whole: Path, case: Path) -> None:
    attacks = [delete(cell) for cell in rows(cells_of(whole))]
    assert check_found(sampled(attacks), whole, case) == SAMPLE
    assert check_found(sampled(doubles(whole), 20), whole, case) > 10


def test_contents_of_two_rows_exchanged_are_found(whole: Path, case: Path) -> None:
    assert check_found(sampled(list(swaps(whole)), 12), whole, case) == 12


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_every_byte_of_every_row_of_every_table_changed_is_found(
    whole: Path, case: Path, part: int, record_property: Tell
) -> None:
    attacks = [attack for number, attack in enumerate(flips(cells_of(whole))) if number % 8 == part]
    found = check_found(attacks, whole, case)
    assert found > 1000
    figures = {"tried": len(attacks), "refused by SQLite": len(attacks) - found, "found": found}
    record_property("figures of bytes of rows changed", figures)


@pytest.mark.long
def test_every_row_deleted_doubled_or_exchanged_is_found(whole: Path, case: Path, record_property: Tell) -> None:
    cells = rows(cells_of(whole))
    assert check_found(map(delete, cells), whole, case) == len(cells)
    doubled = check_found(doubles(whole), whole, case)
    assert doubled > len(cells) // 2
    exchanged = list(swaps(whole))
    assert check_found(exchanged, whole, case) == len(exchanged)
    figures = {"deleted": len(cells), "doubled": doubled, "exchanged": len(exchanged)}
    record_property("figures of rows attacked, all found", figures)
