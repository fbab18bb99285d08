-- A report may be about the whole case: it has no exhibit.
CREATE TEMPORARY TABLE reports_so_far AS SELECT * FROM reports;
DROP TABLE reports;

CREATE TABLE reports (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    report_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    exhibit TEXT,
    issued_utc TEXT NOT NULL,
    issued_offset_minutes INTEGER NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    ledger_size INTEGER NOT NULL
) STRICT;

CREATE INDEX reports_of_exhibit ON reports (exhibit);
INSERT INTO reports SELECT * FROM reports_so_far;
DROP TABLE reports_so_far;
