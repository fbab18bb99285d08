"""What an open case is told and answers."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from casedb.records import AcquisitionState, CustodyKind, Role
from casedb.schema import STEP_NAMES
from casedb.store import create_case, open_case
from casedb.submissions import NewCase, NewCustodyEvent, NewExhibit, NewPerson, NewReport
from image.errors import CaseError, UsageError
from image.job import CaseLink
from image.sectors import SectorRange
from tests.casedb.building import (
    ACTOR,
    FULL_SIZE,
    HOSTILE,
    NEW_CASE,
    at,
    attack,
    digest,
    fill,
    full_case,
    job,
    key_environment,
    manifest,
    new_case,
    reopened,
    verification,
)
from tests.sim.still_clock import NOON, StillClock
from verify.verdict import Verdict


def test_a_new_case_is_a_folder_with_everything_in_its_place(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        case, head = store.case(), store.head()
    assert {item.name for item in (tmp_path / "case").iterdir()} == {
        "case.db",
        "case.lock",
        "images",
        "reports",
        "checkpoints",
    }
    assert (case.number, case.agency, case.title) == ("2026-0113", "Northgate Digital Forensics", "R v. Sample")
    assert (case.examiner.person_id, case.examiner.name, case.created) == ("P2", "Dana Reyes", NOON)
    assert (head.ledger_id, head.size) == (case.ledger_id, 3)


def test_the_first_entry_holds_the_key_and_names_nobody(tmp_path: Path) -> None:
    new_case(tmp_path / "case").close()
    with closing(sqlite3.connect(tmp_path / "case" / "case.db")) as connection:
        sql = "SELECT entry, payload FROM entries JOIN payloads USING (sequence) WHERE sequence = 1"
        entry, payload = connection.execute(sql).fetchone()
    assert b'"type":"ledger-opened"' in entry
    assert b'"algorithm":"ed25519"' in payload
    assert b'"operator":null' in payload
    assert b"Dana" not in entry + payload
    assert b"dreyes" not in entry + payload


def test_the_settings_of_the_file_are_those_of_a_ledger(tmp_path: Path) -> None:
    new_case(tmp_path / "case").close()
    with closing(sqlite3.connect(tmp_path / "case" / "case.db")) as connection:
        read = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "user_version")
        }
        assert read == {"journal_mode": "delete", "user_version": len(STEP_NAMES)}
        assert connection.execute("PRAGMA application_id").fetchone()[0] == 0x44574364


def test_a_second_case_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    new_case(tmp_path / "case").close()
    before = (tmp_path / "case" / "case.db").read_bytes()
    with pytest.raises(CaseError, match="there is a case here already"):
        new_case(tmp_path / "case")
    assert (tmp_path / "case" / "case.db").read_bytes() == before


@pytest.mark.parametrize("facts", [NewCase(" ", NEW_CASE.examiner), NewCase("1", NewPerson("", Role.EXAMINER))])
def test_a_case_without_number_or_examiner_is_refused_and_leaves_nothing(tmp_path: Path, facts: NewCase) -> None:
    with pytest.raises(UsageError, match="cannot be empty"):
        new_case(tmp_path / "case", facts)
    assert not (tmp_path / "case").exists()


def test_a_case_that_cannot_be_made_leaves_no_database(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(b"no key")
    (tmp_path / "key.pem").chmod(0o600)
    with pytest.raises(CaseError, match="not a usable key"):
        create_case(
            tmp_path / "case", NEW_CASE, ACTOR, StillClock(), {"DISKWITNESS_KEY": str(tmp_path / "key.pem")}
        )
    (tmp_path / "file").touch()
    with pytest.raises(CaseError, match="cannot make the case"):
        create_case(tmp_path / "file", NEW_CASE, ACTOR, StillClock(), key_environment(tmp_path / "case"))
    assert not list(tmp_path.rglob("*case.db*"))


def test_everything_told_comes_back_in_the_record_of_the_exhibit(tmp_path: Path) -> None:
    with open_case(full_case(tmp_path / "case")) as store:
        record = store.exhibit_record("JB1")
    kinds = [event.kind for event in record.custody]
    acquisition, verified = record.acquisitions[0], record.verifications[0]
    assert kinds == [CustodyKind.SEIZE, CustodyKind.TRANSFER, CustodyKind.ACQUIRE, CustodyKind.VERIFY]
    assert record.custody_warnings == ()
    assert acquisition.state is AcquisitionState.COMPLETE
    assert (acquisition.paths, acquisition.job, acquisition.manifest) == (
        ("images/JB1/JB1",),
        job(),
        manifest(job()),
    )
    assert (acquisition.manifest_sha256, acquisition.finished) == (digest("manifest"), at(10))
    assert (verified.acquisition, verified.result.verdict) == (acquisition.started_sequence, Verdict.PASSED)
    assert [(item.report_id, item.file) for item in record.reports] == [("JB1-R1", "reports/JB1-R1.pdf")]
    assert record.head.size == FULL_SIZE


def test_an_event_of_custody_names_people_and_who_wrote_it_down(tmp_path: Path) -> None:
    with open_case(full_case(tmp_path / "case")) as store:
        transfer = store.custody("JB1")[1]
    assert transfer.released_by is not None
    assert transfer.received_by is not None
    assert (transfer.released_by.name, transfer.received_by.name) == ("Imran Hale", "Dana Reyes")
    assert (transfer.at, transfer.recorded, transfer.recorded_by) == (at(8), NOON, "dreyes")
    assert transfer.reason == "examination"


def test_a_transfer_by_somebody_else_is_recorded_with_a_warning(tmp_path: Path) -> None:
    with reopened(full_case(tmp_path / "case")) as store:
        event = NewCustodyEvent("JB1", CustodyKind.TRANSFER, at(11), "Maud Okafor", "Imran Hale")
        recorded, warnings = store.add_custody(event)
        again = store.exhibit_record("JB1").custody_warnings
    assert warnings == again
    assert tuple(map(str, warnings)) == (
        f"entry {recorded.sequence} (transfer, {at(11)}): released by Maud Okafor, but Dana Reyes held the exhibit",
    )


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (NewCustodyEvent("JB9", CustodyKind.SEAL, at(9)), "no exhibit 'JB9'"),
        (NewCustodyEvent("JB1", CustodyKind.SEIZE, at(9), received_by="Nobody"), "nobody called 'Nobody'"),
        (NewCustodyEvent("JB1", CustodyKind.TRANSFER, at(9), "P2", "Dana Reyes"), "two different people"),
        (NewCustodyEvent("JB1", CustodyKind.DISPOSE, at(9), "P2"), "needs a witness"),
    ],
)
def test_what_may_not_be_recorded_leaves_no_entry(tmp_path: Path, event: NewCustodyEvent, message: str) -> None:
    with reopened(full_case(tmp_path / "case")) as store:
        before = store.head()
        with pytest.raises(UsageError, match=message):
            store.add_custody(event)
        assert store.head() == before


def test_two_people_of_one_name_are_told_apart_by_id(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        first, second = (store.add_person(NewPerson("A. Smith", Role.OFFICER)) for _ in range(2))
        assert store.person(second.person_id) == second
        with pytest.raises(UsageError, match=f"{first.person_id}, {second.person_id}"):
            store.person("A. Smith")


@pytest.mark.parametrize("reference", ["", " JB1", "JB1 ", "JB\n1", "JB\u202e1", "x" * 101])
def test_a_reference_that_cannot_stand_on_a_label_is_refused(tmp_path: Path, reference: str) -> None:
    with new_case(tmp_path / "case") as store, pytest.raises(UsageError, match="an exhibit reference"):
        store.add_exhibit(NewExhibit(reference, "a drive"))


def test_an_exhibit_is_added_once_and_under_a_parent_that_exists(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        store.add_exhibit(NewExhibit("JB1", "a laptop"))
        inner = store.add_exhibit(NewExhibit("JB1/1", "its drive", parent="JB1"))
        with pytest.raises(UsageError, match="already in this case"):
            store.add_exhibit(NewExhibit("JB1", "another"))
        with pytest.raises(UsageError, match="exhibit add"):
            store.add_exhibit(NewExhibit("JB2/1", "a drive", parent="JB2"))
        assert [item.reference for item in store.exhibits()] == ["JB1", "JB1/1"]
        assert (inner.parent, inner.added) == ("JB1", NOON)


def test_hostile_strings_come_back_as_they_can_be_kept(tmp_path: Path) -> None:
    kept = HOSTILE.replace("\udcff", "\\udcff")
    with new_case(tmp_path / "case") as store:
        store.add_exhibit(NewExhibit("JB1", HOSTILE, make="'; DROP TABLE entries; --"))
        link = store.start_acquisition(job(HOSTILE), "JB1", ["/x/\udcff"])
        store.record_verification(verification(HOSTILE), "JB1", link.started_sequence)
        record = store.exhibit_record("JB1")
    assert (record.exhibit.description, record.exhibit.make) == (kept, "'; DROP TABLE entries; --")
    assert record.acquisitions[0].job.source.model == kept
    assert record.acquisitions[0].paths == ("/x/\\udcff",)
    assert record.verifications[0].result.image_path == kept


def test_an_acquisition_can_stop_and_be_finished_later_but_only_once(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        link = store.start_acquisition(job(), None, [str(tmp_path / "case" / "images" / "loose")])
        assert store.acquisition(link.started_sequence).state is AcquisitionState.STARTED
        stopped = store.stop_acquisition(link, "Ctrl-C")
        assert (stopped.state, stopped.reason, stopped.finished) == (AcquisitionState.STOPPED, "Ctrl-C", NOON)
        done = store.finish_acquisition(
            link, manifest(job()), digest("m"), [str(tmp_path / "case" / "images" / "loose")]
        )
        assert (done.state, done.reason) == (AcquisitionState.COMPLETE, None)
        with pytest.raises(CaseError, match="already complete"):
            store.stop_acquisition(link, "too late")


def test_an_acquisition_of_another_case_is_refused(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        with pytest.raises(CaseError, match="another case"):
            store.stop_acquisition(CaseLink("elsewhere", 3), "reason")
        with pytest.raises(CaseError, match="entry 3 of the ledger starts no acquisition"):
            store.stop_acquisition(CaseLink(store.head().ledger_id, 3), "reason")
        assert store.head().size == 3


@pytest.mark.parametrize("name", ["images/JB1/JB1.E01", "images/JB1/JB1", "images/JB1/JB1.raw"])
def test_an_image_is_found_by_any_of_its_names(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = full_case(tmp_path / "case")
    monkeypatch.chdir(case)
    with open_case(case) as store:
        for path in (case / name, Path(name), case / "images" / ".." / name):
            found = store.find_acquisition(path)
            assert found is not None
            assert found.exhibit == "JB1"
        assert store.find_acquisition(case / "images" / "JB1" / "JB1-2.E01") is None


def test_of_two_acquisitions_into_one_path_the_complete_one_is_meant(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        first = store.start_acquisition(job(), None, ["/evidence/one"])
        store.finish_acquisition(first, manifest(job()), digest("m"), ["/evidence/one"])
        store.start_acquisition(job(), None, ["/evidence/one"])
        found = store.find_acquisition(Path("/evidence/one.E01"))
    assert found is not None
    assert found.started_sequence == first.started_sequence


def test_the_next_image_avoids_files_and_what_was_ever_recorded(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        store.add_exhibit(NewExhibit("JB1/1", "a drive"))
        folder = store.folder / "images" / "JB1%2F1"
        assert store.next_image_path("JB1/1") == folder / "JB1%2F1"
        store.start_acquisition(job(), "JB1/1", [str(store.next_image_path("JB1/1"))])
        assert store.next_image_path("JB1/1") == folder / "JB1%2F1-2"
        folder.mkdir()
        (folder / "JB1%2F1-2.E01").touch()
        assert store.next_image_path("JB1/1") == folder / "JB1%2F1-3"
        with pytest.raises(UsageError, match="no exhibit"):
            store.next_image_path("JB2")


def test_a_report_has_an_id_of_its_own(tmp_path: Path) -> None:
    with reopened(full_case(tmp_path / "case")) as store:
        assert store.next_report_id("JB1") == "JB1-R2"
        with pytest.raises(UsageError, match="already issued"):
            store.record_report(NewReport("JB1-R1", "custody", "JB1", NOON, "x.pdf", digest("x"), 13))


def test_a_hundred_thousand_unreadable_ranges_are_recorded_and_come_back(tmp_path: Path) -> None:
    ranges = tuple(SectorRange(3 * number, 2) for number in range(100_000))
    with new_case(tmp_path / "case") as store:
        link = store.start_acquisition(job(), None, ["/evidence/one"])
        done = store.finish_acquisition(link, manifest(job(), ranges), digest("m"), ["/evidence/one"])
    assert done.manifest is not None
    assert done.manifest.read.unreadable == ranges


def test_a_case_opened_for_reading_takes_nothing_in(tmp_path: Path) -> None:
    case = full_case(tmp_path / "case")
    before = (case / "case.db").read_bytes()
    for store in (open_case(case), open_case(case, actor=ACTOR, clock=StillClock(), read_only=True)):
        with store, pytest.raises(CaseError, match="open for reading only"):
            store.add_person(NewPerson("Dana", Role.WITNESS))
    assert (case / "case.db").read_bytes() == before


def test_what_is_no_case_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no case here"):
        open_case(tmp_path)
    (tmp_path / "case.db").write_bytes(b"not a database at all, but long enough to look at" * 50)
    with pytest.raises(CaseError, match="cannot open the case"):
        open_case(tmp_path)
    (tmp_path / "case.db").unlink()
    with closing(sqlite3.connect(tmp_path / "case.db")) as connection:
        connection.execute("CREATE TABLE other (name TEXT)")
    with pytest.raises(CaseError, match="not a case database"):
        open_case(tmp_path)


@pytest.mark.parametrize("writing", [True, False])
def test_a_case_of_a_newer_version_is_refused(tmp_path: Path, writing: bool) -> None:
    case = full_case(tmp_path / "case")
    with closing(sqlite3.connect(case / "case.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(CaseError, match="newer version") as refused:
        reopened(case) if writing else open_case(case)
    assert refused.value.exit_code == 8


def test_a_case_whose_triggers_were_dropped_is_refused(tmp_path: Path) -> None:
    case = full_case(tmp_path / "case")
    with closing(sqlite3.connect(case / "case.db")) as connection:
        connection.execute("DROP TRIGGER entries_refuse_update")
    with pytest.raises(CaseError, match=r"altered.*entries_refuse_update"):
        reopened(case)


def test_an_entry_that_was_altered_is_not_built_upon(tmp_path: Path) -> None:
    case = full_case(tmp_path / "case")
    attack(
        case, "UPDATE entries SET entry = CAST(replace(entry, 'bench-2', 'bench-3') AS BLOB) WHERE sequence = 14"
    )
    with reopened(case) as store, pytest.raises(CaseError, match="entry 14 of the ledger was altered"):
        store.add_person(NewPerson("Late", Role.WITNESS))


def test_what_the_disk_refuses_is_said_to_be_not_recorded(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        fill(store)
        store._connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(CaseError, match=r"not recorded: exhibit 'JB2'.*full"):
            store.add_exhibit(NewExhibit("JB2", "x" * 9_000))
        assert store.head().size == FULL_SIZE


def test_paths_are_taken_as_the_process_sees_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with new_case(Path("case")) as store:
        inside = store.start_acquisition(job(), None, ["case/images/loose"])
        outside = store.start_acquisition(job(), None, ["elsewhere/JB1"])
        assert store.acquisition(inside.started_sequence).paths == ("images/loose",)
        assert store.acquisition(outside.started_sequence).paths == (str(tmp_path.resolve() / "elsewhere" / "JB1"),)
