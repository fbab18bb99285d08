"""What a custody event must name, and how things stand with an exhibit after it. Pure.

What must not be is refused before it is written; what looks wrong in the chain is a warning (custody_rules.py),
since the record tells what happened and not what should have.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from operator import attrgetter

from casedb.custody_rules import LATE_RULES, RULES, Seen
from casedb.custody_terms import BY_THEMSELVES, ENDS, OF_IMAGES, TAKES_IN, event_name, holder_from
from casedb.custody_warning import CustodyWarning
from casedb.records import CustodyEvent, CustodyKind, Standing
from casedb.submissions import NewCustodyEvent
from image.errors import UsageError


@dataclass(frozen=True)
class _Demand:
    """What an event of some kind must tell: fields of NewCustodyEvent, and what is said without them."""

    fields: tuple[str, ...]
    what: str
    do: str


_by_sequence = attrgetter("sequence")
_BOTH_SIDES = "Name who released it (--from) and who received it (--to)"

_DEMANDS = {
    CustodyKind.TRANSFER: (
        _Demand(
            ("released_by", "received_by"),
            "a transfer needs two named people",
            _BOTH_SIDES,
        ),
    ),
    CustodyKind.DISPOSE: (
        _Demand(("witness",), "a disposal needs a witness", "Name who saw it: --witness"),
        _Demand(("authority",), "a disposal needs an authority", "Say by whose order: --authority"),
        _Demand(("method",), "a disposal needs a method", "Say how it was done: --method"),
    ),
}


def require_complete(event: NewCustodyEvent) -> None:
    """Refuse an event that does not name whom it must.

    Raises:
        UsageError: says what is missing.
    """
    if event.kind in BY_THEMSELVES:
        raise UsageError(
            f"{event.kind.value} enters the record by itself", event.exhibit, "Acquire, convert or verify the image"
        )
    for demand in _DEMANDS.get(event.kind, ()):
        if any(getattr(event, field) is None for field in demand.fields):
            raise UsageError(demand.what, event.exhibit, demand.do)
    if event.kind is CustodyKind.TRANSFER and event.released_by == event.received_by:
        raise UsageError(
            "a transfer needs two different people",
            event.exhibit,
            "Name who released it (--from) and who received it (--to)",
        )
    if event.kind is CustodyKind.DISPOSE:
        _require_second_person(event)


def _require_second_person(event: NewCustodyEvent) -> None:
    """Nobody destroys an exhibit alone."""
    doers = {event.performed_by, event.released_by} - {None}
    if not doers:
        raise UsageError("a disposal needs somebody who did it", event.exhibit, "Name them: --by, or --released-by")
    if event.witness in doers:
        raise UsageError("who disposes of an exhibit cannot be the witness of it", event.exhibit, "Name who saw it")


def custody_warnings(events: Sequence[CustodyEvent]) -> tuple[CustodyWarning, ...]:
    """What the events of one exhibit leave open or contradict, in the order they happened."""
    return (*_warnings(_walk(events)), *_late_warnings(events))


def latest_warnings(events: Sequence[CustodyEvent]) -> tuple[CustodyWarning, ...]:
    """The warnings that only the event written down last, which must be one that stands, brings with it.

    They are about that event and those that happened after it. What happened before it is looked at again only
    where it is now the first that took the exhibit in.
    """
    latest = max(events, key=_by_sequence)
    now = list(_walk(events))
    takes_in = now[0].intake is latest
    touched = now if takes_in else list(dropwhile(lambda seen: seen.event is not latest, now))
    others = [seen.event for seen in touched if seen.event is not latest]
    intake = _intake(others) if takes_in else now[0].intake
    known = set(_warnings(_walk_on(others, intake, touched[0].before)))
    late = (item for item in _late_warnings(events) if item.sequence == latest.sequence)
    return (*(item for item in _warnings(touched) if item not in known), *late)


def _warnings(walked: Iterable[Seen]) -> Iterator[CustodyWarning]:
    """What each event leaves open or contradicts."""
    for seen in walked:
        for rule in RULES:
            yield from (_warning(rule.code, seen.event, text) for text in rule.told(seen))


def _late_warnings(events: Sequence[CustodyEvent]) -> Iterator[CustodyWarning]:
    """What is odd about the order in which the events were written down."""
    standing_events = [event for event in events if not event.withdrawn]
    for late in LATE_RULES:
        yield from (_warning(late.code, event, text) for event, text in late.told(standing_events))


def standing_after(events: Sequence[CustodyEvent]) -> Standing:
    """How things stand with an exhibit after these events."""
    standing = Standing()
    for seen in _walk(events):
        standing = _after(seen)
    return standing


def _walk(events: Sequence[CustodyEvent]) -> Iterator[Seen]:
    """The events in the order they happened, each with how things stood before it."""
    in_order = _in_order(events)
    return _walk_on(in_order, _intake(in_order), Standing())


def _walk_on(in_order: Sequence[CustodyEvent], intake: CustodyEvent | None, standing: Standing) -> Iterator[Seen]:
    """These events, each with how things stood before it; so they stood before the first."""
    for event in in_order:
        seen = Seen(event, standing, intake)
        yield seen
        standing = _after(seen)


def _intake(in_order: Sequence[CustodyEvent]) -> CustodyEvent | None:
    """The first event that took the exhibit in."""
    return next((event for event in in_order if event.kind in TAKES_IN), None)


def _in_order(events: Sequence[CustodyEvent]) -> list[CustodyEvent]:
    """The events as they happened, those withdrawn left out.

    A redacted one, whose time is gone, comes behind those written down before it.
    """
    events = [event for event in events if not event.withdrawn]
    told = [event for event in events if event.kind is not CustodyKind.REDACTED]
    in_order = sorted(told, key=lambda item: (item.at.as_datetime(), item.sequence))
    for gone in sorted((event for event in events if event.kind is CustodyKind.REDACTED), key=_by_sequence):
        places = (place for place, event in enumerate(in_order, 1) if event.sequence < gone.sequence)
        in_order.insert(max(places, default=0), gone)
    return in_order


def _after(seen: Seen) -> Standing:
    """How things stand after the event."""
    event = seen.event
    if event.kind in OF_IMAGES:
        return seen.before
    if event.kind is CustodyKind.REDACTED:
        return Standing(begun=True, ended_by=seen.before.ended_by, is_certain=False)
    before, takes_in = seen.before, event.kind in TAKES_IN
    keeper, ended_by, is_certain = before.keeper, before.ended_by, before.is_certain
    if takes_in or event.kind is CustodyKind.TRANSFER:
        keeper, ended_by, is_certain = holder_from(event) or keeper, None, True
    if event.kind in ENDS:
        keeper, ended_by = None, event
    return Standing(
        begun=before.begun or seen.intake is None or takes_in,
        keeper=keeper,
        ended_by=ended_by,
        place=event.to_place or before.place,
        seal=event.seal_in or (None if event.seal_out or event.kind is CustodyKind.UNSEAL else before.seal),
        is_certain=is_certain,
    )


def _warning(code: str, event: CustodyEvent, text: str) -> CustodyWarning:
    """The warning about one event, which it names."""
    return CustodyWarning(code, event.sequence, f"{event_name(event)}: {text}")
