"""The rules of custody: what an event must name, and what a chain of them leaves open. Pure.

What must not be is refused before it is written; what looks wrong in the chain (a gap, an overlap, a release by
somebody who was not the keeper) is a warning, since the record tells what happened and not what should have.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from casedb.records import CustodyEvent, CustodyKind, Person
from casedb.submissions import NewCustodyEvent
from image.errors import UsageError

_TAKES_IN = frozenset({CustodyKind.SEIZE, CustodyKind.RECEIVE})
_HANDS_ON = frozenset({CustodyKind.TRANSFER, CustodyKind.RETURN, CustodyKind.DISPOSE})
_ENDS = frozenset({CustodyKind.RETURN, CustodyKind.DISPOSE})
BY_THEMSELVES = frozenset({CustodyKind.ACQUIRE, CustodyKind.COPY, CustodyKind.VERIFY})
"""What no person records: the acquisition, conversion or verification itself enters the record."""
_TOUCHES_MEDIA = frozenset({CustodyKind.ACQUIRE})


def require_complete(event: NewCustodyEvent) -> None:
    """Refuse an event that does not name whom it must.

    Raises:
        UsageError: says who is missing.
    """
    if event.kind in BY_THEMSELVES:
        raise UsageError(
            f"{event.kind.value} enters the record by itself", event.exhibit, "Acquire, convert or verify the image"
        )
    if event.kind is CustodyKind.TRANSFER:
        _require_two_people(event)
    if event.kind is CustodyKind.DISPOSE:
        _require_witness(event)


def _require_two_people(event: NewCustodyEvent) -> None:
    """A transfer has two ends."""
    if event.released_by is None or event.received_by is None:
        raise UsageError(
            "a transfer needs two named people", event.exhibit, "Name who released and who received it"
        )
    if event.released_by == event.received_by:
        raise UsageError(
            "a transfer needs two different people", event.exhibit, "Name who released and who received it"
        )


def _require_witness(event: NewCustodyEvent) -> None:
    """Nobody destroys an exhibit alone."""
    if event.witness is None:
        raise UsageError("a disposal needs a witness", event.exhibit, "Name who saw it")
    if event.witness == event.released_by:
        raise UsageError("who disposes of an exhibit cannot be the witness of it", event.exhibit, "Name who saw it")


@dataclass(frozen=True)
class _Standing:
    """How things stand with an exhibit between two events."""

    begun: bool = False
    keeper: Person | None = None
    ended_by: CustodyEvent | None = None
    place: str | None = None
    seal: str | None = None


def custody_warnings(events: Sequence[CustodyEvent]) -> tuple[str, ...]:
    """What the events of one exhibit leave open or contradict, one line each, in the order they happened."""
    warnings: list[str] = []
    standing = _Standing()
    for event in sorted(events, key=lambda item: (item.at.as_datetime(), item.sequence)):
        told = (*_time_warnings(event), *_keeper_warnings(standing, event), *_object_warnings(standing, event))
        warnings.extend(f"{_name(event)}: {warning}" for warning in told)
        standing = _after(standing, event)
    return (*warnings, *_late_warnings(events))


def _after(standing: _Standing, event: CustodyEvent) -> _Standing:
    """How things stand after the event."""
    changed = replace(standing, begun=True)
    if event.kind in _TAKES_IN or event.kind is CustodyKind.TRANSFER:
        changed = replace(changed, keeper=event.received_by or standing.keeper, ended_by=None)
    if event.kind in _ENDS:
        changed = replace(changed, keeper=None, ended_by=event)
    seal = None if event.seal_out or event.kind is CustodyKind.UNSEAL else changed.seal
    return replace(changed, place=event.to_place or changed.place, seal=event.seal_in or seal)


def _time_warnings(event: CustodyEvent) -> Iterable[str]:
    """An event cannot lie behind the moment it was written down."""
    if event.at.as_datetime() > event.recorded.as_datetime():
        yield f"is told for {event.at}, but was written down before that, at {event.recorded}"


def _keeper_warnings(standing: _Standing, event: CustodyEvent) -> Iterable[str]:
    """Gaps and overlaps in who holds the exhibit."""
    if not standing.begun and event.kind not in _TAKES_IN:
        yield "nothing is recorded of how the exhibit was taken in before"
    if standing.ended_by is not None and event.kind not in _TAKES_IN:
        yield f"the exhibit had left custody with {_name(standing.ended_by)}"
    if event.kind in _TAKES_IN and event.received_by is None:
        yield "nobody is named who holds the exhibit from here on"
    if event.kind in _HANDS_ON or event.released_by is not None:
        yield from _release_warnings(standing, event)
    elif event.kind in _TAKES_IN and standing.keeper is not None and event.received_by != standing.keeper:
        yield f"{standing.keeper.name} held the exhibit and no release is recorded"


def _release_warnings(standing: _Standing, event: CustodyEvent) -> Iterable[str]:
    """Only the keeper can let an exhibit go."""
    if event.released_by is None:
        yield "nobody is named who released the exhibit"
    elif standing.keeper is None and standing.begun and standing.ended_by is None:
        yield f"released by {event.released_by.name}, but nobody was recorded as holding the exhibit"
    elif standing.keeper is not None and event.released_by != standing.keeper:
        yield f"released by {event.released_by.name}, but {standing.keeper.name} held the exhibit"


def _object_warnings(standing: _Standing, event: CustodyEvent) -> Iterable[str]:
    """Places that do not join, seals that are not those put on."""
    if event.from_place and standing.place and event.from_place != standing.place:
        yield f"taken from {event.from_place!r}, but it was last at {standing.place!r}"
    if event.seal_out and standing.seal and event.seal_out != standing.seal:
        yield f"seal {event.seal_out!r} was taken off, but {standing.seal!r} was put on"
    if event.kind is CustodyKind.UNSEAL and event.seal_out and standing.seal is None and standing.begun:
        yield f"seal {event.seal_out!r} was taken off, but none is recorded as put on"
    if event.kind in _TOUCHES_MEDIA and standing.seal is not None:
        yield f"the exhibit was under seal {standing.seal!r}, and nothing is recorded of its opening"


def _late_warnings(events: Sequence[CustodyEvent]) -> Iterable[str]:
    """Events that were written down after others which happened later."""
    latest: CustodyEvent | None = None
    for event in sorted(events, key=lambda item: item.sequence):
        if latest is not None and event.at.as_datetime() < latest.at.as_datetime():
            yield f"{_name(event)}: written down late, after {_name(latest)}"
        else:
            latest = event


def _name(event: CustodyEvent) -> str:
    """An event as a reader finds it: its entry, kind and time."""
    return f"entry {event.sequence} ({event.kind.value}, {event.at})"
