"""Any honest history: the tables are what the ledger comes to, and what was told is what is answered."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casedb.ledger_check import check_ledger
from casedb.records import CustodyKind, Role
from casedb.store import CaseStore
from casedb.submissions import NewCustodyEvent, NewExhibit, NewPerson
from image.errors import UsageError
from image.sectors import SectorRange
from tests.casedb.building import at, digest, full_case, job, manifest, reopened, verification
from tests.casedb.importing import attach, import_image, relocate
from tests.casedb.test_threats import refuses

texts = st.text(st.characters(), min_size=1, max_size=30)
people = st.sampled_from(["P2", "P4", "P5", "Dana Reyes", "Nobody"])
exhibits = st.sampled_from(["JB1", "JB1/1", "\u00c4-2"])

Step = Callable[[CaseStore], object]


def add_person(name: str, role: Role) -> Step:
    """Somebody is named."""
    return lambda store: store.add_person(NewPerson(name, role))


def add_exhibit(reference: str, description: str) -> Step:
    """A thing comes in."""
    return lambda store: store.add_exhibit(NewExhibit(reference, description))


def add_custody(event: NewCustodyEvent) -> Step:
    """Something happens to it."""
    return lambda store: store.add_custody(event)


def acquire(exhibit: str, model: str, ranges: list[SectorRange], end: str) -> Step:
    """It is imaged, to the end or not."""

    def step(store: CaseStore) -> None:
        path = str(store.next_image_path(exhibit))
        link = store.start_acquisition(job(model), exhibit, (path,))
        if end == "stopped":
            store.stop_acquisition(link, model)
        if end != "started":
            store.finish_acquisition(link, manifest(job(model), ranges), digest(model), (path,))

    return step


def verify(exhibit: str, path: str, codes: list[str]) -> Step:
    """An image is verified."""
    return lambda store: store.record_verification(verification(path, *codes), exhibit, None)


def crash(step: Step, statements: int) -> Step:
    """Another process takes the step and is killed at its so-manieth SQL statement, or comes to its end."""

    def dying(store: CaseStore) -> None:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            return
        try:
            with reopened(store.folder) as own:
                own._connection.set_trace_callback(killing_after(statements))
                step(own)
        finally:
            os._exit(0)

    return dying


def killing_after(statements: int) -> Callable[[str], None]:
    """What SQLite calls with each statement: nothing, then kill -9."""
    left = iter(range(statements))

    def count(_statement: str) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    return count


ranges = st.lists(st.builds(SectorRange, st.integers(0, 2**40), st.integers(1, 2**40)), max_size=3)
codes = st.lists(st.sampled_from(["segment-digest", "segment-missing", "media-all-zeros"]), max_size=2)
events = st.builds(
    NewCustodyEvent,
    exhibit=exhibits,
    kind=st.sampled_from(CustodyKind),
    at=st.builds(at, st.integers(0, 23), st.integers(0, 59)),
    released_by=st.none() | people,
    received_by=st.none() | people,
    witness=st.none() | people,
    seal_in=st.none() | texts,
    seal_out=st.none() | texts,
    note=st.none() | texts,
)
told = st.one_of(
    st.builds(add_person, texts, st.sampled_from(Role)),
    st.builds(add_exhibit, exhibits, texts),
    st.builds(add_custody, events),
    st.builds(acquire, exhibits, texts, ranges, st.sampled_from(["started", "stopped", "done"])),
    st.builds(verify, exhibits, texts, codes),
    st.builds(import_image, exhibits, texts, texts, is_ours=st.booleans()),
    st.builds(relocate, st.integers(0, 5), texts),
    st.builds(attach, exhibits, texts, st.none() | st.integers(0, 20)),
)

steps = told | st.builds(crash, told, st.integers(1, 60))
histories = st.lists(steps, max_size=12)
few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(few, max_examples=1000)


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with people and an exhibit to go on with."""
    return full_case(tmp_path_factory.mktemp("beginning") / "case")


@few
@given(histories)
def test_any_history_is_sound_and_what_was_refused_left_nothing(beginning: Path, history: list[Step]) -> None:
    check_history(beginning, history)


@pytest.mark.long
@many
@given(histories)
def test_a_thousand_histories_raise_no_false_alarm(beginning: Path, history: list[Step]) -> None:
    check_history(beginning, history)


def check_history(beginning: Path, history: list[Step]) -> None:
    """Live through a history; then the ledger is sound and still gives the same answers."""
    with tempfile.TemporaryDirectory() as folder:
        case = Path(shutil.copytree(beginning, Path(folder) / "case"))
        with reopened(case) as store:
            for step in history:
                take(store, step)
            answers = [store.exhibit_record(item.reference) for item in store.exhibits()]
        check = check_ledger(case)
        assert check.findings == ()
        assert not refuses(case)
        with reopened(case) as store:
            assert [store.exhibit_record(item.reference) for item in store.exhibits()] == answers
            assert store.head().size == check.entry_count


def take(store: CaseStore, step: Step) -> None:
    """Take one step; one that is refused may not change anything."""
    before = store.head()
    try:
        step(store)
    except UsageError:
        after = store.head()
    else:
        return
    assert after == before
