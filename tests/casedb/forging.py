"""History rewritten on a real database file with sqlite3, behind our back: every digest and node computed anew."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from casedb.checkpointing import Signer, is_due, make_checkpoint
from casedb.entry import (
    EntryKind,
    decode_entry,
    decode_payload,
    encode_entry,
    encode_payload,
    entry_digest,
    payload_digest,
)
from casedb.merkle import GrowingTree, leaf_hash
from casedb.projections import decode_facts
from casedb.timestamps import TimestampRecorded
from casedb.upgrade import fill
from image.times import instant_from
from tests.casedb.building import behind_our_back

NODE = "INSERT INTO tree_nodes VALUES (?, ?, ?, ?)"


def rewrite(folder: Path, changed: int, signer: Signer | None) -> None:
    """Let entry `changed` come from another host, chain all behind it anew, sign again where there is a key."""
    with behind_our_back(folder) as connection:
        connection.execute("DELETE FROM tree_nodes")
        tree, prev = GrowingTree(), "0" * 64
        for sequence, data in connection.execute("SELECT sequence, entry FROM entries ORDER BY 1").fetchall():
            entry = replace(decode_entry(data), prev=prev)
            forged = encode_entry(replace(entry, host="elsewhere") if sequence == changed else entry)
            prev = entry_digest(forged)
            row = (forged, bytes.fromhex(prev), sequence)
            connection.execute("UPDATE entries SET entry = ?, entry_sha256 = ? WHERE sequence = ?", row)
            for node in tree.append(leaf_hash(forged)):
                connection.execute(NODE, (sequence, node.level, node.position, node.sha256.hex()))
            if signer is not None:
                note = str(make_checkpoint(entry.ledger, sequence, tree.root(), signer))
                connection.execute("UPDATE checkpoints SET note = ? WHERE sequence = ?", (note, sequence))


def date_back(folder: Path, days: int, signer: Signer, stamp: Callable[[str, int], TimestampRecorded]) -> None:
    """Let every entry be some days older, chain and sign all anew, and get fresh timestamps for the old ones."""
    notes: dict[int, str] = {}
    with behind_our_back(folder) as connection:
        for table in ("tree_nodes", "checkpoints", "timestamps"):
            connection.execute(f"DELETE FROM {table}")
        tree, prev = GrowingTree(), "0" * 64
        sql = "SELECT sequence, entry, payload FROM entries JOIN payloads USING (sequence) ORDER BY 1"
        for sequence, data, payload in connection.execute(sql).fetchall():
            entry = replace(decode_entry(data), prev=prev, ts_utc=_days_before(decode_entry(data).ts_utc, days))
            if entry.type == EntryKind.TIMESTAMP_RECORDED.value:
                facts = decode_facts(decode_payload(payload), TimestampRecorded)
                fresh = stamp(notes[facts.checkpoint_size], facts.checkpoint_size)
                payload = encode_payload(payload[:32], fresh, "dreyes")
                entry = replace(entry, payload_sha256=payload_digest(payload))
                connection.execute("UPDATE payloads SET payload = ? WHERE sequence = ?", (payload, sequence))
            forged = encode_entry(entry)
            prev = entry_digest(forged)
            row = (forged, bytes.fromhex(prev), sequence)
            connection.execute("UPDATE entries SET entry = ?, entry_sha256 = ? WHERE sequence = ?", row)
            tree.append(leaf_hash(forged))
            notes[sequence] = str(make_checkpoint(entry.ledger, sequence, tree.root(), signer))
        _make_again(connection, notes)


def _days_before(utc: str, days: int) -> str:
    return instant_from(datetime.fromisoformat(utc) - timedelta(days=days)).utc


def _make_again(connection: sqlite3.Connection, notes: dict[int, str]) -> None:
    """Put into every table what the forged ledger comes to, as our own upgrade would."""
    kinds = {row[0]: decode_entry(row[1]) for row in connection.execute("SELECT sequence, entry FROM entries")}
    before: str | None = None
    for sequence, entry in kinds.items():
        if is_due(EntryKind(entry.type), entry.ts_utc, before):
            connection.execute("INSERT INTO checkpoints VALUES (?, ?)", (sequence, notes[sequence]))
        before = entry.ts_utc
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    made = set(tables) - {"entries", "payloads", "checkpoints", "_sqlite_migrations"}
    connection.execute("PRAGMA foreign_keys = OFF")
    for table in made:
        connection.execute(f'DELETE FROM "{table}"')
    fill(connection, made)


def cut_off(folder: Path, kept: int) -> None:
    """Delete every row that comes from an entry behind this one, checkpoints included."""
    with behind_our_back(folder) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            columns = {name for _, name, *_ in connection.execute(f'PRAGMA table_info("{table}")')}
            if "sequence" in columns:
                connection.execute(f'DELETE FROM "{table}" WHERE sequence > ?', (kept,))
