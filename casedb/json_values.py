"""Values of the product as JSON has them: records become objects, moments text with their offset."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import PurePath
from typing import TypeAlias

from image.sectors import SectorRanges
from image.times import Instant

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | SectorRanges | None"
"""Ranges stay as they are: json_text.py makes their text while it is printed."""

More: TypeAlias = Callable[[object], dict[str, Json]]
"""What is told of a record before its fields."""


def json_value(value: object, more: More = lambda _: {}) -> Json:
    """Turn a record, and all that it holds, into what JSON can say.

    Raises:
        TypeError: a value of a kind that no record holds, which is a bug of ours.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Enum():
            return json_value(value.value)
        case Instant() | PurePath():
            return str(value)
        case datetime():
            return value.isoformat()
        case bytes():
            return value.hex()
        case SectorRanges():
            return [{"first_sector": first, "sector_count": count} for first, count in value.pairs()]
        case Mapping():
            return {str(name): json_value(item, more) for name, item in value.items()}
        case Sequence() | frozenset():
            return [json_value(item, more) for item in value]
    if is_dataclass(value):
        return more(value) | {field.name: json_value(getattr(value, field.name), more) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")
