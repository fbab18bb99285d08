-- A copy that was made of an image, by converting it, is an event in the custody of its exhibit.
CREATE TEMPORARY TABLE custody_so_far AS SELECT * FROM custody_events;
DROP TABLE custody_events;

CREATE TABLE custody_events (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    exhibit TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('seize', 'receive', 'seal', 'unseal', 'transfer', 'acquire', 'copy', 'verify',
        'return', 'dispose')),
    at_utc TEXT NOT NULL,
    at_offset_minutes INTEGER NOT NULL,
    recorded_utc TEXT NOT NULL,
    recorded_offset_minutes INTEGER NOT NULL,
    recorded_by TEXT,
    released_by TEXT,
    received_by TEXT,
    witness TEXT,
    reason TEXT,
    from_place TEXT,
    to_place TEXT,
    seal_out TEXT,
    seal_in TEXT,
    condition TEXT,
    authority TEXT,
    method TEXT,
    note TEXT
) STRICT;

CREATE INDEX custody_of_exhibit ON custody_events (exhibit);
INSERT INTO custody_events SELECT * FROM custody_so_far;
DROP TABLE custody_so_far;
