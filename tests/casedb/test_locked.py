"""The lock at which writers queue is a plain file, or an error."""

import fcntl
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from casedb.locking import locked
from casedb.records import Role
from casedb.submissions import NewPerson
from image.errors import CaseError
from tests.casedb.building import new_case


def test_a_pipe_in_the_place_of_the_lock_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "case.lock")
    with pytest.raises(OSError, match="No such device or address"), locked(tmp_path / "case.lock"):
        pytest.fail("a pipe was locked")


def test_a_link_in_the_place_of_the_lock_makes_no_file_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "case.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"), locked(tmp_path / "case.lock"):
        pytest.fail("a link was followed")
    assert not (tmp_path / "elsewhere").exists()


def test_a_ledger_that_another_program_keeps_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casedb.locking.LOCK_SECONDS", 0.2)
    with new_case(tmp_path / "case") as store, (tmp_path / "case" / "case.lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(CaseError, match=r"another program has held case.lock for 0.2 s"):
            store.add_person(NewPerson("somebody", Role.WITNESS))
        fcntl.flock(held, fcntl.LOCK_UN)
        assert store.add_person(NewPerson("somebody", Role.WITNESS)).name == "somebody"


def test_a_lock_that_is_let_go_of_in_time_is_taken(tmp_path: Path) -> None:
    with (tmp_path / "case.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        threading.Timer(0.3, fcntl.flock, (held, fcntl.LOCK_UN)).start()
        begun = time.monotonic()
        with locked(tmp_path / "case.lock"):
            assert time.monotonic() - begun >= 0.2


def test_a_lock_that_goes_from_hand_to_hand_is_waited_for_as_long_as_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casedb.locking.LOCK_SECONDS", 0.3)
    path, has_begun = tmp_path / "case.lock", threading.Event()

    def write_much() -> None:
        for _ in range(12):
            with locked(path):
                has_begun.set()
                time.sleep(0.1)

    greedy = threading.Thread(target=write_much)
    greedy.start()
    has_begun.wait()
    with locked(path):
        pass
    greedy.join()


def test_time_in_which_we_were_stopped_ourselves_is_not_held_against_the_holder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casedb.locking.LOCK_SECONDS", 0.5)
    path, (go, may_go) = tmp_path / "case.lock", os.pipe()
    waiter = os.fork()
    if waiter == 0:
        os.read(go, 1)
        with locked(path):
            os._exit(7)
    with locked(path):
        os.write(may_go, b"g")
        time.sleep(0.2)
        os.kill(waiter, signal.SIGSTOP)
        time.sleep(1)
        os.kill(waiter, signal.SIGCONT)
        time.sleep(0.1)
    assert os.waitstatus_to_exitcode(os.waitpid(waiter, 0)[1]) == 7
