"""An exported ledger checked as the database is: entries, payloads, tree, checkpoints, timestamps, copies.

The files come from strangers: regular files alone, each line and each checkpoint within its bounds.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from casedb.bundle import CHECKPOINTS, ENTRIES_FILE
from casedb.chain_check import ChainWalk, StoredEntry
from casedb.checkpoint_check import Copy
from casedb.entry import MAXIMUM_ENTRY_BYTES, MAXIMUM_PAYLOAD_BYTES, entry_digest
from casedb.ledger_check import LedgerCheck, walks_of
from casedb.signed_note import MAXIMUM_NOTE_BYTES
from image.bounded_files import read_bounded
from image.errors import CaseError

MAXIMUM_LINE_BYTES = 2 * (MAXIMUM_PAYLOAD_BYTES + MAXIMUM_ENTRY_BYTES)
"""JSON in JSON: what is quoted again becomes longer, and at most twice as long where it is mostly quotes."""


class BundleLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the entries: exact text of entry and payload, the nonce in hex."""

    sequence: int
    entry: str
    nonce: str | None
    payload: str | None


def check_bundle(folder: Path, copies: Sequence[Copy] = (), authorities: Sequence[bytes] = ()) -> LedgerCheck:
    """Check the ledger in a bundle, also against copies of its checkpoints.

    Raises:
        CaseError: no bundle, or not one that can be read to its end.
    """
    chain = ChainWalk()
    walks = walks_of(chain, copies, authorities)
    try:
        notes = dict(_notes(folder))
        for stored in _entries(folder / ENTRIES_FILE):
            chain.take(stored)
            note = notes.pop(stored.sequence, None)
            walks.checkpoints.take(stored, chain.entry, note)
            walks.timestamps.take(stored, chain.entry, note)
    except (OSError, ValueError) as error:
        raise CaseError(f"not a bundle that can be read ({error})", str(folder)) from error
    for sequence in sorted(notes):
        chain.report("ledger-row-unknown", f"the checkpoint of entry {sequence} belongs to no entry", sequence)
    walks.checkpoints.finish()
    return walks.result(chain.finish())


def _notes(folder: Path) -> Iterator[tuple[int, str]]:
    """The checkpoints by the entry that they follow.

    Raises:
        ValueError: a file that has not the name of one, or is no text.
    """
    for path in (folder / CHECKPOINTS).glob("*.txt"):
        yield int(path.stem), read_bounded(path, MAXIMUM_NOTE_BYTES, "checkpoint").decode()


def _entries(path: Path) -> Iterator[StoredEntry]:
    """The entries in order.

    Raises:
        OSError: the file cannot be read, or is a link or a pipe.
        ValueError: a line that is none.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        while line := file.readline(MAXIMUM_LINE_BYTES + 1):
            if len(line) > MAXIMUM_LINE_BYTES:
                raise ValueError("a line of the entries is too long")
            yield _stored(line)


def _stored(line: bytes) -> StoredEntry:
    """The entry in one line.

    Raises:
        ValueError: the line is none.
    """
    try:
        given = msgspec.json.decode(line, type=BundleLine)
        entry = given.entry.encode()
        payload = None
        if given.payload is not None and given.nonce is not None:
            payload = bytes.fromhex(given.nonce) + given.payload.encode()
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise ValueError(f"a line of the entries is none: {error}") from error
    return StoredEntry(given.sequence, entry, bytes.fromhex(entry_digest(entry)), payload)
