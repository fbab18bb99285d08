"""Any honest custody: the holder is who a simple model says, nothing is warned of, tables equal the ledger."""

import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casedb.custody import custody_warnings, standing_after
from casedb.entry import EntryKind
from casedb.facts import Corrected
from casedb.ledger_check import check_ledger
from casedb.records import CustodyEvent, CustodyKind, Person, Role
from casedb.submissions import NewCustodyEvent
from image.times import Instant
from tests.casedb.building import at, full_case, reopened
from tests.casedb.test_threats import refuses

NAMES = {"P2": "Dana", "P4": "Imran", "P5": "Maud"}
PEOPLE = tuple(Person(number, name, Role.CUSTODIAN) for number, name in NAMES.items())
PLACES = ("Store", "Lab", "Van")


@dataclass
class Model:
    """One exhibit in the plainest words: who has it, where, under which seal, and what was told of it."""

    holder: Person | None = None
    place: str | None = None
    seal: str | None = None
    is_gone: bool = False
    events: list[CustodyEvent] = field(default_factory=list)
    holders: list[Person | None] = field(default_factory=list)

    def tell(self, kind: CustodyKind, **facts: object) -> None:
        """One more event, a minute after the last."""
        number = len(self.events)
        moment = at(1 + number // 60, number % 60)
        event = CustodyEvent(number + 10, "JB1", kind, moment, moment)
        self.events.append(replace(event, **facts))  # type: ignore[arg-type]
        self.holders.append(self.holder)


def take_in(model: Model, person: Person, place: str) -> None:
    """It is seized, or comes back."""
    if model.holder is None and (not model.events or model.is_gone):
        kind = CustodyKind.RECEIVE if model.events else CustodyKind.SEIZE
        model.holder, model.place, model.is_gone = person, place, False
        model.tell(kind, received_by=person, to_place=place)


def hand_on(model: Model, person: Person, place: str) -> None:
    """Who has it gives it to somebody else."""
    if model.holder is not None and person != model.holder:
        giver, left = model.holder, model.place
        model.holder, model.place = person, place
        model.tell(CustodyKind.TRANSFER, released_by=giver, received_by=person, from_place=left, to_place=place)


def give_back(model: Model, _person: Person, _place: str) -> None:
    """It goes back to its owner."""
    if model.holder is not None:
        giver, model.holder, model.is_gone = model.holder, None, True
        model.tell(CustodyKind.RETURN, released_by=giver)


def seal(model: Model, _person: Person, place: str) -> None:
    """It is sealed, or opened."""
    if model.holder is None:
        return
    if model.seal is None:
        model.seal = f"{place}-{len(model.events)}"
        model.tell(CustodyKind.SEAL, performed_by=model.holder, seal_in=model.seal)
    else:
        off, model.seal = model.seal, None
        model.tell(CustodyKind.UNSEAL, performed_by=model.holder, seal_out=off)


def image(model: Model, _person: Person, _place: str) -> None:
    """It is read, if it is open; its images can be read at any time."""
    if model.holder is not None and model.seal is None:
        model.tell(CustodyKind.ACQUIRE)
    model.tell(CustodyKind.VERIFY)


Act = Callable[[Model, Person, str], None]
Steps = list[tuple[Act, Person, str]]
ACTS: tuple[Act, ...] = (take_in, hand_on, give_back, seal, image)
acts = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.sampled_from(PLACES)), max_size=25)
quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


def lived(steps: Steps) -> Model:
    """An exhibit that went through these acts, those that were possible."""
    model = Model()
    for act, person, place in steps:
        act(model, person, place)
    return model


@quick
@given(acts)
def test_who_holds_an_exhibit_is_who_a_simple_model_says_at_any_time(
    steps: Steps,
) -> None:
    model = lived(steps)
    for count, holder in enumerate(model.holders, 1):
        assert standing_after(model.events[:count]).keeper == holder
    if model.events:
        last = standing_after(model.events)
        assert (last.place, last.seal, last.ended_by is not None) == (model.place, model.seal, model.is_gone)


@quick
@given(acts)
def test_an_honest_custody_warns_of_nothing(steps: Steps) -> None:
    events = lived(steps).events
    first = next((place for place, event in enumerate(events) if event.kind is not CustodyKind.VERIFY), 0)
    assert custody_warnings(events[first:]) == ()


@quick
@given(acts, st.randoms())
def test_the_order_in_which_events_are_told_changes_no_holder(steps: Steps, chance: random.Random) -> None:
    model = lived(steps)
    numbers = [event.sequence for event in model.events]
    chance.shuffle(numbers)
    told = [replace(event, sequence=number) for event, number in zip(model.events, numbers, strict=True)]
    chance.shuffle(told)
    assert standing_after(told).keeper == standing_after(model.events).keeper
    codes = {warning.code for warning in custody_warnings(told)}
    assert codes <= {"custody-told-late", "custody-clock-backwards"}


@quick
@given(acts, st.data())
def test_a_wrong_release_is_always_warned_of(steps: Steps, data: st.DataObject) -> None:
    model = lived(steps)
    if model.holder is None:
        return
    stranger = data.draw(st.sampled_from([person for person in PEOPLE if person != model.holder]))
    taker = data.draw(st.sampled_from([person for person in PEOPLE if person != stranger]))
    model.tell(CustodyKind.TRANSFER, released_by=stranger, received_by=taker)
    assert "custody-released-by-other" in {warning.code for warning in custody_warnings(model.events)}


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with people and an exhibit to go on with."""
    return full_case(tmp_path_factory.mktemp("beginning") / "case")


few = settings(quick, max_examples=15)
many = settings(quick, max_examples=500)


@few
@given(acts, st.data())
def test_tables_made_as_events_come_are_those_the_ledger_comes_to(
    beginning: Path, steps: Steps, data: st.DataObject
) -> None:
    live_through(beginning, lived(steps), data)


@pytest.mark.long
@many
@given(acts, st.data())
def test_five_hundred_custodies_with_corrections_and_redactions_are_sound(
    beginning: Path, steps: Steps, data: st.DataObject
) -> None:
    live_through(beginning, lived(steps), data)


def live_through(beginning: Path, model: Model, data: st.DataObject) -> None:
    """Tell a case the events of a model, correct and redact some; the ledger is sound and the answers the same."""
    with tempfile.TemporaryDirectory() as folder:
        case = Path(shutil.copytree(beginning, Path(folder) / "case"))
        with reopened(case) as store:
            told = [store.add_custody(as_told(event))[0].sequence for event in model.events if is_told(event)]
            for sequence in data.draw(st.sets(st.sampled_from(told), max_size=2)) if told else ():
                facts = Corrected(sequence, "left out", {"note": data.draw(st.text(min_size=1, max_size=20))})
                store.correct(facts, (EntryKind.CUSTODY_RECORDED,))
            gone = data.draw(st.sets(st.sampled_from([2, 4, 6, 9, *told]), max_size=3))
            if gone:
                store.redact(sorted(gone), "order", "because")
            record = store.exhibit_record("JB1")
        check = check_ledger(case)
        assert check.is_sound
        assert not refuses(case)
        assert set(check.redacted) == gone
        with reopened(case) as store:
            assert store.exhibit_record("JB1") == record


def is_told(event: CustodyEvent) -> bool:
    """Whether people tell of it; the rest enters by itself."""
    return event.kind not in (CustodyKind.ACQUIRE, CustodyKind.VERIFY)


def as_told(event: CustodyEvent) -> NewCustodyEvent:
    """The event as a person tells it."""
    people = {
        part: person.person_id
        for part in ("released_by", "received_by", "performed_by")
        if (person := getattr(event, part)) is not None
    }
    seals = {"seal_in": event.seal_in, "seal_out": event.seal_out}
    moment: Instant = event.at
    return NewCustodyEvent("JB1", event.kind, moment, **people, **seals)  # type: ignore[arg-type]
