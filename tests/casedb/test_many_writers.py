"""Several processes at one ledger, and processes that die in the middle of it."""

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from casedb.entry import EntryKind
from casedb.ledger_check import check_ledger
from casedb.records import Role
from casedb.store import open_case
from casedb.submissions import NewPerson
from tests.casedb.building import new_case, reopened
from tests.casedb.test_threats import refuses

ROOT = Path(__file__).resolve().parent.parent.parent


def appending(folder: Path, name: str, count: int) -> "subprocess.Popen[str]":
    """A process that appends."""
    command = [sys.executable, "-m", "tests.casedb.appending", str(folder), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.long
def test_eight_processes_lose_nothing(tmp_path: Path) -> None:
    new_case(tmp_path / "case").close()
    processes = [appending(tmp_path / "case", f"writer {number}", 500) for number in range(8)]
    told = [int(line) for process in processes for line in process.communicate()[0].split()]
    check = check_ledger(tmp_path / "case")
    assert [process.returncode for process in processes] == [0] * 8
    assert check.is_sound
    assert not refuses(tmp_path / "case")
    assert sorted(told) == list(range(4, 4004))
    with open_case(tmp_path / "case") as store:
        names = {person.name for person in store.people()}
    assert len(names) == 4001


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    new_case(tmp_path / "case").close()
    processes = [appending(tmp_path / "case", f"writer {number}", 20) for number in range(2)]
    told = [int(line) for process in processes for line in process.communicate()[0].split()]
    assert sorted(told) == list(range(4, 44))
    assert check_ledger(tmp_path / "case").is_sound


def killed_at_some_moment(folder: Path, wait_seconds: float) -> int:
    """Kill a process that appends; return the last entry it was told of."""
    with appending(folder, "victim", 100_000) as process:
        assert process.stdout is not None
        told = int(process.stdout.readline())
        time.sleep(wait_seconds)
        process.kill()
        return max([told, *(int(line) for line in process.stdout.read().split("\n")[:-1])])


def check_after_death(folder: Path, told: int) -> None:
    """What was told is there, whole, and the next entry goes behind it."""
    check = check_ledger(folder)
    assert check.is_sound, check.findings
    assert told <= check.entry_count <= told + 1
    with reopened(folder) as store:
        store.add_person(NewPerson("after", Role.WITNESS))
        assert store.head().size == check.entry_count + 1


def test_a_killed_process_leaves_all_or_nothing_of_its_entry(tmp_path: Path) -> None:
    new_case(tmp_path / "case").close()
    chance = random.Random(20261122)
    for _ in range(3):
        check_after_death(tmp_path / "case", killed_at_some_moment(tmp_path / "case", chance.random() * 0.02))


@pytest.mark.long
def test_fifty_killed_processes_leave_all_or_nothing_of_their_entries(tmp_path: Path) -> None:
    new_case(tmp_path / "case").close()
    chance = random.Random(4711)
    for _ in range(50):
        check_after_death(tmp_path / "case", killed_at_some_moment(tmp_path / "case", chance.random() * 0.03))


def test_a_journal_left_by_a_crash_is_rolled_back(tmp_path: Path) -> None:
    """The file as a crash in mid-commit leaves it: changed pages, and the journal that undoes them."""
    case = tmp_path / "case"
    with new_case(case) as store:
        whole = (case / "case.db").read_bytes()
        store._connection.execute("PRAGMA cache_size = 1")
        with store._recording("a lot") as ledger:
            for number in range(200):
                ledger.append(EntryKind.PERSON_ADDED, NewPerson(f"person {number}" * 50, Role.WITNESS))
            torn, journal = (case / "case.db").read_bytes(), (case / "case.db-journal").read_bytes()
    assert torn != whole
    (case / "case.db").write_bytes(torn)
    (case / "case.db-journal").write_bytes(journal)
    check = check_ledger(case)
    assert check.is_sound
    assert check.entry_count == 3
    assert (case / "case.db").read_bytes() == whole


def test_two_threads_of_one_case_lose_nothing(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:

        def work() -> None:
            for number in range(10):
                with store._recording("a person") as ledger:
                    ledger.append(EntryKind.PERSON_ADDED, NewPerson(f"{number}", Role.WITNESS))

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.head().size == 23
    assert check_ledger(tmp_path / "case").is_sound
