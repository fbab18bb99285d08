"""Taking payloads away by order of a court: how everything of them leaves the database.

The entry stays, and with it the chain: it holds the digest of the payload alone, and the nonce that kept the
payload from being guessed goes with it.
"""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import msgspec

from casedb.entry import Entry, EntryKind, decode_payload
from casedb.facts import Corrected, Redacted
from casedb.import_intake import ImageRelocated
from casedb.intake import AcquisitionFinished, AcquisitionResumed, AcquisitionStopped, VerificationRecorded
from casedb.locking import locked
from casedb.projections import decode_facts, project
from casedb.redactable import REDACTABLE
from image.errors import UsageError

LARGEST_IN_MEMORY_BYTES = 512 * 1024 * 1024

_TEXTS = frozenset({"name", "identifier", "phone", "email"})
_SHORTEST_TEXT = 3


def require_redactable(entry: Entry) -> None:
    """Refuse to take away what holds the record together.

    Raises:
        UsageError: says which entry, and why not.
    """
    if EntryKind(entry.type) not in REDACTABLE:
        what = f"an entry of type {entry.type} cannot be redacted: the record does not hold without it"
        raise UsageError(what, f"entry {entry.seq}", "Name an entry that tells of people or things")


def concerns_of(kind: EntryKind, payload: bytes) -> int | None:
    """The entry that a payload is about, which must stay known: an acquisition's start, what is corrected."""
    text = decode_payload(payload)
    match kind:
        case EntryKind.CORRECTED:
            return decode_facts(text, Corrected).amends
        case EntryKind.ACQUISITION_FINISHED:
            return decode_facts(text, AcquisitionFinished).started_sequence
        case EntryKind.ACQUISITION_STOPPED:
            return decode_facts(text, AcquisitionStopped).started_sequence
        case EntryKind.ACQUISITION_RESUMED:
            return decode_facts(text, AcquisitionResumed).started_sequence
        case EntryKind.VERIFICATION_RECORDED:
            return decode_facts(text, VerificationRecorded).acquisition
        case EntryKind.IMAGE_RELOCATED:
            return decode_facts(text, ImageRelocated).acquisition
    return None


def redacted_facts(entry: Entry, payload: bytes, authority: str, reason: str) -> Redacted:
    """The facts of the entry that takes this payload away."""
    return Redacted(entry.seq, authority, reason, concerns_of(EntryKind(entry.type), payload))


def take_away(connection: sqlite3.Connection, entry: Entry, payload: bytes) -> None:
    """Delete a payload and every row it came to, inside the transaction that says so in the ledger.

    Raises:
        sqlite3.Error: the database refused; no entry names the payload.
    """
    tables = {row.table for row in project(entry, decode_payload(payload))}
    for table in ("payloads", *sorted(tables)):
        statement = " ".join(("DELETE FROM", table, "WHERE sequence = ?"))
        connection.execute(statement, (entry.seq,))


def compact(connection: sqlite3.Connection, path: Path, lock: Path) -> str | None:
    """Write the database anew, so that nothing of what was deleted is left in it; why that failed, or None.

    `secure_delete` overwrites what is deleted; copies of cells that SQLite once moved within a page are left by it.
    """
    try:
        if path.stat().st_size <= LARGEST_IN_MEMORY_BYTES:
            connection.execute("PRAGMA temp_store = MEMORY")
        with locked(lock):
            connection.execute("VACUUM")
    except (sqlite3.Error, OSError) as error:
        return f"the database could not be written anew ({error}): pieces of the payload may be left in {path.name}"
    return None


def personal_texts(payload: bytes) -> tuple[str, ...]:
    """What a payload tells of a person and could stand elsewhere: name, identifier, phone, e-mail."""
    facts = msgspec.json.decode(decode_payload(payload).facts)
    values = [facts.get(name) for name in sorted(_TEXTS)] if isinstance(facts, dict) else []
    return tuple(text for text in values if isinstance(text, str) and len(text) >= _SHORTEST_TEXT)


def entries_that_hold(connection: sqlite3.Connection, texts: Iterable[str]) -> tuple[int, ...]:
    """The entries whose payloads hold one of these texts."""
    found: set[int] = set()
    for text in texts:
        spelled = json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8", "backslashreplace")
        rows = connection.execute("SELECT sequence FROM payloads WHERE instr(payload, ?) > 0", (spelled,))
        found |= {sequence for (sequence,) in rows}
    return tuple(sorted(found))
