"""What was taken away by order, as the ledger still knows it: the entries whose payloads are gone."""

from collections.abc import Iterable
from dataclasses import dataclass

from casedb.amendments import Redaction, redacted_text
from casedb.entry import EntryKind, decode_entry
from casedb.facts import person_id
from casedb.ledger_reading import CHECK_IT, Columns, RowSource, record_from
from casedb.records import CustodyKind
from casedb.rows import moment
from image.errors import CaseError

_REDACTIONS = """
SELECT r.sequence, r.redacted_sequence, r.authority, r.reason, l.concerns, own.entry AS own, named.entry AS named
FROM redactions r
JOIN entries own ON own.sequence = r.sequence
JOIN entries named ON named.sequence = r.redacted_sequence
LEFT JOIN redaction_links l ON l.sequence = r.sequence
ORDER BY r.sequence
"""


def read_redactions(rows: RowSource) -> tuple[Redaction, ...]:
    """Everything that was taken away, in the order it was.

    Raises:
        CaseError: an entry cannot be read.
    """
    return tuple(map(_redaction, rows.query(_REDACTIONS)))


@dataclass(frozen=True)
class _Row:
    """The columns of a redaction, with the bytes of its own entry and of the one it names."""

    sequence: int
    redacted_sequence: int
    authority: str
    reason: str
    concerns: int | None
    own: bytes
    named: bytes


def _redaction(columns: Columns) -> Redaction:
    """One redaction, with what the entry that it names still tells."""
    row = record_from(_Row, columns)
    try:
        own, named = decode_entry(row.own), decode_entry(row.named)
        EntryKind(named.type)
    except ValueError as error:
        raise CaseError(f"entry {row.sequence} cannot be read ({error})", "", CHECK_IT) from error
    return Redaction(
        sequence=row.sequence,
        recorded=own.at,
        redacted_sequence=row.redacted_sequence,
        entry_type=named.type,
        exhibit=named.exhibit,
        written=named.at,
        authority=row.authority,
        reason=row.reason,
        concerns=row.concerns,
    )


def of_kind(redactions: Iterable[Redaction], *kinds: EntryKind) -> tuple[Redaction, ...]:
    """Those of entries of these kinds."""
    wanted = {kind.value for kind in kinds}
    return tuple(item for item in redactions if item.entry_type in wanted)


def redacted_rows(redactions: Iterable[Redaction], *kinds: EntryKind) -> list[Columns]:
    """A row in the place of each of those of these kinds; columns that are gone are left out."""
    return [_stand_in(item) for item in of_kind(redactions, *kinds)]


def _stand_in(item: Redaction) -> Columns:
    """All that is known where a fact was taken away, under the names of the columns it stood in."""
    gone = redacted_text(item.sequence)
    at, number = item.written, item.redacted_sequence
    moments: Columns = {}
    for name in ("created", "added", "at", "recorded"):
        moments |= moment(name, at)
    told = {"number": gone, "name": gone, "description": gone, "role": None, "agency": None}
    ids = {"sequence": number, "person_id": person_id(number), "reference": item.exhibit, "exhibit": item.exhibit}
    if item.entry_type == EntryKind.CUSTODY_RECORDED.value:
        told = {"kind": CustodyKind.REDACTED.value, "note": gone}
    return moments | told | ids | {"redacted_by": item.sequence}
