"""What was rolled back is forgotten by the process too: what it records next is as if nothing had been."""

from pathlib import Path

import pytest

from casedb.entry import EntryKind
from casedb.ledger_check import check_ledger
from casedb.records import CustodyKind, Role
from casedb.store import CaseStore, open_case
from casedb.submissions import NewCustodyEvent, NewPerson
from image.errors import UsageError
from tests.casedb.building import ACTOR, FULL_SIZE, at, full_case, reopened
from tests.sim.still_clock import StillClock

SEALED = NewCustodyEvent("JB1", CustodyKind.SEAL, at(9), seal_in="S1")


def fail_behind_an_entry(store: CaseStore) -> None:
    """A transaction that ends badly when its entry and its checkpoint are written already."""
    with store._recording("what fails") as ledger:
        ledger.append(EntryKind.CUSTODY_RECORDED, SEALED, "JB1")
        store.exhibit("not there")


def test_a_checkpoint_that_was_rolled_back_leaves_no_copy(tmp_path: Path) -> None:
    case = full_case(tmp_path / "case")
    with reopened(case) as store:
        with pytest.raises(UsageError):
            fail_behind_an_entry(store)
        store.add_person(NewPerson("after", Role.WITNESS))
    assert not (case / "checkpoints" / f"{FULL_SIZE + 1:06d}.txt").exists()
    check = check_ledger(case)
    assert (check.findings, check.entry_count) == ((), FULL_SIZE + 1)


def test_a_key_whose_entry_was_rolled_back_is_told_to_the_ledger_again(tmp_path: Path) -> None:
    case = full_case(tmp_path / "case")
    other = {"DISKWITNESS_KEY": str(tmp_path / "another-workstation.pem")}
    with open_case(case, actor=ACTOR, clock=StillClock(), environment=other) as store:
        with pytest.raises(UsageError):
            fail_behind_an_entry(store)
        store.add_custody(SEALED)
    check = check_ledger(case)
    assert (check.findings, check.entry_count, len(check.keys)) == ((), FULL_SIZE + 2, 2)
