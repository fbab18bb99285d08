"""Values of the product as JSON has them: records become objects, moments text with their offset."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import PurePath
from typing import TypeAlias

from image.sectors import SectorRanges
from image.times import Instant

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | SectorRanges | None"
"""Ranges stay as they are: json_text.py makes their text while it is printed."""


def json_value(value: object) -> Json:
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
        case dict():
            return {str(name): json_value(item) for name, item in value.items()}
        case list() | tuple() | frozenset():
            return [json_value(item) for item in value]
        case SectorRanges():
            return [{"first_sector": first, "sector_count": count} for first, count in value.pairs()]
    if is_dataclass(value):
        return {field.name: json_value(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")
