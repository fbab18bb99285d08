"""The clock that times are told by: what the system knew of it, and what it was compared with."""

from collections.abc import Iterable

from casedb.records import ClockFacts, CustodyEvent
from report.document import Column, Fact, Table, in_words
from report.phrases import instant_text
from report.wording import english, say

_COLUMNS = (
    Column(english("Entry"), 7, right=True),
    Column(english("Clock of the workstation"), 45),
    Column(english("Clock of the exhibit"), 48),
)


def clock_table(events: Iterable[CustodyEvent]) -> tuple[Table, ...]:
    """What people entered of clocks when they recorded events; nothing where they entered nothing."""
    rows = []
    for event in events:
        told = [offset_text(event.clock), exhibit_clock_text(event.clock)] if event.clock is not None else []
        if any(told):
            rows.append((str(event.sequence), *told))
    return (Table(say("Clocks"), in_words(_COLUMNS), tuple(rows)),) if rows else ()


def clock_section_facts(clock: ClockFacts | None) -> tuple[Fact, ...]:
    """The clock of the workstation and that of the exhibit, as facts."""
    known = clock or ClockFacts()
    return (
        Fact(say("Clock kept by"), _service(known)),
        Fact(say("Clock against a reference"), offset_text(known)),
        Fact(say("Clock of the exhibit"), exhibit_clock_text(known)),
    )


def _service(clock: ClockFacts) -> str | None:
    """The service that keeps the clock, and what it says."""
    if clock.service is None:
        return None
    return f"{clock.service} ({clock.service_state})" if clock.service_state else clock.service


def offset_text(clock: ClockFacts) -> str | None:
    """By how much the clock was ahead of its reference, or behind; None where nobody said."""
    if clock.offset_ms is None:
        return None
    seconds = f"{abs(clock.offset_ms) // 1000}.{abs(clock.offset_ms) % 1000:03d}"
    if clock.offset_ms >= 0:
        return say("{seconds} s ahead of {reference}", seconds=seconds, reference=clock.reference)
    return say("{seconds} s behind {reference}", seconds=seconds, reference=clock.reference)


def exhibit_clock_text(clock: ClockFacts) -> str | None:
    """What the exhibit's own clock showed, and when; None where nobody said."""
    if clock.exhibit_clock is None or clock.exhibit_clock_at is None:
        return None
    shown, at = clock.exhibit_clock, instant_text(clock.exhibit_clock_at)
    return say("{shown}, when this clock showed {at}", shown=shown, at=at)
