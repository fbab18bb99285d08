-- The ledger: entries and payloads as exact bytes, and what keeps careless hands off them.
CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
    entry BLOB NOT NULL CHECK (length(entry) BETWEEN 2 AND 65536),
    entry_sha256 BLOB NOT NULL CHECK (length(entry_sha256) = 32)
) STRICT;

CREATE TABLE payloads (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    payload BLOB NOT NULL CHECK (length(payload) BETWEEN 34 AND 268435456)
) STRICT;

CREATE TABLE redactions (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    redacted_sequence INTEGER NOT NULL UNIQUE REFERENCES entries (sequence) CHECK (redacted_sequence > 1 AND redacted_sequence < sequence),
    authority TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TRIGGER entries_refuse_update BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'an entry of the ledger is never changed');
END;

CREATE TRIGGER entries_refuse_delete BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'an entry of the ledger is never deleted');
END;

CREATE TRIGGER entries_in_order BEFORE INSERT ON entries
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM entries)
BEGIN
    SELECT RAISE(ABORT, 'an entry of the ledger goes behind the last one');
END;

CREATE TRIGGER payloads_refuse_update BEFORE UPDATE ON payloads
BEGIN
    SELECT RAISE(ABORT, 'a payload of the ledger is never changed');
END;

CREATE TRIGGER payloads_refuse_delete BEFORE DELETE ON payloads
WHEN NOT EXISTS (SELECT 1 FROM redactions WHERE redacted_sequence = OLD.sequence)
BEGIN
    SELECT RAISE(ABORT, 'a payload of the ledger is never deleted without an entry that says so');
END;

CREATE TRIGGER payloads_in_order BEFORE INSERT ON payloads
WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM entries)
BEGIN
    SELECT RAISE(ABORT, 'a payload of the ledger belongs to its last entry');
END;
