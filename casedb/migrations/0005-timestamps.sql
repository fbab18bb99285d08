-- Which checkpoints a time-stamping authority has signed; the tokens themselves stand in the payloads.
CREATE TABLE timestamps (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    checkpoint_size INTEGER NOT NULL REFERENCES checkpoints (sequence),
    stamping_authority TEXT NOT NULL,
    stamped_utc TEXT NOT NULL,
    stamped_offset_minutes INTEGER NOT NULL
) STRICT;

CREATE INDEX timestamps_of_checkpoint ON timestamps (checkpoint_size);
