-- What the ledger comes to. Every row names the entry it comes from and can be made again from the ledger alone.
CREATE TABLE cases (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    ledger_id TEXT NOT NULL,
    number TEXT NOT NULL,
    agency TEXT,
    examiner TEXT NOT NULL,
    title TEXT,
    description TEXT,
    legal_authority TEXT,
    created_utc TEXT NOT NULL,
    created_offset_minutes INTEGER NOT NULL
) STRICT;

CREATE TABLE people (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    person_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('examiner', 'custodian', 'officer', 'witness')),
    identifier TEXT,
    organisation TEXT,
    phone TEXT,
    email TEXT
) STRICT;

CREATE TABLE exhibits (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    reference TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    kind TEXT,
    make TEXT,
    model TEXT,
    serial TEXT,
    capacity TEXT,
    condition TEXT,
    seal_number TEXT,
    location TEXT,
    parent TEXT,
    added_utc TEXT NOT NULL,
    added_offset_minutes INTEGER NOT NULL
) STRICT;

CREATE TABLE custody_events (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    exhibit TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('seize', 'receive', 'seal', 'unseal', 'transfer', 'acquire', 'verify', 'return',
        'dispose')),
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

CREATE TABLE acquisitions (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    exhibit TEXT,
    source_path TEXT NOT NULL,
    source_model TEXT,
    source_serial TEXT,
    source_size_bytes INTEGER NOT NULL,
    format TEXT NOT NULL,
    started_utc TEXT NOT NULL,
    started_offset_minutes INTEGER NOT NULL
) STRICT;

CREATE INDEX acquisitions_of_exhibit ON acquisitions (exhibit);

CREATE TABLE acquisition_ends (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    acquisition INTEGER NOT NULL REFERENCES entries (sequence),
    state TEXT NOT NULL CHECK (state IN ('complete', 'stopped')),
    ended_utc TEXT NOT NULL,
    ended_offset_minutes INTEGER NOT NULL,
    manifest_sha256 TEXT,
    media_size_bytes INTEGER,
    sector_size_bytes INTEGER,
    reason TEXT
) STRICT;

CREATE INDEX ends_of_acquisition ON acquisition_ends (acquisition);

CREATE TABLE acquisition_paths (
    sequence INTEGER NOT NULL REFERENCES entries (sequence),
    position INTEGER NOT NULL,
    acquisition INTEGER NOT NULL REFERENCES entries (sequence),
    path TEXT NOT NULL,
    PRIMARY KEY (sequence, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX acquisitions_at_path ON acquisition_paths (path);

CREATE TABLE segments (
    sequence INTEGER NOT NULL REFERENCES entries (sequence),
    position INTEGER NOT NULL,
    file TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    first_sector INTEGER NOT NULL,
    sector_count INTEGER NOT NULL,
    media_sha256 TEXT NOT NULL,
    PRIMARY KEY (sequence, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE digests (
    sequence INTEGER NOT NULL REFERENCES entries (sequence),
    algorithm TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (sequence, algorithm)
) STRICT, WITHOUT ROWID;

CREATE TABLE unreadable_ranges (
    sequence INTEGER NOT NULL REFERENCES entries (sequence),
    position INTEGER NOT NULL,
    first_sector INTEGER NOT NULL,
    sector_count INTEGER NOT NULL,
    PRIMARY KEY (sequence, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE verifications (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    exhibit TEXT,
    acquisition INTEGER REFERENCES entries (sequence),
    verdict TEXT NOT NULL CHECK (verdict IN ('PASSED', 'FAILED', 'INDETERMINATE')),
    image_path TEXT NOT NULL,
    format TEXT NOT NULL,
    media_size_bytes INTEGER NOT NULL,
    finding_count INTEGER NOT NULL,
    started_utc TEXT NOT NULL,
    started_offset_minutes INTEGER NOT NULL,
    finished_utc TEXT NOT NULL,
    finished_offset_minutes INTEGER NOT NULL
) STRICT;

CREATE INDEX verifications_of_exhibit ON verifications (exhibit);

CREATE TABLE reports (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    report_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    exhibit TEXT NOT NULL,
    issued_utc TEXT NOT NULL,
    issued_offset_minutes INTEGER NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    ledger_size INTEGER NOT NULL
) STRICT;

CREATE INDEX reports_of_exhibit ON reports (exhibit);
