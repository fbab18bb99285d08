"""What a custody event must name, and how things stand with an exhibit after it. Pure.

What must not be is refused before it is written; what looks wrong in the chain is a warning (custody_rules.py),
since the record tells what happened and not what should have.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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

_DEMANDS = {
    CustodyKind.TRANSFER: (
        _Demand(
            ("released_by", "received_by"),
            "a transfer needs two named people",
            "Name who released and who received it",
        ),
    ),
    CustodyKind.DISPOSE: (
        _Demand(("witness",), "a disposal needs a witness", "Name who saw it"),
        _Demand(("authority",), "a disposal needs an authority", "Say by whose order"),
        _Demand(("method",), "a disposal needs a method", "Say how it was done"),
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
            "a transfer needs two different people", event.exhibit, "Name who released and who received it"
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
    standing_events = [event for event in events if not event.withdrawn]
    warnings: list[CustodyWarning] = []
    for seen in _walk(standing_events):
        for rule in RULES:
            warnings += [_warning(rule.code, seen.event, text) for text in rule.told(seen)]
    for late in LATE_RULES:
        warnings += [_warning(late.code, event, text) for event, text in late.told(standing_events)]
    return tuple(warnings)


def standing_after(events: Sequence[CustodyEvent]) -> Standing:
    """How things stand with an exhibit after these events."""
    standing = Standing()
    for seen in _walk([event for event in events if not event.withdrawn]):
        standing = _after(seen)
    return standing


def _walk(events: Sequence[CustodyEvent]) -> Iterator[Seen]:
    """The events in the order they happened, each with how things stood before it."""
    in_order = _in_order(events)
    intake = next((event for event in in_order if event.kind in TAKES_IN), None)
    standing = Standing()
    for event in in_order:
        seen = Seen(event, standing, intake)
        yield seen
        standing = _after(seen)


def _in_order(events: Sequence[CustodyEvent]) -> list[CustodyEvent]:
    """The events as they happened; a redacted one, whose time is gone, behind those written down before it."""
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
    standing = replace(seen.before, begun=seen.before.begun or seen.intake is None or event.kind in TAKES_IN)
    if event.kind in TAKES_IN or event.kind is CustodyKind.TRANSFER:
        standing = replace(standing, keeper=holder_from(event) or standing.keeper, ended_by=None, is_certain=True)
    if event.kind in ENDS:
        standing = replace(standing, keeper=None, ended_by=event)
    seal = None if event.seal_out or event.kind is CustodyKind.UNSEAL else standing.seal
    return replace(standing, place=event.to_place or standing.place, seal=event.seal_in or seal)


def _warning(code: str, event: CustodyEvent, text: str) -> CustodyWarning:
    """The warning about one event, which it names."""
    return CustodyWarning(code, event.sequence, f"{event_name(event)}: {text}")
