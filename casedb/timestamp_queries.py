"""The questions put to the record about timestamps, and about the checkpoint that a moment of the ledger has."""

from dataclasses import replace

from casedb.ledger_reading import RowSource, read_entry, read_facts, read_head
from casedb.records import CheckpointProof, KeptCheckpoint, Timestamp, TimestampStatus
from casedb.timestamps import TimestampRecorded, token_bytes
from image.errors import CaseError
from image.times import Instant

_LAST = "SELECT * FROM timestamps WHERE sequence <= ? ORDER BY checkpoint_size DESC, sequence LIMIT 1"
_FIRST_WAITING = "SELECT min(sequence) AS sequence FROM checkpoints WHERE sequence > ?"
_NEWEST_WAITING = "SELECT sequence, note FROM checkpoints WHERE sequence > ? ORDER BY sequence DESC LIMIT 1"
_CHECKPOINT = "SELECT sequence, note FROM checkpoints WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1"
_TIMESTAMP = "SELECT sequence FROM timestamps WHERE checkpoint_size = ? AND sequence <= ? ORDER BY sequence LIMIT 1"


def read_last_timestamp(rows: RowSource, up_to: int) -> Timestamp | None:
    """The timestamp that covers most of the ledger, of those recorded up to this entry."""
    found = next(rows.query(_LAST, [up_to]), None)
    if found is None:
        return None
    stamped = Instant(found["stamped_utc"], found["stamped_offset_minutes"])
    return Timestamp(found["sequence"], found["checkpoint_size"], stamped, found["stamping_authority"])


def read_timestamp_status(rows: RowSource) -> TimestampStatus:
    """How far the record is time-stamped."""
    last = read_last_timestamp(rows, read_head(rows).size)
    waiting = next(rows.query(_FIRST_WAITING, [last.checkpoint_size if last else 0]))["sequence"]
    return TimestampStatus(last, read_entry(rows, waiting).at if waiting is not None else None)


def read_waiting_checkpoint(rows: RowSource) -> KeptCheckpoint | None:
    """The newest checkpoint, where it has no timestamp yet; the older ones that wait are covered by it."""
    last = read_last_timestamp(rows, read_head(rows).size)
    found = next(rows.query(_NEWEST_WAITING, [last.checkpoint_size if last else 0]), None)
    return KeptCheckpoint(found["sequence"], found["note"]) if found is not None else None


def read_checkpoint_proof(rows: RowSource, ledger_size: int) -> CheckpointProof | None:
    """The newest checkpoint over at most so many entries, with its token where one of these entries records it.

    Raises:
        CaseError: the token's payload is gone, or is not what was recorded.
    """
    found = next(rows.query(_CHECKPOINT, [ledger_size]), None)
    if found is None:
        return None
    stamp = next(rows.query(_TIMESTAMP, [found["sequence"], ledger_size]), None)
    if stamp is None:
        return CheckpointProof(found["sequence"], found["note"])
    stamped = read_facts(rows, stamp["sequence"], TimestampRecorded).stamped
    return CheckpointProof(found["sequence"], found["note"], _token(rows, stamp["sequence"]), stamped)


def read_stamped_checkpoint(rows: RowSource, ledger_size: int) -> CheckpointProof | None:
    """The checkpoint whose timestamp covers most of the first so many entries, of those that these entries record.

    Raises:
        CaseError: the token's payload is gone, or is not what was recorded.
    """
    last = read_last_timestamp(rows, ledger_size)
    if last is None:
        return None
    found = read_checkpoint_proof(rows, last.checkpoint_size)
    return replace(found, token=_token(rows, last.sequence), stamped=last.stamped) if found is not None else None


def _token(rows: RowSource, sequence: int) -> bytes:
    """The token that an entry records.

    Raises:
        CaseError: its payload is gone, or is not what was recorded.
    """
    try:
        return token_bytes(read_facts(rows, sequence, TimestampRecorded))
    except ValueError as error:
        raise CaseError(f"the timestamp of entry {sequence} cannot be used: {error}") from error
