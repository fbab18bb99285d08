"""The question what the clocks showed when custody events were recorded."""

from casedb.ledger_reading import Columns, RowSource, record_from
from image.job import ClockFacts

_OF_EXHIBIT = "SELECT custody_clocks.* FROM custody_clocks JOIN custody_events USING (sequence) WHERE exhibit = ?"


def read_clocks(rows: RowSource, exhibit: str) -> dict[int, ClockFacts]:
    """The clocks of every event of an exhibit that tells of them, by the number of its entry."""
    return {found["sequence"]: _clock(found) for found in rows.query(_OF_EXHIBIT, [exhibit])}


def _clock(found: Columns) -> ClockFacts:
    """One row."""
    utc, offset = found["exhibit_clock_at_utc"], found["exhibit_clock_at_offset_minutes"]
    at = {"utc": utc, "offset_minutes": offset} if utc is not None else None
    synchronised = bool(found["synchronised"]) if found["synchronised"] is not None else None
    return record_from(ClockFacts, found, {"exhibit_clock_at": at, "synchronised": synchronised})
