"""A closed case takes nothing of the matter, by whatever way it comes, until it is opened again."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from casedb.case_modes import lifted, protect
from casedb.entry import EntryKind
from casedb.facts import CaseClosed
from casedb.ledger_check import check_ledger
from casedb.records import CaseClosing
from casedb.store import CaseStore, open_case
from casedb.submissions import NewExhibit
from image.errors import CaseError, UsageError
from tests.casedb.building import ACTOR, FULL_SIZE, attack, job, key_environment, reopened
from tests.sim.still_clock import StillClock
from tools.verify_ledger import MismatchError
from tools.verify_ledger import check as stand_alone_check


def close(folder: Path, reason: str | None = "judgment") -> None:
    with reopened(folder) as store:
        store.close_case(reason)


def opened_while_closed(folder: Path) -> CaseStore:
    environment = key_environment(folder)
    return open_case(folder, actor=ACTOR, clock=StillClock(), while_closed=True, environment=environment)


def test_closing_is_an_entry_with_its_checkpoint(case: Path) -> None:
    close(case)
    check = check_ledger(case)
    assert check.is_sound
    with open_case(case, read_only=True) as store:
        told, checkpoint = store.closing(), store.last_checkpoint()
    assert told == CaseClosing(FULL_SIZE + 1, True, StillClock().now(), "judgment", "dreyes")
    assert checkpoint is not None
    assert checkpoint.size == FULL_SIZE + 1 == check.entry_count
    assert (case / "checkpoints" / f"{FULL_SIZE + 1:06d}.txt").read_text() == checkpoint.note


def test_a_case_that_was_never_closed_says_nothing_of_it(case: Path) -> None:
    with open_case(case, read_only=True) as store:
        assert store.closing() is None


def test_a_closed_case_cannot_be_opened_for_writing_and_reads_as_before(case: Path) -> None:
    close(case)
    before = (case / "case.db").read_bytes()
    with pytest.raises(CaseError, match=r"the case is closed \(entry 15\)") as refused:
        reopened(case)
    assert "case reopen" in refused.value.do
    assert (case / "case.db").read_bytes() == before
    with open_case(case, read_only=True) as store:
        assert store.exhibit("JB1").serial == "WL1AB2C3"


def test_who_had_the_case_open_when_it_was_closed_can_record_nothing_more(case: Path) -> None:
    with reopened(case) as store:
        link = store.start_acquisition(job(), "JB1", ("/evidence/x",))
        close(case)
        with pytest.raises(CaseError, match="the case is closed"):
            store.stop_acquisition(link, "stopped")
        with pytest.raises(CaseError, match="the case is closed"):
            store.close_case()
    assert check_ledger(case).entry_count == FULL_SIZE + 2


def test_a_case_opened_again_says_why_and_takes_entries(case: Path) -> None:
    close(case)
    with opened_while_closed(case) as store:
        with pytest.raises(CaseError, match="the case is closed"):
            store.add_exhibit(NewExhibit("JB2", "Another drive"))
        with pytest.raises(UsageError):
            store.reopen_case(" ")
        store.reopen_case("appeal")
        store.add_exhibit(NewExhibit("JB2", "Another drive"))
    assert check_ledger(case).is_sound
    with open_case(case, read_only=True) as store:
        told = store.closing()
    assert told is not None
    assert (told.is_closed, told.reason) == (False, "appeal")


def test_a_case_that_is_open_cannot_be_opened_again(case: Path) -> None:
    with opened_while_closed(case) as store, pytest.raises(CaseError, match="not closed"):
        store.reopen_case("appeal")
    assert check_ledger(case).entry_count == FULL_SIZE


def test_another_workstation_opens_it_again_with_its_own_key(case: Path, tmp_path: Path) -> None:
    close(case)
    environment = {"DISKWITNESS_KEY": str(tmp_path / "second.pem")}
    with open_case(case, actor=ACTOR, clock=StillClock(), while_closed=True, environment=environment) as store:
        store.reopen_case("appeal")
    check = check_ledger(case)
    assert check.is_sound
    assert (check.entry_count, len(check.keys)) == (FULL_SIZE + 3, 2)


def test_an_entry_written_into_a_closed_case_is_found(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close(case)
    monkeypatch.setattr("casedb.ledger.require_open", lambda *_: None)
    with opened_while_closed(case) as store:
        store.add_exhibit(NewExhibit("JB2", "Another drive"))
    found = check_ledger(case)
    assert found.first_bad_entry == FULL_SIZE + 2
    with open_case(case, read_only=True) as store:
        store.export_ledger(case.parent / "bundle")
    with pytest.raises(MismatchError, match="entry 16 was written while the case was closed"):
        stand_alone_check(case.parent / "bundle", [])
    assert "was written while the case was closed (entry 15)" in found.failures[0].finding.detail


def test_a_closing_edited_in_its_table_is_found(case: Path) -> None:
    close(case)
    attack(case, "UPDATE case_closings SET state = 'reopened'")
    assert check_ledger(case).first_bad_entry == FULL_SIZE + 1


def modes(folder: Path) -> dict[str, int]:
    """The write permissions of the files of a case."""
    names = ("case.db", "reports/JB1-R1.pdf", "checkpoints/000014.txt")
    return {name: (folder / name).stat().st_mode & 0o222 for name in names}


def test_the_files_of_a_closed_case_lose_their_write_permission_and_links_are_left_alone(case: Path) -> None:
    (case / "reports" / "JB1-R1.pdf").write_bytes(b"%PDF")
    elsewhere = case.parent / "elsewhere"
    elsewhere.touch(0o644)
    (case / "reports" / "link").symlink_to(elsewhere)
    close(case)
    protect(case)
    assert set(modes(case).values()) == {0}
    assert elsewhere.stat().st_mode & 0o222
    with lifted(case):
        assert modes(case)["case.db"] == 0o200
    assert set(modes(case).values()) == {0}
    with lifted(case), opened_while_closed(case) as store:
        store.reopen_case("appeal")
    assert modes(case) == {"case.db": 0o200, "reports/JB1-R1.pdf": 0, "checkpoints/000014.txt": 0}


def test_a_case_closed_twice_at_once_is_closed_by_one_entry(case: Path) -> None:
    with reopened(case) as first, reopened(case) as second:
        first.close_case()
        with pytest.raises(CaseError, match="the case is closed"), second._recording("x") as ledger:
            ledger.append(EntryKind.CASE_CLOSED, CaseClosed())
    with closing(sqlite3.connect(case / "case.db")) as connection:
        assert connection.execute("SELECT count(*) FROM case_closings").fetchone() == (1,)
