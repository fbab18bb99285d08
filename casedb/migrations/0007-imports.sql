-- Images made elsewhere, photographs and documents, and where an image went.
CREATE TABLE imports (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    exhibit TEXT NOT NULL,
    path TEXT NOT NULL,
    format TEXT NOT NULL,
    media_size_bytes INTEGER NOT NULL,
    has_manifest INTEGER NOT NULL CHECK (has_manifest IN (0, 1))
) STRICT;

CREATE INDEX imports_of_exhibit ON imports (exhibit);
CREATE INDEX imports_at_path ON imports (path);

CREATE TABLE attachments (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    exhibit TEXT NOT NULL,
    event INTEGER REFERENCES entries (sequence),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    file TEXT NOT NULL,
    description TEXT,
    recorded_utc TEXT NOT NULL,
    recorded_offset_minutes INTEGER NOT NULL
) STRICT;

CREATE INDEX attachments_of_exhibit ON attachments (exhibit);

CREATE TABLE relocations (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    acquisition INTEGER NOT NULL REFERENCES entries (sequence),
    old_path TEXT NOT NULL,
    path TEXT NOT NULL
) STRICT;

CREATE INDEX relocations_of_acquisition ON relocations (acquisition);
CREATE INDEX relocated_to_path ON relocations (path);
