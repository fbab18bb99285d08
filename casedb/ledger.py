"""Appending to the ledger: one writer at a time; entry, payload and projections together or not at all."""

import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from casedb.checkpointing import BETWEEN_DAYS, GetSigner, Signer, is_due, make_checkpoint
from casedb.closing import require_open
from casedb.entry import (
    NO_PREVIOUS,
    NONCE_BYTES,
    Entry,
    EntryClock,
    EntryKind,
    EntryTool,
    decode_entry,
    decode_payload,
    encode_entry,
    encode_payload,
    entry_digest,
    payload_digest,
)
from casedb.facts import KeyAdded, KeyRotated, rotation_statement
from casedb.ledger_keys import ledger_keys, may_sign, require_last_checkpoint
from casedb.locking import locked
from casedb.merkle import leaf_hash, root_of
from casedb.projections import project
from casedb.records import KeptCheckpoint
from casedb.rows import MIGRATIONS_TABLE, Row
from casedb.submissions import Actor
from casedb.tree_nodes import node_rows, nodes_in, tree_in
from image.errors import CaseError
from image.times import Clock, instant_from


@dataclass(frozen=True)
class Writer:
    """Who writes into which ledger, by which clock, and whose key signs its checkpoints."""

    ledger_id: str
    actor: Actor
    clock: Clock
    signer: GetSigner


@dataclass(frozen=True)
class LastEntry:
    """The end of the ledger: number, SHA-256, time and kind of its last entry, or 0, 64 zeros and neither."""

    sequence: int
    sha256: str
    utc: str | None = None
    kind: EntryKind | None = None


class Ledger:
    """The writing end of a ledger in an open database."""

    def __init__(self, connection: sqlite3.Connection, lock_path: Path, writer: Writer) -> None:
        self._connection = connection
        self._lock_path = lock_path
        self._writer = writer
        self._one_thread = threading.Lock()
        self._key_is_known = False
        self._made: KeptCheckpoint | None = None

    @contextmanager
    def recording(self, what: str) -> Iterator[None]:
        """Hold the ledger for one transaction; what is appended meanwhile is committed whole or not at all.

        Raises:
            CaseError: the system or the database refused; says that `what` was not recorded.
        """
        try:
            with self._one_thread, locked(self._lock_path), self._whole_or_not_at_all():
                yield
        except (sqlite3.Error, OSError) as error:
            raise CaseError(f"not recorded: {what} ({error})", str(self._lock_path.parent)) from error

    @contextmanager
    def _whole_or_not_at_all(self) -> Iterator[None]:
        """A transaction; where it is rolled back, we know no more of the ledger than before."""
        self._made = None
        with ExitStack() as undoing:
            undoing.callback(self._know_again, self._writer, self._key_is_known)
            with transaction(self._connection):
                yield
            undoing.pop_all()

    def _know_again(self, writer: Writer, key_is_known: bool) -> None:
        """Forget what was learned since these were so."""
        self._writer, self._key_is_known = writer, key_is_known

    def append(self, kind: EntryKind, facts: object, exhibit: str | None = None) -> int:
        """Append one entry inside `recording`, with its checkpoint where one is due, and return its number.

        Raises:
            CaseError: the facts cannot be recorded exactly, the last entry or checkpoint was altered, the case is
                closed, or the workstation's key cannot be used.
        """
        require_open(self._connection, kind)
        if kind is not EntryKind.LEDGER_OPENED and not self._key_is_known:
            self._introduce_key()
        return self._append(kind, facts, exhibit)

    def _append(self, kind: EntryKind, facts: object, exhibit: str | None = None) -> int:
        """Append one entry in the name of whatever key."""
        operator = None if kind is EntryKind.LEDGER_OPENED else self._writer.actor.name
        payload = encode_payload(secrets.token_bytes(NONCE_BYTES), facts, operator)
        last = read_last_entry(self._connection)
        data = encode_entry(self._next_entry(last, kind, payload_digest(payload), exhibit))
        sequence = last.sequence + 1
        self._connection.execute(
            "INSERT INTO entries (sequence, entry, entry_sha256) VALUES (?, ?, ?)",
            (sequence, data, bytes.fromhex(entry_digest(data))),
        )
        self._connection.execute("INSERT INTO payloads (sequence, payload) VALUES (?, ?)", (sequence, payload))
        entry = decode_entry(data)
        insert_rows(self._connection, project(entry, decode_payload(payload)))
        tree = tree_in(self._connection, last.sequence)
        insert_rows(self._connection, node_rows(sequence, tree.append(leaf_hash(data))))
        if is_due(kind, entry.ts_utc, utc_before(self._connection, last)):
            note = make_checkpoint(entry.ledger, tree.size, tree.root(), self._writer.signer())
            self._connection.execute("INSERT INTO checkpoints VALUES (?, ?)", (sequence, str(note)))
            self._made = KeptCheckpoint(sequence, str(note))
        return sequence

    def introduce_key(self) -> None:
        """See, inside `recording`, that this workstation's key may sign.

        Raises:
            CaseError: the last checkpoint is not that of this ledger, or the key was replaced by another.
        """
        if not self._key_is_known:
            self._introduce_key()

    def rotate_key(self, new: Signer) -> int | None:
        """Let another key sign from now on, inside `recording`; the number of the entry, None if it signs already.

        Raises:
            CaseError: the last checkpoint is not that of this ledger, or the old key may not sign here.
        """
        old, ledger_id = self._writer.signer(), self._writer.ledger_id
        require_last_checkpoint(self._connection, ledger_id)
        if new.key in ledger_keys(self._connection):
            return None
        if not may_sign(self._connection, old.key):
            self._append(EntryKind.KEY_ADDED, KeyAdded(old.key, 0))
        statement = rotation_statement(ledger_id, old.key, new.key)
        facts = KeyRotated(old.key, new.key, old.sign(statement).hex(), new.sign(statement).hex())
        self._writer = replace(self._writer, signer=lambda: new)
        return self._append(EntryKind.KEY_ROTATED, facts)

    def take_made(self) -> KeptCheckpoint | None:
        """The last checkpoint made in this `recording`, once; None without one."""
        made, self._made = self._made, None
        return made

    def sign_head(self) -> str:
        """A checkpoint over every entry there is, signed now; appends nothing.

        Raises:
            CaseError: the ledger does not know this key, or its last checkpoint is not its own.
        """
        signer, ledger_id = self._writer.signer(), self._writer.ledger_id
        require_last_checkpoint(self._connection, ledger_id)
        if not may_sign(self._connection, signer.key):
            raise CaseError("the ledger does not know this workstation's key", "", "Record something first")
        size = read_last_entry(self._connection).sequence
        return str(make_checkpoint(ledger_id, size, root_of(size, nodes_in(self._connection)), signer))

    def _introduce_key(self) -> None:
        """See that this workstation's key may sign; one the ledger does not know is told to it first.

        Raises:
            CaseError: the last checkpoint is not that of this ledger, or the key was replaced by another.
        """
        key = self._writer.signer().key
        checked_size = require_last_checkpoint(self._connection, self._writer.ledger_id)
        if not may_sign(self._connection, key):
            self._append(EntryKind.KEY_ADDED, KeyAdded(key, checked_size))
        self._key_is_known = True

    def _next_entry(self, last: LastEntry, kind: EntryKind, digest: str, exhibit: str | None) -> Entry:
        """The entry behind the last one, at this moment."""
        actor, clock = self._writer.actor, self._writer.clock
        now = clock.now()
        return Entry(
            actor=actor.person_id,
            clock=EntryClock(actor.clock_offset_ms, actor.clock_source),
            exhibit=exhibit,
            host=actor.host,
            ledger=self._writer.ledger_id,
            mono_ms=int(clock.monotonic() * 1000),
            payload_sha256=digest,
            prev=last.sha256,
            role=actor.role.value,
            seq=last.sequence + 1,
            tool=EntryTool(actor.program_sha256, actor.tool_version),
            ts_local_offset=now.offset_minutes,
            ts_utc=instant_from(now.as_datetime()).utc,
            type=kind.value,
        )


def read_last_entry(connection: sqlite3.Connection) -> LastEntry:
    """The end of the ledger.

    Raises:
        CaseError: the last entry is not the one that was written.
    """
    last = connection.execute(
        "SELECT sequence, entry, entry_sha256 FROM entries ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    if last is None:
        return LastEntry(0, NO_PREVIOUS)
    sequence, data, sha256 = last
    digest = entry_digest(data)
    if bytes.fromhex(digest) != sha256:
        raise CaseError(f"entry {sequence} of the ledger was altered", "", "See: diskwitness ledger verify")
    entry = decode_entry(data)
    return LastEntry(sequence, digest, entry.ts_utc, EntryKind(entry.type))


def utc_before(connection: sqlite3.Connection, last: LastEntry) -> str | None:
    """When the last entry was written, those left out that begin no day."""
    if last.kind not in BETWEEN_DAYS:
        return last.utc
    sql = "SELECT entry FROM entries WHERE sequence < ? ORDER BY sequence DESC"
    entries = (decode_entry(data) for (data,) in connection.execute(sql, (last.sequence,)))
    return next((entry.ts_utc for entry in entries if EntryKind(entry.type) not in BETWEEN_DAYS), None)


def insert_rows(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Put rows into the projections; those of the migrations table are already there."""
    for (table, columns), group in groupby(rows, attrgetter("table", "columns")):
        if table != MIGRATIONS_TABLE:
            connection.executemany(insert_statement(table, columns), [row.values for row in group])


def insert_statement(table: str, columns: tuple[str, ...]) -> str:
    """The statement that inserts one row; names are those of the projections, never a user's."""
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    return " ".join(("INSERT INTO", table, "(", names, ") VALUES (", places, ")"))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """An immediate transaction: committed at the end, rolled back after any failure."""
    connection.execute("BEGIN IMMEDIATE")
    with ExitStack() as undoing:
        undoing.callback(_roll_back, connection)
        yield
        connection.execute("COMMIT")
        undoing.pop_all()


def _roll_back(connection: sqlite3.Connection) -> None:
    """End the transaction as if it had never been, unless sqlite ended it already."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")
