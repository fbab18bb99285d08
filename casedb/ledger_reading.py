"""The ledger as it is read for the record: entries, their payloads, and where it stands.

A payload is compared with the digest in its entry before it is believed.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

import msgspec

from casedb.entry import Entry, decode_entry, decode_payload, entry_digest, payload_digest
from casedb.projections import decode_facts
from casedb.records import LedgerHead
from image.errors import CaseError

Facts = TypeVar("Facts")
Record = TypeVar("Record")
Columns: TypeAlias = dict[str, Any]

CHECK_IT = "See what it is: diskwitness ledger verify"


class RowSource(Protocol):
    """Where rows come from: a database that answers a query with one dictionary for each row."""

    def query(self, sql: str, params: Sequence[str | int] | None = None) -> Iterator[Columns]:
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
    return LedgerHead(_decoded(data, last["sequence"]).ledger, last["sequence"], entry_digest(data))


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
