"""A record in which a stranger has written every word."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from casedb.records import ExhibitRecord, Instant
from tests.report.samples import HOSTILE, damaged_record

LONG = HOSTILE + "n\u0301" * 5_000
KEPT = frozenset(("utc", "format", "last_entry_sha256", "root_sha256", "ledger_id"))
"""What the program itself makes or chooses from."""
Value = TypeVar("Value")


def hostile_record(word: str = HOSTILE) -> ExhibitRecord:
    """A record with this word in the place of every other, one of them long."""
    record = hostile(damaged_record(8, 30), word)
    return replace(record, exhibit=replace(record.exhibit, reference=word, description=LONG))


def hostile(value: Value, word: str) -> Value:
    """The same value, every string in it replaced."""
    changed: Any = value
    if isinstance(value, str):
        changed = word
    elif isinstance(value, Enum | Instant):
        changed = value
    elif is_dataclass(value) and not isinstance(value, type):
        known = {item.name: getattr(value, item.name) for item in fields(value) if item.init}
        changed = replace(value, **{name: hostile(item, word) for name, item in known.items() if name not in KEPT})
    elif isinstance(value, tuple):
        changed = tuple(hostile(item, word) for item in value)
    elif isinstance(value, Mapping):
        changed = {name: hostile(item, word) for name, item in value.items()}
    return changed  # type: ignore[no-any-return]
