-- A case is closed when the matter is done, and opened again for a reason.
CREATE TABLE case_closings (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    state TEXT NOT NULL CHECK (state IN ('closed', 'reopened')),
    reason TEXT,
    at_utc TEXT NOT NULL,
    at_offset_minutes INTEGER NOT NULL,
    recorded_by TEXT
) STRICT;
