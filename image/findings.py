"""Findings: what can be wrong with an image or an acquisition, as values.

Every code stands in findings.toml with its severity and its meaning; nothing else may be found.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TypedDict, Unpack

from image.data_tables import data_table
from image.sectors import SectorRange


class Severity(Enum):
    """What a finding does to the verdict."""

    FAILURE = "failure"
    """Something disagrees: FAILED."""
    GAP = "gap"
    """Something could not be checked: INDETERMINATE."""
    NOTE = "note"
    """Worth saying; the verdict stays as it is."""


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One code of the catalogue: its severity and what it means in a sentence."""

    code: str
    severity: Severity
    meaning: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen: where (segment file name, byte offset in it, sectors of the image) and in what way.

    `expected` and `found` are short texts (hex, numbers) where two things disagree.
    """

    code: str
    severity: Severity
    detail: str
    segment: str | None = None
    offset_bytes: int | None = None
    sectors: SectorRange | None = None
    expected: str | None = None
    found: str | None = None


class Seen(TypedDict, total=False):
    """What a finding tells beside its code and detail, where it can: fields of `Finding`."""

    segment: str | None
    offset_bytes: int | None
    sectors: SectorRange | None
    expected: str | None
    found: str | None


@cache
def catalogue() -> dict[str, FindingKind]:
    """Every finding the product can make, by code."""
    table = data_table("image", "findings.toml")
    return {code: FindingKind(code, Severity(row["severity"]), row["meaning"]) for code, row in table.items()}


def finding(code: str, detail: str, **seen: Unpack[Seen]) -> Finding:
    """A finding with the severity that the catalogue gives its code.

    Raises:
        KeyError: a code that is not in findings.toml, which is a bug of ours.
    """
    return Finding(code, catalogue()[code].severity, detail, **seen)
