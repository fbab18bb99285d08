"""The keys that may sign the checkpoints of a ledger, as its database tells them."""

import sqlite3

from casedb.checkpoint import decode_checkpoint, origin_of
from casedb.checkpointing import note_key
from casedb.facts import PublicKey
from casedb.keys import signature_holds
from casedb.merkle import root_of
from casedb.signed_note import check_note, decode_note
from casedb.tree_nodes import nodes_in
from image.errors import CaseError

CHECK_IT = "See what it is: diskwitness ledger verify"


def may_sign(connection: sqlite3.Connection, key: PublicKey) -> bool:
    """Whether the ledger knows this key.

    Raises:
        CaseError: it knows that another one took its place.
    """
    public = key.public
    if connection.execute("SELECT 1 FROM ledger_keys WHERE replaces = ?", (public,)).fetchone():
        what = f"the workstation's key {public[:16]}... was replaced by another one in this case"
        raise CaseError(what, "", "Name the new key with DISKWITNESS_KEY")
    return connection.execute("SELECT 1 FROM ledger_keys WHERE public = ?", (public,)).fetchone() is not None


def ledger_keys(connection: sqlite3.Connection) -> tuple[PublicKey, ...]:
    """Every key the ledger knows, those that were replaced included."""
    sql = "SELECT algorithm, public FROM ledger_keys ORDER BY sequence"
    return tuple(PublicKey(*found) for found in connection.execute(sql))


def require_last_checkpoint(connection: sqlite3.Connection, ledger_id: str) -> int:
    """See that the last checkpoint is one of this ledger; gives its number of entries, 0 without one.

    Raises:
        CaseError: it is not.
    """
    sql = "SELECT sequence, note FROM checkpoints ORDER BY sequence DESC LIMIT 1"
    found = connection.execute(sql).fetchone()
    if found is None:
        return 0
    sequence, text = int(found[0]), str(found[1])
    keys = tuple(note_key(ledger_id, key) for key in ledger_keys(connection))
    try:
        note = decode_note(text.encode())
        checkpoint = decode_checkpoint(note.text)
        is_signed = bool(check_note(note, keys, signature_holds))
    except ValueError as error:
        raise CaseError(f"the checkpoint of entry {sequence} cannot be read ({error})", "", CHECK_IT) from error
    wanted = (origin_of(ledger_id), sequence, root_of(sequence, nodes_in(connection)))
    if not is_signed or (checkpoint.origin, checkpoint.size, checkpoint.root) != wanted:
        raise CaseError(f"the checkpoint of entry {sequence} is not that of this ledger", "", CHECK_IT)
    return sequence
