"""Corrections: which facts can be corrected, the rows of a correction, and facts as they stand after some. Pure.

A correction never touches the entry it amends: its fields are laid over the columns of that entry when read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from casedb.amendments import Change, Correction
from casedb.entry import EntryKind
from casedb.records import CustodyEvent, CustodyKind, Person, Rehash, Role
from casedb.rows import Row, Value, Written, moment, row
from casedb.submissions import NewCustodyEvent, NewExhibit, NewPerson
from image.errors import UsageError
from image.times import Instant

if TYPE_CHECKING:
    from casedb.facts import Corrected

WITHDRAWN = "withdrawn"
_AT = ("at_utc", "at_offset_minutes")
_NUMBERS = frozenset({"verification", "at_offset_minutes"})
PEOPLE_FIELDS = frozenset({"released_by", "received_by", "performed_by", "witness", "examiner"})
"""Fields that hold the id of a person."""

_CASE_FIELDS = frozenset({"number", "examiner", "agency", "title", "description", "legal_authority"})


def _names(shape: type, *without: str) -> frozenset[str]:
    """The fields of a submission but for those that cannot be corrected."""
    return frozenset(item.name for item in fields(shape)) - frozenset(without)


CORRECTABLE: dict[EntryKind, frozenset[str]] = {
    EntryKind.CASE_CREATED: _CASE_FIELDS,
    EntryKind.PERSON_ADDED: _names(NewPerson),
    EntryKind.EXHIBIT_ADDED: _names(NewExhibit, "reference"),
    EntryKind.CUSTODY_RECORDED: _names(NewCustodyEvent, "exhibit", "at", "clock") | {WITHDRAWN},
}
"""What can be corrected of which entries. An exhibit's reference stands on labels and in every entry about it."""

_NEVER_EMPTY = {
    EntryKind.CASE_CREATED: frozenset({"number", "examiner"}),
    EntryKind.PERSON_ADDED: frozenset({"name", "role"}),
    EntryKind.EXHIBIT_ADDED: frozenset({"description"}),
    EntryKind.CUSTODY_RECORDED: frozenset({"kind"}),
}


_READERS: dict[EntryKind, dict[str, Callable[[str], object]]] = {
    EntryKind.PERSON_ADDED: {"role": Role},
    EntryKind.CUSTODY_RECORDED: {"kind": CustodyKind, "rehash": Rehash, "verification": int},
}
"""Fields that are no plain text, and what reads them."""


@dataclass(frozen=True)
class StoredCorrection:
    """A correction as its rows have it: the values to lay over columns."""

    correction: Correction
    values: Mapping[str, str | None]


def require_correctable(kind: EntryKind, sequence: int, facts: "Corrected") -> None:
    """Refuse a correction of what cannot be corrected, or of nothing.

    Raises:
        UsageError: says which entry or field.
    """
    allowed = CORRECTABLE.get(kind)
    if allowed is None:
        what = f"an entry of type {kind.value} cannot be corrected"
        raise UsageError(what, f"entry {sequence}", "Record what is right by a new entry")
    if not facts.changes and facts.at is None:
        raise UsageError("nothing to correct", f"entry {sequence}", "Say what is right")
    for name, value in facts.changes.items():
        if name not in allowed:
            raise UsageError(f"{name} of an entry of type {kind.value} cannot be corrected", f"entry {sequence}")
        if name in _NEVER_EMPTY[kind] and not (value or "").strip():
            raise UsageError(f"the {name.replace('_', ' ')} cannot be empty", f"entry {sequence}")
    if facts.at is not None and kind is not EntryKind.CUSTODY_RECORDED:
        raise UsageError(f"an entry of type {kind.value} tells no time", f"entry {sequence}")


def require_usable_values(kind: EntryKind, sequence: int, facts: "Corrected") -> None:
    """Refuse a value that its field cannot hold.

    Raises:
        UsageError: says which.
    """
    for name, read in _READERS.get(kind, {}).items():
        value = facts.changes.get(name)
        try:
            read(value) if value is not None else None
        except ValueError as error:
            raise UsageError(f"{value!r} is no {name}", f"entry {sequence}") from error


def corrected_event(event: CustodyEvent, facts: "Corrected") -> NewCustodyEvent:
    """A custody event as it would have been told with this correction."""
    told: dict[str, object] = {}
    for name in (item.name for item in fields(NewCustodyEvent)):
        value = getattr(event, name)
        told[name] = value.person_id if isinstance(value, Person) else value
    readers = _READERS[EntryKind.CUSTODY_RECORDED]
    for name, text in facts.changes.items():
        told[name] = readers[name](text) if text is not None and name in readers else text
    return NewCustodyEvent(**(told | {"at": facts.at or event.at}))  # type: ignore[arg-type]  # fields by name


def correction_rows(written: Written, facts: "Corrected") -> Iterable[Row]:
    """A correction, and each field that it corrects."""
    sequence = written.entry.seq
    yield row(
        "corrections",
        sequence=sequence,
        amends=facts.amends,
        reason=facts.reason,
        recorded_by=written.operator,
        **moment("recorded", written.entry.at),
    )
    told: list[tuple[str, str | None]] = sorted(facts.changes.items())
    if facts.at is not None:
        told += [("at_utc", facts.at.utc), ("at_offset_minutes", str(facts.at.offset_minutes))]
    for position, (field, value) in enumerate(told):
        yield row("corrected_fields", sequence=sequence, position=position, field=field, value=value)


def _column_value(field: str, text: str | None) -> Value:
    """A corrected field as its column holds it."""
    return int(text) if text is not None and field in _NUMBERS else text


def lay_over(
    columns: Mapping[str, Value], corrections: Sequence[StoredCorrection], names: Mapping[str, str]
) -> tuple[dict[str, Value], tuple[Correction, ...]]:
    """The columns as they stand after these corrections, and the corrections with what each one changed.

    `names` tells people by id, so that a change can be read.
    """
    now = dict(columns)
    told: list[Correction] = []
    for item in corrections:
        changes = tuple(_changes(now, item.values, names))
        told.append(replace(item.correction, changes=changes))
        now |= {field: _column_value(field, value) for field, value in item.values.items()}
    return now, tuple(told)


def _changes(now: Mapping[str, Value], values: Mapping[str, Value], names: Mapping[str, str]) -> Iterable[Change]:
    """What laying these values over the columns changes."""
    for field in sorted(values):
        if field not in _AT:
            before, after = (_shown(field, part.get(field), names) for part in (now, values))
            yield Change(field, before, after)
    if _AT[0] in values:
        yield Change("at", _moment(now), _moment(values))


def _shown(field: str, value: Value, names: Mapping[str, str]) -> str | None:
    """A value as a reader reads it: people by name."""
    if value is None:
        return None
    return f"{names[str(value)]} ({value})" if field in PEOPLE_FIELDS and str(value) in names else str(value)


def _moment(columns: Mapping[str, Value]) -> str:
    """The time in two columns, as it is printed."""
    utc, offset = (columns[name] for name in _AT)
    return str(Instant(str(utc), int(offset or 0)))
