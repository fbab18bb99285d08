"""What the last event brings into the custody of an exhibit is what was not warned of before it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from casedb.custody import custody_warnings, latest_warnings
from casedb.records import CustodyEvent, CustodyKind, Rehash
from tests.casedb.building import at
from tests.casedb.test_custody import ANNA, BEN, CARA, seized

people = st.none() | st.sampled_from([ANNA, BEN, CARA])
few_words = st.none() | st.sampled_from(["A", "B"])
moments = st.builds(at, st.just(1), st.integers(0, 9))
told = st.builds(
    CustodyEvent,
    sequence=st.just(0),
    exhibit=st.just("JB1"),
    kind=st.sampled_from([kind for kind in CustodyKind if kind is not CustodyKind.REDACTED]),
    at=moments,
    recorded=moments,
    released_by=people,
    received_by=people,
    performed_by=people,
    from_place=few_words,
    to_place=few_words,
    seal_out=few_words,
    seal_in=few_words,
    rehash=st.none() | st.sampled_from(Rehash),
)
withdrawn = st.builds(lambda event: replace(event, withdrawn=True), told)
redacted = st.builds(
    lambda moment: CustodyEvent(0, "JB1", CustodyKind.REDACTED, moment, moment, redacted_by=99), moments
)


@given(st.lists(told | withdrawn | redacted, max_size=8), told)
def test_the_last_event_brings_what_was_not_warned_of_before_it(
    earlier: list[CustodyEvent], latest: CustodyEvent
) -> None:
    events = [replace(event, sequence=number) for number, event in enumerate((*earlier, latest), 10)]
    before = custody_warnings(events[:-1])
    assert latest_warnings(events) == tuple(item for item in custody_warnings(events) if item not in before)


def test_an_event_that_takes_the_exhibit_in_late_warns_of_those_before_it() -> None:
    events = seized().add(CustodyKind.UNSEAL, hour=1).events
    late = replace(events[0], sequence=30, kind=CustodyKind.RECEIVE, at=at(0), received_by=BEN)
    warnings = latest_warnings([*events, late])
    assert [(item.code, item.sequence) for item in warnings] == [
        ("custody-overlap", 10),
        ("custody-told-late", 30),
    ]
