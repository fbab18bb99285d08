"""Some entries of a ledger as lines of JSON, each with the proof that it stands in the tree of so many entries.

    {"sequence": 7, "entry": "...", "nonce": "...", "payload": "...", "proof": ["...", ...]}

Entry, nonce and payload are those of a bundle (casedb/bundle.py); the proof is the path from the entry to the root,
in Base 64 (RFC 6962, section 2.1.1). With a checkpoint over as many entries anybody can check each of them alone.
"""

import base64
import binascii
import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import TypedDict

import msgspec

from casedb.entry import NONCE_BYTES, Entry, EntryKind, decode_entry, payload_digest
from casedb.facts import person_id
from casedb.merkle import inclusion_path, is_included, leaf_hash
from casedb.tree_nodes import nodes_in

MAXIMUM_EXCERPT_BYTES = 256 * 1024 * 1024
_OF_THE_CASE = frozenset(
    kind.value
    for kind in (EntryKind.LEDGER_OPENED, EntryKind.CASE_CREATED, EntryKind.KEY_ADDED, EntryKind.KEY_ROTATED)
)


class _Line(TypedDict):
    """One line as it is written."""

    sequence: int
    entry: str
    nonce: str | None
    payload: str | None
    proof: list[str]


def read_excerpt(
    connection: sqlite3.Connection, exhibit: str | None, people: Iterable[str], size: int
) -> Iterator[bytes]:
    """The lines for what concerns an exhibit (None: for all entries) among the first `size` entries.

    To an exhibit belong its own entries, those that open case and ledger or are about keys, and those that name
    `people` (their ids). A payload that was redacted is null.
    """
    node_at = nodes_in(connection)
    named = {number for number in people if number}
    sql = (
        "SELECT sequence, entry, payload FROM entries LEFT JOIN payloads USING (sequence) "
        "WHERE sequence <= ? ORDER BY sequence"
    )
    for sequence, entry, payload in connection.execute(sql, (size,)):
        if exhibit is None or _concerns(decode_entry(entry), exhibit, named):
            yield _encoded(sequence, entry, payload, inclusion_path(sequence - 1, size, node_at))


def _concerns(entry: Entry, exhibit: str, people: set[str]) -> bool:
    """Whether an entry belongs to what is told of an exhibit."""
    if entry.type == EntryKind.PERSON_ADDED.value:
        return person_id(entry.seq) in people
    return entry.exhibit == exhibit or entry.type in _OF_THE_CASE


def excerpt_problems(data: bytes, size: int, root: bytes) -> tuple[str, ...]:
    """What is wrong with an excerpt, given the size and the root of the tree that its proofs lead to."""
    if len(data) > MAXIMUM_EXCERPT_BYTES:
        return (f"the excerpt is too large: {len(data)} bytes",)
    return tuple(
        f"line {number}: {problem}"
        for number, line in enumerate(data.splitlines(), start=1)
        if (problem := _problem(line, size, root)) is not None
    )


def _encoded(sequence: int, entry: bytes, payload: bytes | None, path: tuple[bytes, ...]) -> bytes:
    """One line."""
    line: _Line = {
        "sequence": sequence,
        "entry": entry.decode(),
        "nonce": payload[:NONCE_BYTES].hex() if payload else None,
        "payload": payload[NONCE_BYTES:].decode() if payload else None,
        "proof": [base64.b64encode(step).decode() for step in path],
    }
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _problem(data: bytes, size: int, root: bytes) -> str | None:
    """What is wrong with one line, or None."""
    try:
        line = msgspec.json.decode(data, type=_Line)
        entry, path = line["entry"].encode(), [base64.b64decode(step, validate=True) for step in line["proof"]]
        payload = _payload(line)
        decoded = decode_entry(entry)
    except (msgspec.MsgspecError, binascii.Error, ValueError, RecursionError) as error:
        return f"not an entry with its proof ({error})"
    if decoded.seq != line["sequence"]:
        return f"it is called entry {line['sequence']} and is entry {decoded.seq}"
    if payload is not None and payload_digest(payload) != decoded.payload_sha256:
        return f"the payload of entry {decoded.seq} is not the one that was recorded"
    if not is_included(leaf_hash(entry), decoded.seq - 1, size, path, root):
        return f"entry {decoded.seq} is not in the ledger"
    return None


def _payload(line: _Line) -> bytes | None:
    """The exact bytes of a payload.

    Raises:
        ValueError: half of it is missing.
    """
    if (line["nonce"] is None) is not (line["payload"] is None):
        raise ValueError("a payload without a nonce, or a nonce without a payload")
    if line["nonce"] is None or line["payload"] is None:
        return None
    return bytes.fromhex(line["nonce"]) + line["payload"].encode()
