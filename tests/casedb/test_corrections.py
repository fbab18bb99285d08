"""Corrections: new entries, the corrected value shown, the old one still there, nothing updated."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from casedb.entry import EntryKind
from casedb.facts import Corrected
from casedb.ledger_check import check_ledger
from casedb.records import Change, CustodyKind, Role
from casedb.store import CaseStore
from image.errors import UsageError
from tests.casedb.building import at, reopened

EXHIBIT, CASE, PERSON, CUSTODY = (
    (kind,)
    for kind in (
        EntryKind.EXHIBIT_ADDED,
        EntryKind.CASE_CREATED,
        EntryKind.PERSON_ADDED,
        EntryKind.CUSTODY_RECORDED,
    )
)
EXHIBIT_ENTRY, SEIZE_ENTRY, TRANSFER_ENTRY = 6, 7, 8


def ledger_rows(case: Path) -> list[tuple[object, ...]]:
    """Everything that must never change."""
    with closing(sqlite3.connect(case / "case.db")) as connection:
        sql = "SELECT entry, payload FROM entries JOIN payloads USING (sequence) ORDER BY sequence"
        return connection.execute(sql).fetchall()


def test_a_corrected_exhibit_shows_the_right_value_and_keeps_the_wrong_one(case: Path) -> None:
    before = ledger_rows(case)
    with reopened(case) as store:
        entry = store.correct(Corrected(EXHIBIT_ENTRY, "misread", {"serial": "WL1AB2C8"}), EXHIBIT)
        exhibit = store.exhibit("JB1")
    (told,) = exhibit.corrections
    assert exhibit.serial == "WL1AB2C8"
    assert (told.sequence, told.amends, told.reason, told.recorded_by) == (
        entry,
        EXHIBIT_ENTRY,
        "misread",
        "dreyes",
    )
    assert told.changes == (Change("serial", "WL1AB2C3", "WL1AB2C8"),)
    assert ledger_rows(case)[: len(before)] == before
    assert check_ledger(case).findings == ()


def test_a_second_correction_stands_over_the_first(case: Path) -> None:
    with reopened(case) as store:
        store.correct(Corrected(EXHIBIT_ENTRY, "misread", {"serial": "X"}), EXHIBIT)
        store.correct(Corrected(EXHIBIT_ENTRY, "misread again", {"serial": None, "make": "WD"}), EXHIBIT)
        exhibit = store.exhibit("JB1")
    assert (exhibit.serial, exhibit.make) == (None, "WD")
    assert exhibit.corrections[1].changes == (Change("make", None, "WD"), Change("serial", "X", None))


def test_a_corrected_event_has_its_people_by_name_and_its_time(case: Path) -> None:
    with reopened(case) as store:
        facts = Corrected(SEIZE_ENTRY, "it was Maud", {"received_by": "Maud Okafor"}, at(6, 30))
        store.correct(facts, CUSTODY)
        event = store.custody("JB1")[0]
    assert event.received_by is not None
    assert (event.received_by.name, event.at) == ("Maud Okafor", at(6, 30))
    assert event.corrections[0].changes == (
        Change("received_by", "Imran Hale (P4)", "Maud Okafor (P5)"),
        Change("at", str(at(7)), str(at(6, 30))),
    )


def test_somebody_new_is_named_in_the_same_transaction(case: Path) -> None:
    with reopened(case) as store:
        facts = Corrected(SEIZE_ENTRY, "it was somebody else", {"received_by": "New Face"})
        store.correct(facts, CUSTODY, {"received_by": Role.OFFICER})
        assert store.known_person("New Face").role is Role.OFFICER
        with pytest.raises(UsageError, match="nobody called"):
            store.correct(Corrected(SEIZE_ENTRY, "again", {"witness": "Nobody"}), CUSTODY)
    assert check_ledger(case).findings == ()


def test_a_withdrawn_event_is_seen_and_counts_for_nothing(case: Path) -> None:
    with reopened(case) as store:
        store.correct(Corrected(TRANSFER_ENTRY, "it was another exhibit", {"withdrawn": "yes"}), CUSTODY)
        record = store.exhibit_record("JB1")
        told = store.custody("JB1")
    assert [event.withdrawn for event in told][:2] == [False, True]
    assert [event.sequence for event in record.withdrawn] == [TRANSFER_ENTRY]
    assert TRANSFER_ENTRY not in [event.sequence for event in record.custody]
    assert record.standing.keeper is not None
    assert record.standing.keeper.name == "Imran Hale"


def test_case_and_people_are_corrected_too(case: Path) -> None:
    with reopened(case) as store:
        facts = Corrected(store.case_sequence(), "handed on", {"examiner": "Maud Okafor", "title": "R v. Other"})
        store.correct(facts, CASE)
        store.correct(Corrected(5, "married", {"name": "Maud Hale"}), PERSON)
        told = store.case()
    assert (told.title, told.examiner.name, told.examiner.person_id) == ("R v. Other", "Maud Hale", "P5")
    assert Change("examiner", "Dana Reyes (P2)", "Maud Hale (P5)") in told.corrections[0].changes


@pytest.mark.parametrize(
    ("facts", "kinds", "message"),
    [
        (Corrected(EXHIBIT_ENTRY, "x", {"reference": "JB2"}), EXHIBIT, "reference .* cannot be corrected"),
        (Corrected(EXHIBIT_ENTRY, "x", {"description": None}), EXHIBIT, "description cannot be empty"),
        (Corrected(EXHIBIT_ENTRY, "x", {"serial": "WL1AB2C3"}), EXHIBIT, "says already"),
        (Corrected(EXHIBIT_ENTRY, "x", {"parent": "JB1"}), EXHIBIT, "part of itself"),
        (Corrected(EXHIBIT_ENTRY, "x", {"parent": "JB7"}), EXHIBIT, "no exhibit"),
        (Corrected(EXHIBIT_ENTRY, "x", {}), EXHIBIT, "nothing to correct"),
        (Corrected(EXHIBIT_ENTRY, " ", {"serial": "1"}), EXHIBIT, "reason cannot be empty"),
        (Corrected(EXHIBIT_ENTRY, "x", {"serial": "1"}, at(1)), EXHIBIT, "tells no time"),
        (Corrected(SEIZE_ENTRY, "x", {"serial": "1"}), EXHIBIT, "is of type custody-recorded"),
        (Corrected(9, "x", {"note": "1"}), CUSTODY, "is of type acquisition-started"),
        (Corrected(99, "x", {"note": "1"}), CUSTODY, "no such entry"),
        (Corrected(0, "x", {"note": "1"}), CUSTODY, "no such entry"),
        (Corrected(TRANSFER_ENTRY, "x", {"received_by": None}), CUSTODY, "two named people"),
        (Corrected(TRANSFER_ENTRY, "x", {"received_by": "Imran Hale"}), CUSTODY, "two different people"),
        (Corrected(TRANSFER_ENTRY, "x", {"kind": "dispose"}), CUSTODY, "needs a witness"),
        (Corrected(TRANSFER_ENTRY, "x", {"kind": "lose"}), CUSTODY, "is no kind"),
        (Corrected(TRANSFER_ENTRY, "x", {"verification": "9"}), CUSTODY, "no verification of exhibit"),
        (Corrected(4, "x", {"role": "judge"}), PERSON, "is no role"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    case: Path, facts: Corrected, kinds: tuple[EntryKind], message: str
) -> None:
    with reopened(case) as store:
        before = store.head()
        with pytest.raises(UsageError, match=message):
            store.correct(facts, kinds)
        assert store.head() == before


def test_a_correction_is_not_corrected_but_what_it_amends(case: Path) -> None:
    with reopened(case) as store:
        entry = store.correct(Corrected(EXHIBIT_ENTRY, "misread", {"serial": "X"}), EXHIBIT)
        with pytest.raises(UsageError, match="is of type corrected"):
            store.correct(Corrected(entry, "misread", {"serial": "Y"}), EXHIBIT)


def test_an_event_told_before_more_was_demanded_can_still_be_corrected(case: Path) -> None:
    with reopened(case) as store:
        seal_in = store.custody("JB1")[1].seal_in
        store.correct(Corrected(TRANSFER_ENTRY, "left out", {"seal_in": "K-1"}), CUSTODY)
        assert (seal_in, _seal(store)) == (None, "K-1")


def _seal(store: CaseStore) -> str | None:
    """The seal that the transfer put on."""
    return next(event.seal_in for event in store.custody("JB1") if event.kind is CustodyKind.TRANSFER)
