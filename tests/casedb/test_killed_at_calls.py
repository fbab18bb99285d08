"""kill -9 at a system call of an append: the ledger opens, verifies, and holds all of the entry or none of it."""

import random
import shutil
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from casedb.ledger_check import check_ledger
from casedb.records import Role
from casedb.submissions import NewPerson
from tests.casedb.building import FULL_SIZE, copied, reopened
from tests.casedb.killed_writer import Moment, append_until_killed, calls_of_an_append
from tests.casedb.test_threats import refuses
from tests.sim.block_devices import needs_program

pytestmark = needs_program("strace")

Tell = Callable[[str, dict[str, int]], None]
BEFORE = FULL_SIZE + 1
"""Entries in the ledger when the writer is let go: the person it names first is one of them."""


@pytest.fixture
def moments(whole: Path, tmp_path: Path) -> list[Moment]:
    """Every system call of an append."""
    return calls_of_an_append(copied(whole, tmp_path / "traced"))


def check_kills(moments: Iterable[Moment], whole: Path, folder: Path) -> set[int]:
    """Kill at each moment; gives how many entries the ledgers held afterwards."""
    sizes = set()
    for moment in moments:
        case = copied(whole, folder / "killed")
        status = append_until_killed(case, moment)
        check = check_ledger(case)
        assert check.findings == (), f"{moment}: {check.findings}"
        assert check.entry_count in (BEFORE, BEFORE + 1), moment
        assert status == -signal.SIGKILL or check.entry_count == BEFORE + 1, moment
        assert not refuses(case), moment
        sizes.add(check.entry_count)
        check_goes_on(case, check.entry_count)
        shutil.rmtree(folder / "killed")
    return sizes


def check_goes_on(case: Path, entry_count: int) -> None:
    """The next entry goes behind the last one."""
    with reopened(case) as store:
        store.add_person(NewPerson("after", Role.WITNESS))
        assert store.head().size == entry_count + 1


def test_an_append_locks_writes_its_journal_syncs_it_and_removes_it(moments: list[Moment]) -> None:
    names = [moment.call for moment in moments]
    assert {"flock", "pwrite64", "fdatasync", "unlink"} <= set(names)
    assert names.index("flock") < names.index("pwrite64") < names.index("fdatasync") < names.index("unlink")


def test_an_append_killed_at_the_calls_that_matter_holds_all_or_nothing(
    moments: list[Moment], whole: Path, tmp_path: Path
) -> None:
    last = {moment.call: moment for moment in moments}
    chosen = [last[name] for name in ("flock", "pwrite64", "fdatasync", "unlink")]
    assert check_kills(chosen, whole, tmp_path) == {BEFORE, BEFORE + 1}


@pytest.mark.long
def test_an_append_killed_at_every_system_call_holds_all_or_nothing(
    moments: list[Moment], whole: Path, tmp_path: Path, record_property: Tell
) -> None:
    random.Random(4).shuffle(moments)
    record_property("figures of kills at system calls of an append", {"kills": len(moments)})
    assert check_kills(moments, whole, tmp_path) == {BEFORE, BEFORE + 1}
