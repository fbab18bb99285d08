-- Who did it and whether the hash was computed again at a hand-over; corrections; what a redacted entry was about.
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
    note TEXT,
    performed_by TEXT,
    rehash TEXT CHECK (rehash IN ('match', 'mismatch', 'not-done')),
    verification INTEGER REFERENCES entries (sequence)
) STRICT;

CREATE INDEX custody_of_exhibit ON custody_events (exhibit);
INSERT INTO custody_events SELECT *, NULL, NULL, NULL FROM custody_so_far;
DROP TABLE custody_so_far;

CREATE TABLE corrections (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    amends INTEGER NOT NULL REFERENCES entries (sequence) CHECK (amends > 1 AND amends < sequence),
    reason TEXT NOT NULL,
    recorded_utc TEXT NOT NULL,
    recorded_offset_minutes INTEGER NOT NULL,
    recorded_by TEXT
) STRICT;

CREATE INDEX corrections_of_entry ON corrections (amends);

CREATE TABLE corrected_fields (
    sequence INTEGER NOT NULL REFERENCES entries (sequence),
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY (sequence, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE redaction_links (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    concerns INTEGER NOT NULL REFERENCES entries (sequence)
) STRICT;
