"""Checkpoints in the file and copies of them elsewhere: what each finds, on a file attacked for real."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casedb.checkpoint import decode_checkpoint
from casedb.checkpoint_check import Copy, Origin, read_copy
from casedb.checkpointing import Signer, is_due
from casedb.entry import EntryKind
from casedb.keys import public_half, workstation_signer
from casedb.ledger_check import LedgerCheck, check_ledger
from casedb.store import open_case
from casedb.submissions import NewExhibit
from image.errors import CaseError
from tests.casedb.building import ACTOR, FULL_SIZE, attack, full_case, job, key_environment, old_case, reopened
from tests.casedb.forging import cut_off, rewrite
from tests.sim.still_clock import StillClock


@pytest.fixture
def case(case: Path) -> Path:
    """A copy without the copies of checkpoints in its folder: who has the file has those too."""
    shutil.rmtree(case / "checkpoints")
    return case


def codes(check: LedgerCheck) -> set[str]:
    return {item.finding.code for item in check.failures}


def kept_copy(folder: Path, sequence: int | None = None) -> Copy:
    """The checkpoint of an entry, or the last one, as somebody keeps it elsewhere."""
    with closing(sqlite3.connect(folder / "case.db")) as connection:
        sql = "SELECT note FROM checkpoints WHERE sequence = coalesce(?, (SELECT max(sequence) FROM checkpoints))"
        return read_copy("a copy", connection.execute(sql, (sequence,)).fetchone()[0].encode())


def real_signer(folder: Path) -> Signer:
    return workstation_signer(key_environment(folder))()


def other_signer() -> Signer:
    key = Ed25519PrivateKey.generate()
    return Signer(public_half(key), key.sign)


def test_whatever_happens_to_an_exhibit_is_followed_by_a_signed_checkpoint(case: Path) -> None:
    check = check_ledger(case)
    assert check.is_sound
    with closing(sqlite3.connect(case / "case.db")) as connection:
        have = [sequence for (sequence,) in connection.execute("SELECT sequence FROM checkpoints ORDER BY 1")]
    assert have == [3, *range(7, FULL_SIZE + 1)]
    assert check.last_checkpoint is not None
    assert decode_checkpoint(check.last_checkpoint.text).size == FULL_SIZE
    assert [(key.origin, key.checkpoint_count) for key in check.keys] == [(Origin.OPENED, len(have))]


def test_the_first_entry_of_a_day_is_followed_by_a_checkpoint_whatever_it_is() -> None:
    assert is_due(EntryKind.EXHIBIT_ADDED, "2026-11-23T00:00:00.000000Z", "2026-11-22T23:59:59.999999Z")
    assert not is_due(EntryKind.EXHIBIT_ADDED, "2026-11-22T23:59:59.999999Z", "2026-11-22T00:00:00.000000Z")
    assert not is_due(EntryKind.LEDGER_OPENED, "2026-11-22T00:00:00.000000Z", None)


ALTER_SIGNATURE = (
    "UPDATE checkpoints SET note = substr(note, 1, length(note) - 10) || "
    "iif(substr(note, length(note) - 9, 1) = 'A', 'B', 'A') || substr(note, length(note) - 8) WHERE sequence = 9"
)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM checkpoints WHERE sequence = 9", "ledger-checkpoint-missing"),
        (
            ALTER_SIGNATURE,
            "ledger-checkpoint-altered",
        ),
        (
            "UPDATE checkpoints SET note = (SELECT note FROM checkpoints WHERE sequence = 8) WHERE sequence = 9",
            "ledger-checkpoint-altered",
        ),
        ("UPDATE checkpoints SET note = printf('%.*c', 200, 'x') WHERE sequence = 9", "ledger-checkpoint-altered"),
        (
            "UPDATE tree_nodes SET sha256 = printf('%064d', 0) WHERE sequence = 8 AND level = 3",
            "ledger-row-altered",
        ),
        ("DELETE FROM tree_nodes WHERE sequence = 8 AND level = 0", "ledger-row-missing"),
        ("UPDATE ledger_keys SET public = printf('%064d', 0)", "ledger-row-altered"),
        ("INSERT INTO ledger_keys VALUES (5, 'ed25519', printf('%064d', 0), NULL)", "ledger-row-unknown"),
    ],
)
def test_a_checkpoint_node_or_key_that_was_touched_is_found(case: Path, statement: str, code: str) -> None:
    attack(case, statement)
    assert code in codes(check_ledger(case))


def test_history_rewritten_without_the_key_is_found(case: Path) -> None:
    rewrite(case, 6, signer=None)
    check = check_ledger(case)
    assert codes(check) == {"ledger-checkpoint-altered"}
    assert check.first_bad_entry == 7


def test_history_rewritten_with_another_key_is_found(case: Path) -> None:
    rewrite(case, 6, other_signer())
    assert codes(check_ledger(case)) == {"ledger-checkpoint-altered"}


def test_history_rewritten_with_the_real_key_is_found_by_a_copy_kept_elsewhere(case: Path) -> None:
    copy = kept_copy(case)
    rewrite(case, 6, real_signer(case))
    assert check_ledger(case).is_sound
    assert codes(check_ledger(case, [copy])) == {"ledger-rewritten"}


def test_an_end_that_was_cut_off_is_found_by_a_copy_kept_elsewhere(case: Path) -> None:
    copy = kept_copy(case)
    cut_off(case, 9)
    assert check_ledger(case).is_sound
    assert codes(check_ledger(case, [copy])) == {"ledger-shortened"}


def test_an_older_copy_of_the_file_is_found_by_a_copy_kept_elsewhere(case: Path) -> None:
    older = (case / "case.db").read_bytes()
    with reopened(case) as store:
        store.stop_acquisition(store.start_acquisition(job(), None, ("/evidence/x",)), "stopped")
    copy = kept_copy(case)
    (case / "case.db").write_bytes(older)
    assert check_ledger(case).is_sound
    assert codes(check_ledger(case, [copy])) == {"ledger-shortened"}


def test_two_ledgers_forked_from_one_do_not_answer_to_each_others_checkpoints(case: Path, tmp_path: Path) -> None:
    fork = tmp_path / "fork"
    shutil.copytree(case, fork)
    for folder, reference in ((case, "JB2"), (fork, "JB3")):
        with reopened(folder) as store:
            store.add_exhibit(NewExhibit(reference, "Another drive"))
            store.stop_acquisition(store.start_acquisition(job(), reference, ("/evidence/x",)), "stopped")
    assert codes(check_ledger(case, [kept_copy(fork)])) == {"ledger-rewritten"}
    assert check_ledger(case, [kept_copy(fork, FULL_SIZE)]).is_sound


def test_every_older_checkpoint_is_confirmed_and_one_of_another_ledger_is_not(case: Path, tmp_path: Path) -> None:
    check = check_ledger(case, [kept_copy(case, sequence) for sequence in (3, 7, FULL_SIZE)])
    assert (check.is_sound, check.confirmed) == (True, ("a copy",) * 3)
    foreign = kept_copy(full_case(tmp_path / "other"), FULL_SIZE)
    assert codes(check_ledger(case, [foreign])) == {"ledger-foreign-checkpoint"}


def test_a_case_without_checkpoints_gets_them_when_it_is_opened_for_writing(tmp_path: Path) -> None:
    case = old_case(tmp_path / "case")
    assert check_ledger(case).is_sound
    with reopened(case) as store:
        store.add_exhibit(NewExhibit("JB2", "Another drive"))
    check = check_ledger(case)
    assert check.is_sound
    assert [key.origin for key in check.keys] == [Origin.OPENED, Origin.ADDED]
    rewrite(case, 5, signer=None)
    assert codes(check_ledger(case)) == {"ledger-checkpoint-altered"}


def test_another_workstation_tells_its_key_before_it_signs(case: Path, tmp_path: Path) -> None:
    environment = {"DISKWITNESS_KEY": str(tmp_path / "second.pem")}
    for _ in range(2):
        with open_case(case, actor=ACTOR, clock=StillClock(), environment=environment) as store:
            store.stop_acquisition(store.start_acquisition(job(), None, ("/evidence/x",)), "stopped")
    check = check_ledger(case)
    assert check.is_sound
    assert [(key.origin, key.checkpoint_count) for key in check.keys] == [(Origin.OPENED, 9), (Origin.ADDED, 5)]


def test_another_workstation_adds_nothing_to_a_ledger_whose_last_checkpoint_is_not_its_own(
    case: Path, tmp_path: Path
) -> None:
    rewrite(case, 6, signer=None)
    environment = {"DISKWITNESS_KEY": str(tmp_path / "second.pem")}
    with (
        pytest.raises(CaseError, match=f"checkpoint of entry {FULL_SIZE} is not that of this ledger"),
        open_case(case, actor=ACTOR, clock=StillClock(), environment=environment) as store,
    ):
        store.add_exhibit(NewExhibit("JB2", "Another drive"))
