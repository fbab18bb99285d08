-- What the clocks showed when a custody event was recorded.
CREATE TABLE custody_clocks (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    synchronised INTEGER,
    maximum_error_us INTEGER,
    service TEXT,
    service_state TEXT,
    offset_ms INTEGER,
    reference TEXT,
    exhibit_clock TEXT,
    exhibit_clock_at_utc TEXT,
    exhibit_clock_at_offset_minutes INTEGER
) STRICT;
