"""What the clocks showed when a custody event was recorded: as a row. Pure."""

from casedb.rows import Row, row
from image.job import ClockFacts


def clock_row(sequence: int, clock: ClockFacts) -> Row:
    """One row of clocks."""
    at = clock.exhibit_clock_at
    return row(
        "custody_clocks",
        sequence=sequence,
        synchronised=None if clock.synchronised is None else int(clock.synchronised),
        maximum_error_us=clock.maximum_error_us,
        service=clock.service,
        service_state=clock.service_state,
        offset_ms=clock.offset_ms,
        reference=clock.reference,
        exhibit_clock=clock.exhibit_clock,
        exhibit_clock_at_utc=at.utc if at is not None else None,
        exhibit_clock_at_offset_minutes=at.offset_minutes if at is not None else None,
    )
