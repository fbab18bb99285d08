"""Signatures checked by another process: every answer is the one that a check here would have given."""

import sqlite3
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from casedb import signatures_ahead
from casedb.keys import signature_holds
from casedb.ledger_check import check_ledger
from casedb.signatures_ahead import SignaturesAhead, guessed
from image.child_processes import start_child
from tests.casedb.building import attack, full_case
from tests.casedb.test_checkpoints import ALTER_SIGNATURE


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with a bit of everything."""
    return full_case(tmp_path / "case")


@pytest.fixture(autouse=True)
def _for_short_ledgers_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures_ahead, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(signatures_ahead, "NOTES_AT_ONCE", 2)


def notes_of(case: Path) -> dict[int, str]:
    """The checkpoints of a case."""
    with closing(sqlite3.connect(case / "case.db")) as connection:
        return dict(connection.execute("SELECT sequence, note FROM checkpoints ORDER BY 1"))


def keys_of(case: Path) -> list[bytes]:
    """Its keys."""
    with closing(sqlite3.connect(case / "case.db")) as connection:
        return [bytes.fromhex(public) for (public,) in connection.execute("SELECT public FROM ledger_keys")]


def not_here(_key: bytes, _signature: bytes, _message: bytes) -> bool:
    """Must not be asked in this process."""
    raise AssertionError


def test_the_other_process_answers_for_every_checkpoint(case: Path) -> None:
    notes, keys = notes_of(case), keys_of(case)
    with SignaturesAhead(signature_holds, keys, notes) as ahead:
        ahead._check = not_here
        for sequence, note in notes.items():
            ahead.reach(sequence)
            signed = guessed(note, keys)
            assert signed is not None
            assert ahead.holds(*signed)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET entry = entry WHERE 0",
        ALTER_SIGNATURE,
        "DELETE FROM checkpoints WHERE sequence = 9",
        "UPDATE checkpoints SET note = (SELECT note FROM checkpoints WHERE sequence = 8) WHERE sequence = 9",
        "UPDATE checkpoints SET note = replace(note, char(8212), '-') WHERE sequence = 9",
        "UPDATE checkpoints SET note = note || substr(note, instr(note, char(8212))) WHERE sequence = 9",
        "UPDATE checkpoints SET note = printf('%.500c', 'x') WHERE sequence > 8",
    ],
)
def test_what_is_found_is_what_is_found_without_it(
    case: Path, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack(case, statement)
    found = check_ledger(case)
    monkeypatch.setattr(signatures_ahead, "WORTH_A_PROCESS", 1_000_000)
    assert check_ledger(case) == found


def start_and_kill(child: BaseProcess) -> None:
    """Start a process that does not live."""
    start_child(child)
    child.kill()


def refuse_to_start(_child: BaseProcess) -> None:
    """A system without room for another process."""
    raise BlockingIOError


@pytest.mark.parametrize("start", [start_and_kill, refuse_to_start])
def test_a_process_that_dies_or_is_refused_changes_no_answer(
    case: Path, start: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures_ahead, "start_child", start)
    assert check_ledger(case).findings == ()
    attack(case, ALTER_SIGNATURE)
    assert [item.sequence for item in check_ledger(case).failures] == [9]


def test_notes_as_long_as_can_be_do_not_make_both_wait_for_each_other(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures_ahead, "NOTES_AT_ONCE", 64)
    [key] = keys_of(case)
    note = notes_of(case)[9]
    origin, rest = note.split("\n", 1)
    long = f"{origin}\n{'x' * 64_000}\n{rest}"
    notes = dict.fromkeys(range(1, 501), long)
    with SignaturesAhead(signature_holds, [key], notes) as ahead:
        for sequence in range(1, 501):
            ahead.reach(sequence)
            assert ahead._answers
