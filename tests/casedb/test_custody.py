"""The rules of custody: who must be named, and what a chain of events leaves open."""

import pytest

from casedb.custody import custody_warnings, require_complete
from casedb.records import CustodyEvent, CustodyKind, Person, Role
from casedb.submissions import NewCustodyEvent
from image.errors import UsageError
from tests.casedb.building import at

ANNA = Person("P2", "Anna", Role.OFFICER)
BEN = Person("P3", "Ben", Role.EXAMINER)
CARA = Person("P4", "Cara", Role.CUSTODIAN)
RECORDED = at(12)
BY_ORDER = {"authority": "Order 4", "method": "shredded"}


class Chain:
    """Events of one exhibit, an hour and an entry apart."""

    def __init__(self) -> None:
        self.events: list[CustodyEvent] = []

    def add(self, kind: CustodyKind, hour: int | None = None, **told: Person | str) -> "Chain":
        """One more event."""
        number = len(self.events)
        moment = at(1 + number if hour is None else hour)
        event = CustodyEvent(number + 10, "JB1", kind, moment, RECORDED, **told)  # type: ignore[arg-type]
        self.events.append(event)
        return self

    def warnings(self) -> list[str]:
        """The warnings, each without the name of its event."""
        return [str(warning).partition(": ")[2] for warning in custody_warnings(self.events)]


def seized() -> Chain:
    """Anna took the exhibit in."""
    return Chain().add(CustodyKind.SEIZE, received_by=ANNA, to_place="Store A", seal_in="S-1")


def test_a_chain_without_gaps_warns_of_nothing() -> None:
    chain = (
        seized()
        .add(CustodyKind.TRANSFER, released_by=ANNA, received_by=BEN, from_place="Store A", to_place="Lab")
        .add(CustodyKind.UNSEAL, seal_out="S-1")
        .add(CustodyKind.ACQUIRE)
        .add(CustodyKind.VERIFY)
        .add(CustodyKind.SEAL, seal_in="S-2")
        .add(CustodyKind.TRANSFER, released_by=BEN, received_by=CARA, seal_out="S-2", seal_in="S-3")
        .add(CustodyKind.RETURN, released_by=CARA)
        .add(CustodyKind.RECEIVE, received_by=ANNA)
        .add(CustodyKind.DISPOSE, released_by=ANNA, witness=BEN)
    )
    assert chain.warnings() == []


def test_no_events_warn_of_nothing() -> None:
    assert custody_warnings([]) == ()


def test_a_warning_names_its_entry_kind_and_time() -> None:
    chain = Chain().add(CustodyKind.ACQUIRE)
    assert tuple(map(str, custody_warnings(chain.events))) == (
        "entry 10 (acquire, 2026-11-22T02:00:00+01:00): nothing is recorded of how the exhibit was taken in before",
    )


@pytest.mark.parametrize(
    ("chain", "warning"),
    [
        (
            seized().add(CustodyKind.TRANSFER, released_by=BEN, received_by=CARA),
            "released by Ben, but Anna held the exhibit",
        ),
        (
            seized().add(CustodyKind.RECEIVE, received_by=BEN),
            "Anna held the exhibit and no release is recorded",
        ),
        (
            seized().add(CustodyKind.RETURN),
            "nobody is named who released the exhibit",
        ),
        (
            Chain().add(CustodyKind.SEIZE),
            "nobody is named who holds the exhibit from here on",
        ),
        (
            Chain().add(CustodyKind.RECEIVE).add(CustodyKind.TRANSFER, released_by=ANNA, received_by=BEN),
            "released by Anna, but nobody was recorded as holding the exhibit",
        ),
        (
            seized().add(CustodyKind.RETURN, released_by=ANNA).add(CustodyKind.ACQUIRE),
            "the exhibit had left custody with entry 11 (return, 2026-11-22T03:00:00+01:00)",
        ),
        (
            seized().add(CustodyKind.TRANSFER, released_by=ANNA, received_by=BEN, from_place="Van"),
            "taken from 'Van', but it was last at 'Store A'",
        ),
        (
            seized().add(CustodyKind.UNSEAL, seal_out="S-9"),
            "seal 'S-9' was taken off, but 'S-1' was put on",
        ),
        (
            seized().add(CustodyKind.UNSEAL, seal_out="S-1").add(CustodyKind.UNSEAL, seal_out="S-2"),
            "seal 'S-2' was taken off, but none is recorded as put on",
        ),
        (
            seized().add(CustodyKind.ACQUIRE),
            "the exhibit was under seal 'S-1', and nothing is recorded of its opening",
        ),
        (
            seized().add(CustodyKind.VERIFY, hour=0),
            "written down late, after entry 10 (seize, 2026-11-22T02:00:00+01:00)",
        ),
        (
            seized().add(CustodyKind.VERIFY, hour=13),
            "is told for 2026-11-22T14:00:00+01:00, but was written down before that, at 2026-11-22T13:00:00+01:00",
        ),
    ],
)
def test_a_gap_or_contradiction_is_a_warning(chain: Chain, warning: str) -> None:
    assert warning in chain.warnings()


def told(kind: CustodyKind, **facts: str | None) -> NewCustodyEvent:
    """An event as a person tells it."""
    return NewCustodyEvent("JB1", kind, at(9), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (told(CustodyKind.TRANSFER), "two named people"),
        (told(CustodyKind.TRANSFER, released_by="P2"), "two named people"),
        (told(CustodyKind.TRANSFER, received_by="P2"), "two named people"),
        (told(CustodyKind.TRANSFER, released_by="P2", received_by="P2"), "two different people"),
        (told(CustodyKind.DISPOSE), "needs a witness"),
        (told(CustodyKind.DISPOSE, witness="P2"), "needs an authority"),
        (told(CustodyKind.DISPOSE, witness="P2", authority="Order 4"), "needs a method"),
        (told(CustodyKind.DISPOSE, witness="P2", **BY_ORDER), "needs somebody who did it"),
        (told(CustodyKind.DISPOSE, released_by="P2", witness="P2", **BY_ORDER), "cannot be the witness"),
        (told(CustodyKind.DISPOSE, performed_by="P2", witness="P2", **BY_ORDER), "cannot be the witness"),
        (told(CustodyKind.REDACTED), "by itself"),
        (told(CustodyKind.ACQUIRE), "by itself"),
        (told(CustodyKind.VERIFY), "by itself"),
    ],
)
def test_an_event_without_those_it_must_name_is_refused(event: NewCustodyEvent, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        require_complete(event)


@pytest.mark.parametrize("kind", [CustodyKind.SEIZE, CustodyKind.RECEIVE, CustodyKind.SEAL, CustodyKind.RETURN])
def test_what_nobody_was_named_for_can_still_be_recorded(kind: CustodyKind) -> None:
    require_complete(told(kind))
