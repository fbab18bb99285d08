"""A ledger as files that need no database: entries and payloads as lines of JSON, checkpoints as notes.

    bundle.json             version, id of the ledger, number of entries
    entries.jsonl           one line an entry: its exact text, the nonce in hex, the exact text of its payload
    checkpoints/000007.txt  the checkpoint that follows entry 7
    timestamps/000007.tsr   an authority's answer for that checkpoint (RFC 3161), as its entry holds it

`tools/verify_ledger.py` checks such a folder without this program. Layout: docs/reference/casedb.md.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casedb.entry import NONCE_BYTES, decode_entry, decode_payload
from casedb.projections import decode_facts
from casedb.timestamps import TimestampRecorded, token_bytes
from image.errors import CaseError, DestinationError

BUNDLE_VERSION = 1
FACTS_FILE, ENTRIES_FILE, CHECKPOINTS, TIMESTAMPS = "bundle.json", "entries.jsonl", "checkpoints", "timestamps"


@dataclass(frozen=True)
class Exported:
    """What was written: which ledger, how many entries, checkpoints and timestamps."""

    ledger_id: str
    entry_count: int
    checkpoint_count: int
    timestamp_count: int = 0


def export_bundle(connection: sqlite3.Connection, folder: Path) -> Exported:
    """Write the ledger, as of one moment, into a new folder.

    Raises:
        DestinationError: the folder exists already, or cannot be written.
        CaseError: an entry or a payload is not what was recorded.
        sqlite3.Error: the database cannot be read.
    """
    try:
        folder.mkdir(parents=True)
        (folder / CHECKPOINTS).mkdir()
        count, ledger_id = _write_entries(connection, folder / ENTRIES_FILE)
        checkpoints = 0
        for sequence, note in connection.execute("SELECT sequence, note FROM checkpoints ORDER BY 1"):
            (folder / CHECKPOINTS / f"{sequence:06d}.txt").write_text(note, encoding="utf-8")
            checkpoints += 1
        stamps = _write_timestamps(connection, folder / TIMESTAMPS)
        facts = {"version": BUNDLE_VERSION, "ledger": ledger_id, "entries": count}
        (folder / FACTS_FILE).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    except ValueError as error:
        raise CaseError(f"the ledger cannot be read ({error})", "", "See: diskwitness ledger verify") from error
    except FileExistsError as error:
        raise DestinationError("there is something of this name", str(folder), "Give another folder") from error
    except OSError as error:
        why = error.strerror or str(error)
        raise DestinationError(f"the bundle cannot be written ({why})", str(folder)) from error
    return Exported(ledger_id, count, checkpoints, stamps)


def _write_entries(connection: sqlite3.Connection, path: Path) -> tuple[int, str]:
    """Write every entry; how many, and the id of the ledger."""
    count, ledger_id = 0, ""
    with path.open("x", encoding="utf-8") as file:
        for line in entry_lines(connection):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
            ledger_id = ledger_id or decode_entry(str(line["entry"]).encode()).ledger
    return count, ledger_id


def _write_timestamps(connection: sqlite3.Connection, folder: Path) -> int:
    """Write every token as a file of its own, named by its checkpoint, and count them."""
    folder.mkdir()
    sql = "SELECT payload FROM payloads JOIN timestamps USING (sequence) ORDER BY sequence"
    for (payload,) in connection.execute(sql):
        facts = decode_facts(decode_payload(payload), TimestampRecorded)
        path = folder / f"{facts.checkpoint_size:06d}.tsr"
        if not path.exists():
            path.write_bytes(token_bytes(facts))
    return sum(1 for _ in folder.iterdir())


def entry_lines(connection: sqlite3.Connection) -> Iterator[dict[str, object]]:
    """What stands in the lines of the entries: number, exact text, nonce, exact text of the payload."""
    sql = "SELECT sequence, entry, payload FROM entries LEFT JOIN payloads USING (sequence) ORDER BY sequence"
    for sequence, entry, payload in connection.execute(sql):
        nonce, facts = (payload[:NONCE_BYTES].hex(), _text(payload[NONCE_BYTES:])) if payload else (None, None)
        yield {"sequence": sequence, "entry": _text(entry), "nonce": nonce, "payload": facts}


def _text(data: bytes) -> str:
    """Canonical JSON as text; it is UTF-8 without exception."""
    return data.decode("utf-8")
