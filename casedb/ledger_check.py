"""The proof that the record was not rewritten: structure, chain, payloads, rows, tree, checkpoints and their keys.

Only a checkpoint that was kept elsewhere shows that the end was cut off, the file replaced by an older copy, or
history rewritten with the real key; docs/reference/casedb.md says what each part finds.
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from casedb.authorities import token_check
from casedb.case_files import DATABASE_FILE
from casedb.chain_check import ChainWalk, LedgerFinding, StoredEntry, first_bad_entry
from casedb.checkpoint_check import CheckpointWalk, Copy, KnownKey
from casedb.checkpoint_copies import copies_in
from casedb.connection import (
    DATABASE_ERRORS,
    connect_for_reading,
    refuse_network_folder,
    schema_version,
)
from casedb.keys import signature_holds
from casedb.projection_check import Difference, TableWalk
from casedb.rows import KEYS_TABLE, Row
from casedb.schema import SchemaObject, expected_schema, foreign_objects, missing_objects, steps
from casedb.signatures_ahead import SignaturesAhead
from casedb.signed_note import SignedNote
from casedb.timestamp_check import CheckedTimestamp, TimestampWalk
from casedb.tree_nodes import TABLE as NODES_TABLE
from image.errors import CaseError
from image.findings import Severity
from image.times import Instant

LEDGER_TABLES = frozenset({"entries", "payloads", "checkpoints"})
_INTEGRITY_LINES = 20
_HINTS = 16
"""So many keys are tried ahead; a ledger has few."""


@dataclass(frozen=True)
class LedgerCheck:
    """What was found; `redacted` are the entries whose payload was taken away by a later one.

    `keys` sign the checkpoints, `last_checkpoint` is the last good one in the file; `confirmed` are the places of
    the copies kept elsewhere that the ledger answers to. `timestamps` are the good ones; checkpoints wait for one
    since `waiting_since` (None: none do).
    """

    ledger_id: str | None
    entry_count: int
    head_sha256: str | None
    findings: tuple[LedgerFinding, ...]
    redacted: tuple[int, ...]
    keys: tuple[KnownKey, ...] = ()
    last_checkpoint: SignedNote | None = None
    confirmed: tuple[str, ...] = ()
    timestamps: tuple[CheckedTimestamp, ...] = ()
    waiting_since: Instant | None = None

    @property
    def last_timestamp(self) -> CheckedTimestamp | None:
        """The timestamp that covers most of the ledger."""
        return max(self.timestamps, key=attrgetter("checkpoint_size"), default=None)

    @property
    def unknown_authorities(self) -> tuple[str, ...]:
        """The authorities that signed timestamps and are none of those believed."""
        return tuple(dict.fromkeys(item.authority for item in self.timestamps if not item.is_believed))

    @property
    def failures(self) -> tuple[LedgerFinding, ...]:
        """The findings that say the record is not what was written."""
        return tuple(item for item in self.findings if item.finding.severity is Severity.FAILURE)

    @property
    def is_sound(self) -> bool:
        """Whether everything in the file is what the ledger says."""
        return not self.failures

    def unknown_signers(self, trusted: Collection[str]) -> tuple[KnownKey, ...]:
        """The keys that signed checkpoints and are none of those trusted (public halves in hex)."""
        return tuple(item for item in self.keys if item.checkpoint_count and item.key.public not in trusted)

    @property
    def first_bad_entry(self) -> int | None:
        """The number of the first entry with a failure, where a failure concerns one."""
        return first_bad_entry(self.failures)


@dataclass(frozen=True)
class Walks:
    """What goes along the ledger from its first entry to its last."""

    chain: ChainWalk
    checkpoints: CheckpointWalk
    timestamps: TimestampWalk

    def result(self, redacted: tuple[int, ...]) -> LedgerCheck:
        """What was found, at the end."""
        walk, checkpoints = self.chain, self.checkpoints
        return LedgerCheck(
            walk.ledger_id,
            walk.entry_count,
            walk.head_sha256,
            walk.findings,
            redacted,
            tuple(checkpoints.keys.values()),
            checkpoints.last_checkpoint,
            tuple(copy.where for copy in checkpoints.confirmed),
            tuple(self.timestamps.stamps),
            self.timestamps.waiting_since,
        )


def walks_of(chain: ChainWalk, copies: Sequence[Copy], authorities: Sequence[bytes]) -> Walks:
    """What checks a ledger, also against these copies of its checkpoints; all report where the chain does."""
    checkpoints = CheckpointWalk(chain.report, signature_holds, copies)
    return Walks(chain, checkpoints, TimestampWalk(chain.report, token_check(authorities)))


def check_ledger(folder: Path, copies: Sequence[Copy] = (), authorities: Sequence[bytes] = ()) -> LedgerCheck:
    """Check the whole record of the case in this folder, also against copies of checkpoints; writes nothing.

    `authorities` are texts of PEM: the certificates of time-stamping authorities that are believed.

    Raises:
        CaseError: no case, one of a newer version, on a network file system, or not readable at all.
    """
    path = folder / DATABASE_FILE
    refuse_network_folder(folder)
    if not path.is_file():
        raise CaseError("no case here", str(folder), "Name the folder of a case")
    walk = ChainWalk()
    walks = walks_of(walk, (*copies, *_copies_in(folder, walk)), authorities)
    redacted: tuple[int, ...] = ()
    try:
        connection = connect_for_reading(path)
        try:
            redacted = _check_database(connection, path, walks)
        finally:
            connection.close()
    except DATABASE_ERRORS as error:
        walk.report("ledger-unreadable", f"the database cannot be read: {error}", None)
    except OSError as error:
        raise CaseError(f"cannot read the case ({error.strerror or error})", str(path)) from error
    return walks.result(redacted)


def _copies_in(folder: Path, walk: ChainWalk) -> Iterator[Copy]:
    """The copies of checkpoints that lie in the case folder itself."""
    for item in copies_in(folder):
        if isinstance(item, Copy):
            yield item
        else:
            walk.report("ledger-checkpoint-altered", item, None)


def _check_database(connection: sqlite3.Connection, path: Path, walks: Walks) -> tuple[int, ...]:
    """Everything in the file, as of one moment."""
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    version = schema_version(connection, path)
    connection.execute("BEGIN")
    altered = _check_structure(connection, version, walks.chain)
    _check_integrity(connection, walks.chain)
    if altered & LEDGER_TABLES:
        return ()
    return _check_rows(connection, version, altered, walks)


def _check_structure(connection: sqlite3.Connection, version: int, walk: ChainWalk) -> frozenset[str]:
    """Compare the structure with the one we make; return the names of altered or absent tables."""
    known = steps()[:version]
    foreign, missing = foreign_objects(connection, known), missing_objects(connection, known)
    gone = {item.name for item in missing}
    there = {item.name for item in foreign}
    for item in foreign:
        told = "is not as it was made" if item.name in gone else "does not belong to a case"
        _report_object(walk, item, told)
    for item in missing:
        if item.name not in there:
            _report_object(walk, item, "is missing")
    mode = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    if mode != "delete":
        walk.report("ledger-structure", "the journal mode of the database was changed", None, "delete", mode)
    return frozenset(item.name for item in missing if item.kind == "table")


def _report_object(walk: ChainWalk, item: SchemaObject, told: str) -> None:
    """Keep a finding about one object of the structure."""
    walk.report("ledger-structure", f"{item.kind} {ascii(item.name)[:80]} {told}", None)


def _check_integrity(connection: sqlite3.Connection, walk: ChainWalk) -> None:
    """What SQLite itself has to say of the file."""
    for (line,) in connection.execute(f"PRAGMA integrity_check({_INTEGRITY_LINES})"):
        if line != "ok":
            walk.report("ledger-unreadable", f"SQLite finds the file damaged: {ascii(line)[1:-1][:200]}", None)


def _check_rows(
    connection: sqlite3.Connection, version: int, altered: frozenset[str], walks: Walks
) -> tuple[int, ...]:
    """The ledger from end to end, and beside it the tables made from it and the checkpoints over it."""
    walk, checkpoints = walks.chain, walks.checkpoints
    tables = {item.name for item in expected_schema(steps()[:version]) if item.kind == "table"}
    projections = {name: TableWalk(connection, name) for name in sorted(tables - LEDGER_TABLES - altered)}
    notes = _stored_notes(connection, walk) if "checkpoints" in tables else {}
    keys = _hinted_keys(connection) if KEYS_TABLE in projections else ()
    with SignaturesAhead(signature_holds, keys, notes) as ahead:
        checkpoints.check = ahead.holds
        for stored in _stored_entries(connection, walk):
            ahead.reach(stored.sequence)
            made = _rows_of(stored, walks, notes.pop(stored.sequence, None))
            if checkpoints.is_broken:
                projections.pop(NODES_TABLE, None)
            for name, table in projections.items():
                if name in made or table.due <= stored.sequence:
                    _keep(walk, table.compare(stored.sequence, made.get(name, ())))
    for table in projections.values():
        _keep(walk, map(table.unknown, table.take_until(None)))
    for sequence in sorted(notes):
        walk.report("ledger-row-unknown", f"table checkpoints, row {sequence} belongs to no entry", sequence)
    _check_lone_payloads(connection, walk)
    checkpoints.finish()
    return walk.finish()


def _rows_of(stored: StoredEntry, walks: Walks, note: str | None) -> dict[str, list[Row]]:
    """Check one entry and the checkpoint beside it; gives the rows that they come to, by table."""
    entry_rows = walks.chain.take(stored)
    tree_rows = walks.checkpoints.take(stored, walks.chain.entry, note)
    walks.timestamps.take(stored, walks.chain.entry, note)
    made: dict[str, list[Row]] = {}
    for row in (*entry_rows, *tree_rows):
        made.setdefault(row.table, []).append(row)
    return made


def _hinted_keys(connection: sqlite3.Connection) -> tuple[bytes, ...]:
    """The keys that the tables name, to guess by which of them a checkpoint is signed; proves nothing."""
    keys: list[bytes] = []
    for (public,) in connection.execute("SELECT DISTINCT public FROM ledger_keys LIMIT ?", (_HINTS,)):
        try:
            keys.append(bytes.fromhex(public))
        except (TypeError, ValueError):
            continue
    return tuple(keys)


def _keep(walk: ChainWalk, differences: Iterator[Difference]) -> None:
    """Keep what differs as findings."""
    for item in differences:
        disagreement = () if item.expected is None or item.found is None else (item.expected, item.found)
        walk.report(item.code, item.detail, item.sequence, *disagreement)


def _stored_notes(connection: sqlite3.Connection, walk: ChainWalk) -> dict[int, str]:
    """The checkpoints in the file, by the entry they belong to; one that is no text is told and left out."""
    notes: dict[int, str] = {}
    for sequence, note in connection.execute("SELECT sequence, note FROM checkpoints ORDER BY 1"):
        if isinstance(note, str):
            notes[sequence] = note
        else:
            walk.report("ledger-checkpoint-altered", f"the checkpoint of entry {sequence} is no text", sequence)
    return notes


def _stored_entries(connection: sqlite3.Connection, walk: ChainWalk) -> Iterator[StoredEntry]:
    """The rows of the ledger in order; one whose columns are no bytes is told and left out."""
    sql = (
        "SELECT sequence, entry, entry_sha256, payload FROM entries LEFT JOIN payloads USING (sequence) ORDER BY 1"
    )
    for sequence, entry, sha256, payload in connection.execute(sql):
        if not (isinstance(entry, bytes) and isinstance(sha256, bytes) and isinstance(payload, bytes | None)):
            walk.report("ledger-entry-unusable", f"entry {sequence} is not made of bytes", sequence)
            continue
        yield StoredEntry(sequence, entry, sha256, payload)


def _check_lone_payloads(connection: sqlite3.Connection, walk: ChainWalk) -> None:
    """Payloads that belong to no entry."""
    sql = "SELECT sequence FROM payloads WHERE sequence NOT IN (SELECT sequence FROM entries) ORDER BY 1"
    for (sequence,) in connection.execute(sql):
        walk.report("ledger-row-unknown", f"table payloads, row {sequence} belongs to no entry", sequence)
