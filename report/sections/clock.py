"""The clock that times are told by: what the system knew of it, and what it was compared with."""

from collections.abc import Iterable

from casedb.records import ClockFacts, CustodyEvent
from report.document import Column, Fact, Table
from report.phrases import instant_text

_COLUMNS = (
    Column("Entry", 7, right=True),
    Column("Clock of the workstation", 45),
    Column("Clock of the exhibit", 48),
)


def clock_table(events: Iterable[CustodyEvent]) -> tuple[Table, ...]:
    """What people entered of clocks when they recorded events; nothing where they entered nothing."""
    rows = []
    for event in events:
        told = [offset_text(event.clock), exhibit_clock_text(event.clock)] if event.clock is not None else []
        if any(told):
            rows.append((str(event.sequence), *told))
    return (Table("Clocks", _COLUMNS, tuple(rows)),) if rows else ()


def clock_section_facts(clock: ClockFacts | None) -> tuple[Fact, ...]:
    """The clock of the workstation and that of the exhibit, as facts."""
    known = clock or ClockFacts()
    return (
        Fact("Clock kept by", _service(known)),
        Fact("Clock against a reference", offset_text(known)),
        Fact("Clock of the exhibit", exhibit_clock_text(known)),
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
    way = "ahead of" if clock.offset_ms >= 0 else "behind"
    return f"{abs(clock.offset_ms) // 1000}.{abs(clock.offset_ms) % 1000:03d} s {way} {clock.reference}"


def exhibit_clock_text(clock: ClockFacts) -> str | None:
    """What the exhibit's own clock showed, and when; None where nobody said."""
    if clock.exhibit_clock is None or clock.exhibit_clock_at is None:
        return None
    return f"{clock.exhibit_clock}, when this clock showed {instant_text(clock.exhibit_clock_at)}"
