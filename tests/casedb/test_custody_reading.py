"""Custody as it is read for one exhibit: nothing of the others is read with it."""

from dataclasses import replace
from pathlib import Path

from casedb.records import CustodyKind
from casedb.store import CaseStore
from casedb.submissions import NewCustodyEvent, NewExhibit
from image.job import ClockFacts
from tests.casedb.building import at, full_case, reopened

SEALED = NewCustodyEvent("JB1", CustodyKind.SEAL, at(9), seal_in="S1", clock=ClockFacts(offset_ms=250))


def rows_read(store: CaseStore, event: NewCustodyEvent) -> int:
    """How many rows SQLite steps through to record one event, less the tree's, of which there are some more."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    store._connection.set_progress_handler(step, 1)
    store.add_custody(event)
    store._connection.set_progress_handler(None, 1)
    return steps


def test_the_clocks_of_an_event_are_told_with_it(tmp_path: Path) -> None:
    with reopened(full_case(tmp_path / "case")) as store:
        event, _ = store.add_custody(SEALED)
        assert event.clock == SEALED.clock
        assert [item.clock for item in store.custody("JB1")][-1] == SEALED.clock


def test_recording_an_event_costs_no_more_for_the_events_of_other_exhibits(tmp_path: Path) -> None:
    with reopened(full_case(tmp_path / "case")) as store:
        store.add_exhibit(NewExhibit("JB2", "another"))
        before = rows_read(store, SEALED)
        for _ in range(50):
            store.add_custody(replace(SEALED, exhibit="JB2"))
        assert rows_read(store, SEALED) < before * 1.2
