"""Redaction: what an entry said is gone from the file, the ledger is sound and says so, and all still reads."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from casedb.entry import EntryKind
from casedb.facts import CaseReopened, Corrected, Redacted
from casedb.ledger_check import check_ledger
from casedb.records import AcquisitionState, CustodyKind, Role
from casedb.redactable import REDACTABLE
from casedb.redaction import compact
from casedb.store import open_case
from casedb.submissions import NewCustodyEvent, NewPerson
from image.errors import CaseError, UsageError
from tests.casedb.building import FULL_SIZE, at, attack, reopened
from tests.house.sources import ROOT

EXAMINER, CASE, OFFICER, EXHIBIT, SEIZE, STARTED, FINISHED, VERIFIED, REPORT = 2, 3, 4, 6, 7, 9, 10, 11, 14
SECRET, PHONE, EMAIL = "Quentin Zweig-Unmistakable", "+44 7700 900461", "qz@witness.example"


def redact(case: Path, *entries: int) -> None:
    """Take the payloads of these entries away."""
    with reopened(case) as store:
        store.redact(entries, "Crown Court, 4 May 2026", "protected witness")


def findings(case: Path) -> set[str]:
    """The codes of what `ledger verify` finds."""
    return {item.finding.code for item in check_ledger(case).findings}


def test_the_ledger_stays_sound_and_says_what_was_taken_away(case: Path) -> None:
    redact(case, OFFICER)
    check = check_ledger(case)
    assert check.is_sound
    assert check.redacted == (OFFICER,)
    assert findings(case) == {"ledger-payload-redacted"}


def test_no_byte_of_it_is_left_in_the_file(case: Path) -> None:
    with reopened(case) as store:
        details = NewPerson(
            SECRET, Role.WITNESS, "BADGE-7731-X", phone="+44 7700 900461", email="qz@witness.example"
        )
        person = store.add_person(details)
        for hour in range(8):
            event = NewCustodyEvent(
                "JB1", CustodyKind.SEAL, at(hour), performed_by=person.person_id, note="x" * 3000
            )
            store.add_custody(event)
    assert SECRET.encode() in (case / "case.db").read_bytes()
    redact(case, int(person.person_id[1:]))
    left = (case / "case.db").read_bytes()
    for text in (SECRET, "BADGE-7731-X", PHONE, EMAIL):
        assert text.encode() not in left
    assert not list(case.glob("case.db-*"))


@pytest.mark.parametrize("entry", [CASE, OFFICER, EXHIBIT, SEIZE, STARTED, FINISHED, VERIFIED, 13, REPORT])
def test_the_record_reads_without_any_one_entry(case: Path, entry: int) -> None:
    redact(case, entry)
    with open_case(case) as store:
        record = store.exhibit_record("JB1")
        assert store.exhibits() == (record.exhibit,)
        assert len(store.people()) == 3
    assert [item.redacted_sequence for item in record.redactions] in ([entry], [])
    assert check_ledger(case).is_sound


def test_the_record_reads_without_all_of_them_and_can_be_added_to(case: Path) -> None:
    redact(case, *(number for number in range(2, FULL_SIZE + 1)))
    with reopened(case) as store:
        record = store.exhibit_record("JB1")
        assert record.case.number == f"redacted by order, entry {FULL_SIZE + 2}"
        assert record.case.examiner.person_id == ""
        assert {event.kind for event in record.custody} == {CustodyKind.REDACTED}
        assert len(record.custody) == 2
        assert store.next_report_id("JB1") == "JB1-R2"
        store.add_custody(NewCustodyEvent("JB1", CustodyKind.RECEIVE, at(11), received_by="P4"))
    assert check_ledger(case).is_sound


def test_a_redacted_examiner_is_named_by_the_entry_that_says_so(case: Path) -> None:
    redact(case, EXAMINER)
    with reopened(case) as store:
        examiner = store.case().examiner
        transfer = store.custody("JB1")[1]
        assert store.person("Dana Reyes") is None
        assert store.person("P2") == examiner
        assert store.person(examiner.name) is None
    said = f"redacted by order, entry {FULL_SIZE + 1}"
    assert (examiner.name, examiner.role, examiner.redacted_by) == (said, None, FULL_SIZE + 1)
    assert transfer.received_by == examiner


def test_a_redacted_exhibit_keeps_its_reference_alone(case: Path) -> None:
    redact(case, EXHIBIT)
    with reopened(case) as store:
        exhibit = store.exhibit("JB1")
        assert (exhibit.reference, exhibit.serial) == ("JB1", None)
        assert exhibit.description.startswith("redacted by order")
        kinds = (EntryKind.EXHIBIT_ADDED,)
        store.correct(Corrected(EXHIBIT, "what may be said", {"description": "a drive"}), kinds)
        assert store.exhibit("JB1").description == "a drive"


def test_a_redacted_event_leaves_a_warning_and_an_uncertain_standing(case: Path) -> None:
    redact(case, SEIZE)
    with open_case(case) as store:
        record = store.exhibit_record("JB1")
    assert record.custody[0].kind is CustodyKind.REDACTED
    assert record.custody_warnings[0].code == "custody-redacted"
    assert "custody-released-by-other" not in {item.code for item in record.custody_warnings}


def test_an_acquisition_whose_end_was_redacted_is_not_called_unfinished(case: Path) -> None:
    redact(case, FINISHED)
    with reopened(case) as store:
        (acquisition,) = store.exhibit_record("JB1").acquisitions
        assert (acquisition.state, acquisition.manifest) == (AcquisitionState.REDACTED, None)
        assert acquisition.reason == f"redacted by order, entry {FULL_SIZE + 1}"


def test_the_image_of_a_redacted_acquisition_is_not_known_any_more(case: Path) -> None:
    with open_case(case) as store:
        image = case / store.exhibit_record("JB1").acquisitions[0].paths[0]
    redact(case, STARTED)
    with open_case(case) as store:
        assert store.find_acquisition(image) is None
        assert store.exhibit_record("JB1").acquisitions == ()


def test_a_redacted_correction_is_still_said_to_have_been_one(case: Path) -> None:
    with reopened(case) as store:
        entry = store.correct(Corrected(EXHIBIT, "x", {"serial": SECRET}), (EntryKind.EXHIBIT_ADDED,))
    redact(case, entry)
    with open_case(case) as store:
        exhibit = store.exhibit("JB1")
    assert SECRET.encode() not in (case / "case.db").read_bytes()
    (correction,) = exhibit.corrections
    assert (correction.sequence, correction.redacted_by, correction.changes) == (entry, entry + 1, ())


def test_other_entries_that_hold_the_same_name_are_told(case: Path) -> None:
    with reopened(case) as store:
        plan = store.plan_redaction([EXAMINER])
    assert STARTED in plan.also_held_by
    assert OFFICER not in plan.also_held_by


@pytest.mark.parametrize("entry", [1, 0, FULL_SIZE + 1, 2**70])
def test_what_holds_the_record_together_cannot_be_taken_away(case: Path, entry: int) -> None:
    redact(case, OFFICER)
    before = (case / "case.db").read_bytes()
    with reopened(case) as store, pytest.raises(UsageError):
        store.redact([EXHIBIT, entry], "order", "reason")
    assert (case / "case.db").read_bytes() == before


def test_nothing_is_redacted_twice(case: Path) -> None:
    redact(case, OFFICER)
    with reopened(case) as store, pytest.raises(UsageError, match="redacted by order, entry 15"):
        store.redact([OFFICER], "order", "reason")


def test_an_altered_payload_is_not_taken_away_as_evidence_of_it(case: Path) -> None:
    attack(case, f"UPDATE payloads SET payload = zeroblob(40) WHERE sequence = {OFFICER}")
    with reopened(case) as store, pytest.raises(CaseError, match="altered"):
        store.redact([OFFICER], "order", "reason")


def test_every_kind_of_entry_is_one_that_may_go_or_one_that_holds_the_record() -> None:
    holds = {
        EntryKind.LEDGER_OPENED,
        EntryKind.SCHEMA_MIGRATED,
        EntryKind.REDACTED,
        EntryKind.KEY_ADDED,
        EntryKind.KEY_ROTATED,
        EntryKind.CASE_CLOSED,
        EntryKind.CASE_REOPENED,
        *(kind for kind in EntryKind if kind.value in ("timestamp-recorded", "checkpoint-cosigned")),
    }
    assert set(EntryKind) == REDACTABLE | holds


def test_a_redaction_of_a_redaction_is_found(case: Path) -> None:
    redact(case, OFFICER)
    with reopened(case) as store, store._recording("an attack") as ledger:  # with the real key
        ledger.append(EntryKind.REDACTED, Redacted(15, "nobody", "to hide who ordered the first"))
    attack(case, "DELETE FROM payloads WHERE sequence = 15", "DELETE FROM redactions WHERE sequence = 15")
    check = check_ledger(case)
    assert "ledger-payload-missing" in {item.finding.code for item in check.failures}
    assert check.first_bad_entry == OFFICER


def test_the_bundle_of_a_redacted_ledger_checks_without_our_code(case: Path, tmp_path: Path) -> None:
    redact(case, EXAMINER, EXHIBIT, SEIZE)
    with open_case(case) as store:
        store.export_ledger(tmp_path / "bundle")
    text = (tmp_path / "bundle" / "entries.jsonl").read_text(encoding="utf-8")
    gone = [json.loads(line)["sequence"] for line in text.splitlines() if json.loads(line)["payload"] is None]
    assert gone == [EXAMINER, EXHIBIT, SEIZE]
    words = [sys.executable, str(ROOT / "tools" / "verify_ledger.py"), str(tmp_path / "bundle")]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    assert result.returncode == 7, result.stdout
    assert "Entry 2: payload redacted by entry 15" in result.stdout


def test_a_redaction_of_what_holds_the_record_is_found_by_both_verifiers(case: Path, tmp_path: Path) -> None:
    with reopened(case) as store:
        store.close_case()
        with store._recording("an attack") as ledger:  # with the real key
            ledger.append(EntryKind.CASE_REOPENED, CaseReopened("appeal"))
            ledger.append(EntryKind.REDACTED, Redacted(15, "nobody", "it was never closed"))
    gone = "DELETE FROM {} WHERE sequence = 15"
    attack(case, gone.format("payloads"), gone.format("case_closings"))
    check = check_ledger(case)
    assert {item.finding.code for item in check.failures} == {"ledger-payload-missing"}
    with open_case(case) as store:
        store.export_ledger(tmp_path / "bundle")
    words = [sys.executable, str(ROOT / "tools" / "verify_ledger.py"), str(tmp_path / "bundle")]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (result.returncode, "entry 15 is gone" in result.stdout) == (8, True)


def test_a_crash_before_the_end_takes_nothing_away(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casedb.amendment_writer.take_away", _fails)
    with reopened(case) as store, pytest.raises(CaseError, match="not recorded"):
        store.redact([OFFICER], "order", "reason")
    assert check_ledger(case).findings == ()
    with open_case(case) as store:
        assert store.head().size == FULL_SIZE


def _fails(*_arguments: object) -> None:
    """The disk is gone."""
    raise sqlite3.OperationalError("disk I/O error")


def test_a_file_that_cannot_be_written_anew_is_told(case: Path) -> None:
    with (
        closing(sqlite3.connect(case / "case.db", isolation_level=None)) as reader,
        closing(sqlite3.connect(case / "case.db", timeout=0.1, isolation_level=None)) as writer,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchone()
        complaint = compact(writer, case / "case.db", case / "case.lock")
    assert complaint is not None
    assert "pieces of the payload may be left in case.db" in complaint
    with closing(sqlite3.connect(case / "case.db", isolation_level=None)) as later:
        later.execute("VACUUM")
    assert check_ledger(case).findings == ()


def test_a_copy_made_before_is_not_reached_and_is_an_older_state(case: Path, tmp_path: Path) -> None:
    before = Path(shutil.copytree(case, tmp_path / "before"))
    redact(case, OFFICER)
    assert b"Imran Hale" in (before / "case.db").read_bytes()
    shutil.copytree(case / "checkpoints", before / "checkpoints", dirs_exist_ok=True)
    assert "ledger-shortened" in findings(before)
