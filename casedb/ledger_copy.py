"""The first entries of a ledger put into another database, byte for byte."""

import sqlite3

_COPIES = (
    (
        "SELECT sequence, entry, entry_sha256 FROM entries WHERE sequence = ?",
        "INSERT INTO entries VALUES (?, ?, ?)",
    ),
    ("SELECT sequence, payload FROM payloads WHERE sequence = ?", "INSERT INTO payloads VALUES (?, ?)"),
    ("SELECT sequence, note FROM checkpoints WHERE sequence = ?", "INSERT INTO checkpoints VALUES (?, ?)"),
)


def copy_ledger(source: sqlite3.Connection, target: sqlite3.Connection, size: int) -> None:
    """Copy entries 1 to `size`, each with its payload and checkpoint, in their order."""
    for sequence in range(1, size + 1):
        for read, write in _COPIES:
            target.executemany(write, source.execute(read, [sequence]).fetchall())
