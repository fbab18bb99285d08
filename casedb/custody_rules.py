"""The rules of custody as a table: what each warning looks at, and how it says it. Pure.

A rule sees one event and how things stood before it; a late rule sees all events. The meaning of every code stands
in custody_warnings.toml.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from casedb.custody_terms import HANDLES, HANDS_ON, OF_IMAGES, TAKES_IN, event_name, holder_from
from casedb.records import CustodyEvent, CustodyKind, Person, Rehash, Standing, redacted_text


@dataclass(frozen=True)
class Seen:
    """An event, how things stood before it, and the first event that took the exhibit in, if any did."""

    event: CustodyEvent
    before: Standing
    intake: CustodyEvent | None

    @property
    def is_of_exhibit(self) -> bool:
        """Whether the event is about the exhibit itself, and tells something."""
        return self.event.kind not in OF_IMAGES | {CustodyKind.REDACTED}

    @property
    def takes_in(self) -> bool:
        """Whether the exhibit comes into custody by it."""
        return self.event.kind in TAKES_IN

    @property
    def releaser(self) -> Person | None:
        """Who let the exhibit go."""
        done_by = self.event.performed_by if self.event.kind in HANDS_ON else None
        return self.event.released_by or done_by


@dataclass(frozen=True)
class Rule:
    """One warning about one event: what it says, where there is something to say."""

    code: str
    told: Callable[[Seen], Iterable[str]]


@dataclass(frozen=True)
class LateRule:
    """One warning about the order in which events were written down."""

    code: str
    told: Callable[[Sequence[CustodyEvent]], Iterable[tuple[CustodyEvent, str]]]


def _redacted(seen: Seen) -> Iterable[str]:
    if seen.event.kind is CustodyKind.REDACTED and seen.event.redacted_by is not None:
        yield f"{redacted_text(seen.event.redacted_by)}; what it told is not known"


def _time_ahead(seen: Seen) -> Iterable[str]:
    event = seen.event
    if event.at.as_datetime() > event.recorded.as_datetime():
        yield f"is told for {event.at}, but was written down before that, at {event.recorded}"


def _no_beginning(seen: Seen) -> Iterable[str]:
    if seen.is_of_exhibit and not seen.takes_in and not seen.before.begun and seen.intake is None:
        yield "nothing is recorded of how the exhibit was taken in before"


def _before_intake(seen: Seen) -> Iterable[str]:
    if seen.is_of_exhibit and not seen.takes_in and not seen.before.begun and seen.intake is not None:
        yield f"the exhibit was taken in only later, with {event_name(seen.intake)}"


def _after_end(seen: Seen) -> Iterable[str]:
    ended = seen.before.ended_by
    if ended is not None and seen.is_of_exhibit and not (seen.takes_in and ended.kind is CustodyKind.RETURN):
        yield f"the exhibit had left custody with {event_name(ended)}"


def _no_holder(seen: Seen) -> Iterable[str]:
    if seen.takes_in and holder_from(seen.event) is None:
        yield "nobody is named who holds the exhibit from here on"


def _overlap(seen: Seen) -> Iterable[str]:
    keeper, taker = seen.before.keeper, holder_from(seen.event)
    same = keeper is not None and taker is not None and keeper.person_id == taker.person_id
    if seen.takes_in and seen.releaser is None and keeper is not None and not same:
        yield f"{keeper.name} held the exhibit and no release is recorded"


def _no_releaser(seen: Seen) -> Iterable[str]:
    if seen.event.kind in HANDS_ON and seen.releaser is None:
        yield "nobody is named who released the exhibit"


def _released_by_other(seen: Seen) -> Iterable[str]:
    releaser, keeper = seen.releaser, seen.before.keeper
    if releaser is not None and keeper is not None and releaser.person_id != keeper.person_id:
        yield f"released by {releaser.name}, but {keeper.name} held the exhibit"


def _gap(seen: Seen) -> Iterable[str]:
    if seen.releaser is not None and _is_held_by_nobody(seen.before):
        yield f"released by {seen.releaser.name}, but nobody was recorded as holding the exhibit"


def _unheld(seen: Seen) -> Iterable[str]:
    if seen.event.kind in HANDLES and seen.intake is not None and _is_held_by_nobody(seen.before):
        yield "nobody is recorded as holding the exhibit"


def _is_held_by_nobody(standing: Standing) -> bool:
    """Whether the exhibit is in custody and no holder of it is known."""
    return standing.begun and standing.is_certain and standing.keeper is None and standing.ended_by is None


def _place_gap(seen: Seen) -> Iterable[str]:
    left, last = seen.event.from_place, seen.before.place
    if left and last and left != last:
        yield f"taken from {left!r}, but it was last at {last!r}"


def _seal_mismatch(seen: Seen) -> Iterable[str]:
    off, on = seen.event.seal_out, seen.before.seal
    if off and on and off != on:
        yield f"seal {off!r} was taken off, but {on!r} was put on"


def _seal_unrecorded(seen: Seen) -> Iterable[str]:
    off, before = seen.event.seal_out, seen.before
    if seen.event.kind is CustodyKind.UNSEAL and before.begun and before.is_certain and before.seal is None:
        yield f"seal {off!r} was taken off, but none is recorded as put on" if off else "no seal was recorded"


def _seal_broken(seen: Seen) -> Iterable[str]:
    event, seal = seen.event, seen.before.seal
    if seal is None:
        return
    if event.kind is CustodyKind.ACQUIRE:
        yield f"the exhibit was under seal {seal!r}, and nothing is recorded of its opening"
    elif event.seal_in and not event.seal_out and event.seal_in != seal:
        yield f"seal {event.seal_in!r} was put on, and nothing is recorded of seal {seal!r} being taken off"


def _rehash_mismatch(seen: Seen) -> Iterable[str]:
    if seen.event.rehash is Rehash.MISMATCH:
        yield "the hash value was computed again and is another one"


def _rehash_unproven(seen: Seen) -> Iterable[str]:
    if seen.event.rehash in (Rehash.MATCH, Rehash.MISMATCH) and seen.event.verification is None:
        yield "the hash value is said to have been computed again, and no verification of this record is named"


def _told_late(events: Sequence[CustodyEvent]) -> Iterable[tuple[CustodyEvent, str]]:
    latest: CustodyEvent | None = None
    told = (event for event in events if event.kind is not CustodyKind.REDACTED)
    for event in sorted(told, key=lambda item: item.sequence):
        if latest is not None and event.at.as_datetime() < latest.at.as_datetime():
            yield event, f"written down late, after {event_name(latest)}"
        else:
            latest = event


def _clock_backwards(events: Sequence[CustodyEvent]) -> Iterable[tuple[CustodyEvent, str]]:
    in_order = sorted(events, key=lambda item: item.sequence)
    for before, event in pairwise(in_order):
        if event.recorded.as_datetime() < before.recorded.as_datetime():
            yield event, f"written down at {event.recorded}, earlier than entry {before.sequence} before it"


RULES = (
    Rule("custody-redacted", _redacted),
    Rule("custody-time-ahead", _time_ahead),
    Rule("custody-no-beginning", _no_beginning),
    Rule("custody-before-intake", _before_intake),
    Rule("custody-after-end", _after_end),
    Rule("custody-no-holder", _no_holder),
    Rule("custody-overlap", _overlap),
    Rule("custody-no-releaser", _no_releaser),
    Rule("custody-released-by-other", _released_by_other),
    Rule("custody-gap", _gap),
    Rule("custody-unheld", _unheld),
    Rule("custody-place-gap", _place_gap),
    Rule("custody-seal-mismatch", _seal_mismatch),
    Rule("custody-seal-unrecorded", _seal_unrecorded),
    Rule("custody-seal-broken", _seal_broken),
    Rule("custody-rehash-mismatch", _rehash_mismatch),
    Rule("custody-rehash-unproven", _rehash_unproven),
)

LATE_RULES = (
    LateRule("custody-told-late", _told_late),
    LateRule("custody-clock-backwards", _clock_backwards),
)
