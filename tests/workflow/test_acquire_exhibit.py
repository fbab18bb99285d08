"""An acquisition from preflight to verification, with what may go wrong on the way."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from acquire.result import OutputState
from casedb.ledger_check import check_ledger
from casedb.records import AcquisitionState, Role
from casedb.store import open_case
from casedb.submissions import NewCase, NewExhibit, NewPerson
from image.errors import CaseError, DestinationError, SourceError, StoppedError
from image.progress import Progress, ignore_progress
from verify.verdict import Verdict
from workflow.acquire_exhibit import acquire_exhibit
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired
from workflow.add_exhibit import add_exhibit
from workflow.clock import SystemClock
from workflow.create_case import open_new_case
from workflow.laboratory import Laboratory
from workflow.ready_job import Hands

CLOCK = SystemClock()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two MiB of numbered sectors."""
    path = tmp_path / "disk.img"
    path.write_bytes(b"".join(index.to_bytes(4, "big") * 128 for index in range(4096)))
    return path


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with the exhibit JB1."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    folder = tmp_path / "case"
    open_new_case(folder, NewCase("2026-17", NewPerson("A. Doe", Role.EXAMINER)), CLOCK)
    add_exhibit(folder, NewExhibit("JB1", "a disk"), CLOCK)
    return folder


def _acquire(
    order: AcquisitionOrder,
    listener: Callable[[Progress], None] = ignore_progress,
    stop: threading.Event | None = None,
) -> ExhibitAcquired:
    hands = Hands(CLOCK, listener, stop or threading.Event(), lambda _: None)
    return acquire_exhibit(order, Laboratory(), hands)


def _order(source: Path, case: Path | None = None, *outputs: Path) -> AcquisitionOrder:
    exhibit = "JB1" if case else None
    return AcquisitionOrder(str(source), outputs, case, exhibit, second_opinion=False)


def test_every_step_of_an_exhibit_is_in_the_ledger(source: Path, case: Path) -> None:
    acquired = _acquire(_order(source, case))
    assert acquired.errors == ()
    with open_case(case, read_only=True) as store:
        record = store.exhibit_record("JB1")
    [acquisition], [verification] = record.acquisitions, record.verifications
    assert acquisition.state is AcquisitionState.COMPLETE
    assert acquisition.manifest == acquired.result.manifest
    assert verification.acquisition == acquisition.started_sequence
    assert verification.result.verdict is Verdict.PASSED
    assert acquired.job.case.examiner == "A. Doe"
    assert check_ledger(case).is_sound


def test_a_second_image_stands_beside_the_first(source: Path, case: Path) -> None:
    paths = [_acquire(_order(source, case)).result.outputs[0].path for _ in range(2)]
    folder = case / "images" / "JB1"
    assert paths == [folder / "JB1", folder / "JB1-2"]


def test_an_image_whose_end_cannot_be_recorded_stays_partial(source: Path, case: Path) -> None:
    def break_case(_: Progress) -> None:
        with sqlite3.connect(case / "case.db") as database:
            database.execute("DROP TABLE IF EXISTS payloads")
        database.close()

    acquired = _acquire(_order(source, case), break_case)
    [error] = acquired.errors
    assert isinstance(error, CaseError)
    assert [output.state for output in acquired.result.outputs] == [OutputState.PARTIAL]
    names = {item.name for item in (case / "images" / "JB1").iterdir()}
    assert "JB1.manifest.json.partial" in names
    assert not names & {"JB1.manifest.json", "JB1.txt", "JB1.verification.json"}


def test_a_stop_during_verification_leaves_a_whole_image_without_a_verdict(source: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def stop_at_verification(progress: Progress) -> None:
        if progress.stage == "acquire" and progress.bytes_done == progress.bytes_total:
            stop.set()

    acquired = _acquire(_order(source, None, tmp_path / "JB1"), stop_at_verification, stop)
    [error] = acquired.errors
    assert isinstance(error, StoppedError)
    assert [output.state for output in acquired.result.outputs] == [OutputState.COMPLETE]
    assert acquired.verifications[0].result is None
    assert (tmp_path / "JB1.manifest.json").exists()
    assert not (tmp_path / "JB1.verification.json").exists()
    assert "JB1" in (tmp_path / "JB1.txt").read_text()


def test_a_stopped_acquisition_tells_the_ledger_why(source: Path, case: Path) -> None:
    stop = threading.Event()
    stop.set()
    acquired = _acquire(_order(source, case), stop=stop)
    assert acquired.result.stopped
    with open_case(case, read_only=True) as store:
        [acquisition] = store.exhibit_record("JB1").acquisitions
    assert acquisition.state is AcquisitionState.STOPPED
    assert "operator" in (acquisition.reason or "")


@pytest.mark.parametrize(("name", "kind"), [("absent.img", SourceError), ("disk.img", DestinationError)])
def test_what_cannot_begin_leaves_no_entry(source: Path, case: Path, name: str, kind: type[Exception]) -> None:
    before = check_ledger(case).entry_count
    order = AcquisitionOrder(str(source.with_name(name)), (case / "absent" / "JB1",), case, "JB1")
    with pytest.raises(kind):
        _acquire(order)
    assert check_ledger(case).entry_count == before


def test_an_output_of_a_case_is_recorded_without_an_exhibit(source: Path, case: Path, tmp_path: Path) -> None:
    order = AcquisitionOrder(str(source), (tmp_path / "loose",), case, None, second_opinion=False)
    acquired = _acquire(order)
    with open_case(case, read_only=True) as store:
        acquisition = store.find_acquisition(tmp_path / "loose.E01")
    assert acquisition is not None
    assert (acquisition.exhibit, acquisition.manifest) == (None, acquired.result.manifest)
