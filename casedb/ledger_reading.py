"""The ledger as it is read for the record: entries, their payloads, and where it stands.

A payload is compared with the digest in its entry before it is believed.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

import msgspec

from casedb.entry import Entry, decode_entry, decode_payload, entry_digest, payload_digest
from casedb.merkle import root_of
from casedb.projections import decode_facts
from casedb.records import LedgerHead
from image.errors import CaseError

Facts = TypeVar("Facts")
Record = TypeVar("Record")
Columns: TypeAlias = dict[str, Any]

_DIGEST = re.compile(r"[0-9a-f]{64}")
CHECK_IT = "See what it is: diskwitness ledger verify"


class RowSource(Protocol):
    """Where rows come from: a database that answers a query with one dictionary for each row."""

    def query(self, sql: str, params: Sequence[str | int | None] | None = None) -> Iterator[Columns]:
        """The rows of a query, by column name."""
        ...


def read_head(rows: RowSource) -> LedgerHead:
    """Where the ledger stands.

    Raises:
        CaseError: the ledger is empty, or its last entry is none.
    """
    last = next(rows.query("SELECT sequence, entry FROM entries ORDER BY sequence DESC LIMIT 1"), None)
    if last is None:
        raise CaseError("the ledger is empty")
    data = last["entry"]
    size = last["sequence"]
    return LedgerHead(_decoded(data, size).ledger, size, entry_digest(data), _root(rows, size).hex())


def _root(rows: RowSource, size: int) -> bytes:
    """The root of the tree over the first `size` entries."""

    def node_at(level: int, position: int) -> bytes:
        sql = "SELECT sha256 FROM tree_nodes WHERE sequence = ? AND level = ?"
        found = next(rows.query(sql, [(position + 1) << level, level]), {"sha256": ""})
        if _DIGEST.fullmatch(str(found["sha256"])) is None:
            raise CaseError(f"node {position} of level {level} of the ledger's tree is not there", "", CHECK_IT)
        return bytes.fromhex(found["sha256"])

    return root_of(size, node_at)


def read_ledger_id(rows: RowSource) -> str:
    """The id of the ledger, as its first entry tells it; works on a structure of any version.

    Raises:
        CaseError: the ledger is empty, or its first entry is none.
    """
    return read_entry(rows, 1).ledger


def read_entry(rows: RowSource, sequence: int) -> Entry:
    """The entry of this number.

    Raises:
        CaseError: there is none, or it is none.
    """
    found = next(rows.query("SELECT entry FROM entries WHERE sequence = ?", [sequence]), None)
    if found is None:
        raise CaseError(f"the ledger has no entry {sequence}")
    return _decoded(found["entry"], sequence)


def _decoded(data: bytes, sequence: int) -> Entry:
    """The entry in these bytes; a damaged file may hold a number in their place."""
    _require_bytes(data, f"entry {sequence} of the ledger")
    try:
        return decode_entry(data)
    except ValueError as error:
        raise CaseError(f"entry {sequence} of the ledger cannot be read ({error})") from error


def _require_bytes(data: object, what: str) -> None:
    """Raise CaseError for a column that is not made of bytes."""
    if not isinstance(data, bytes):
        raise CaseError(f"{what} is not made of bytes", "", CHECK_IT)


def has_payload(rows: RowSource, sequence: int) -> bool:
    """Whether the payload of an entry is still there; it may have been redacted."""
    return next(rows.query("SELECT 1 FROM payloads WHERE sequence = ?", [sequence]), None) is not None


def read_payload(rows: RowSource, sequence: int) -> bytes:
    """The bytes of one payload.

    Raises:
        CaseError: the payload is gone, or is not what was recorded.
    """
    found = next(rows.query("SELECT payload FROM payloads WHERE sequence = ?", [sequence]), None)
    if found is None:
        raise CaseError(f"the payload of entry {sequence} is not there", "", CHECK_IT)
    _require_bytes(found["payload"], f"the payload of entry {sequence}")
    if payload_digest(found["payload"]) != read_entry(rows, sequence).payload_sha256:
        raise CaseError(f"the payload of entry {sequence} was altered", "", CHECK_IT)
    return bytes(found["payload"])


def read_facts(rows: RowSource, sequence: int, shape: type[Facts]) -> Facts:
    """The facts of one entry.

    Raises:
        CaseError: the payload is gone, or is not what was recorded.
    """
    payload = read_payload(rows, sequence)
    try:
        return decode_facts(decode_payload(payload), shape)
    except ValueError as error:
        raise CaseError(f"the payload of entry {sequence} cannot be read ({error})") from error


def read_operator(rows: RowSource, sequence: int) -> str | None:
    """Who sat at the keyboard when an entry was written.

    Raises:
        CaseError: the payload is gone, or is not what was recorded.
    """
    payload = read_payload(rows, sequence)
    try:
        return decode_payload(payload).operator
    except ValueError as error:
        raise CaseError(f"the payload of entry {sequence} cannot be read ({error})") from error


def instants_in(row: Columns, *names: str) -> Columns:
    """The instants that stand in two columns each."""
    return {name: {"utc": row[f"{name}_utc"], "offset_minutes": row[f"{name}_offset_minutes"]} for name in names}


def record_from(shape: type[Record], *columns: Columns) -> Record:
    """A record from its columns; those it does not know stay where they are.

    Raises:
        CaseError: a row that is none of ours.
    """
    values: Columns = {}
    for part in columns:
        values |= part
    try:
        return msgspec.convert(values, shape)
    except (msgspec.MsgspecError, ValueError) as error:
        raise CaseError("a row of the case database was altered", shape.__name__, CHECK_IT) from error
