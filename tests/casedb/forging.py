"""History rewritten on a real database file with sqlite3, behind our back: every digest and node computed anew."""

from dataclasses import replace
from pathlib import Path

from casedb.checkpointing import Signer, make_checkpoint
from casedb.entry import decode_entry, encode_entry, entry_digest
from casedb.merkle import GrowingTree, leaf_hash
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


def cut_off(folder: Path, kept: int) -> None:
    """Delete every row that comes from an entry behind this one, checkpoints included."""
    with behind_our_back(folder) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            columns = {name for _, name, *_ in connection.execute(f'PRAGMA table_info("{table}")')}
            if "sequence" in columns:
                connection.execute(f'DELETE FROM "{table}" WHERE sequence > ?', (kept,))
