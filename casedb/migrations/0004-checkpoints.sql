-- What outside copies are measured against: the keys that sign, the tree over the entries, the signed checkpoints.
CREATE TABLE ledger_keys (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    algorithm TEXT NOT NULL CHECK (algorithm = 'ed25519'),
    public TEXT NOT NULL UNIQUE CHECK (length(public) = 64),
    replaces TEXT REFERENCES ledger_keys (public)
) STRICT;

CREATE TABLE tree_nodes (
    sequence INTEGER NOT NULL REFERENCES entries (sequence),
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 62),
    position INTEGER NOT NULL CHECK (sequence = (position + 1) << level),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    PRIMARY KEY (sequence, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    note TEXT NOT NULL CHECK (length(note) BETWEEN 100 AND 65536)
) STRICT;

CREATE TRIGGER checkpoints_refuse_update BEFORE UPDATE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint of the ledger is never changed');
END;

CREATE TRIGGER checkpoints_refuse_delete BEFORE DELETE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint of the ledger is never deleted');
END;

CREATE TRIGGER checkpoints_in_order BEFORE INSERT ON checkpoints
WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM entries)
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint of the ledger belongs to its last entry');
END;
