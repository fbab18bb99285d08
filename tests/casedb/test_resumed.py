"""An acquisition that goes on after it was stopped, as the ledger tells it."""

from dataclasses import replace
from pathlib import Path

import pytest

from casedb.intake import AcquisitionResumed
from casedb.ledger_check import check_ledger
from casedb.records import AcquisitionState, CustodyKind
from casedb.store import CaseStore
from casedb.submissions import NewExhibit
from image.errors import CaseError
from image.job import CaseLink
from tests.casedb.building import at, digest, job, manifest, new_case

RESUMED = AcquisitionResumed(0, at(10), 1024, "/dev/sdc", ("/evidence/JB1",), "stopped by the operator")


def begun(store: CaseStore) -> CaseLink:
    """An acquisition of exhibit JB1 that was stopped."""
    store.add_exhibit(NewExhibit("JB1", "Internal drive"))
    link = store.start_acquisition(job(), "JB1", ("/evidence/JB1",))
    store.stop_acquisition(link, "stopped by the operator")
    return link


def test_a_resumed_acquisition_has_not_ended_until_it_ends_again(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        link = begun(store)
        resumed = store.resume_acquisition(link, RESUMED)
        assert (resumed.state, resumed.reason, resumed.finished) == (AcquisitionState.STARTED, None, None)
        assert store.stop_acquisition(link, "again").state is AcquisitionState.STOPPED
        store.resume_acquisition(link, RESUMED)
        ended = store.finish_acquisition(link, manifest(job()), digest("manifest"), ("/evidence/JB1",))
        assert ended.state is AcquisitionState.COMPLETE
        assert store.last_outputs("JB1") == (Path("/evidence/JB1"),)
    assert check_ledger(tmp_path / "case").is_sound


def test_each_resumption_is_an_event_in_the_custody_of_the_exhibit(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        store.resume_acquisition(begun(store), RESUMED)
        events = [item for item in store.custody("JB1") if item.kind is CustodyKind.ACQUIRE]
    assert len(events) == 2
    assert events[1].note is not None
    assert events[1].note.startswith("resumed at sector 1024: read from /dev/sdc into /evidence/JB1")


def test_a_complete_acquisition_is_not_resumed(tmp_path: Path) -> None:
    with new_case(tmp_path / "case") as store:
        link = begun(store)
        store.finish_acquisition(link, manifest(job()), digest("manifest"), ("/evidence/JB1",))
        with pytest.raises(CaseError, match="already complete"):
            store.resume_acquisition(link, RESUMED)
        with pytest.raises(CaseError, match="another case"):
            store.resume_acquisition(replace(link, ledger_id="other"), RESUMED)
