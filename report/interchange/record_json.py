"""The record of an exhibit as JSON: every field of casedb/records.py under its own name, verdicts with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum

from casedb.records import Instant, SectorRange, VerificationResult
from report.interchange.exported import Exported

KIND = "diskwitness record"
VERSION = 1


def render_json(exported: Exported) -> str:
    """The record as one JSON object of ASCII letters; the strings in it are exact, nothing is escaped for print.

    Moments are ISO 8601 with their offset; sizes bytes; sectors count from 0.
    """
    made = {
        "kind": KIND,
        "version": VERSION,
        "program": f"diskwitness {exported.version}",
        "exported": _plain(exported.report.issue.issued),
        "exported_by": exported.report.issue.issuer,
        "reported_acquisition": getattr(exported.subject.acquisition, "started_sequence", None),
        "reported_verification": getattr(exported.subject.verification, "sequence", None),
        "entered": dict(exported.report.issue.entered),
        "record": _plain(exported.record),
    }
    return json.dumps(made, indent=2) + "\n"


def _plain(value: object) -> object:
    """A value of the record as JSON knows it.

    Raises:
        TypeError: a value of a kind that no record holds, which is a bug of ours.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Enum():
            return value.value
        case Instant():
            return str(value)
        case SectorRange():
            return {"first_sector": value.first_sector, "sector_count": value.sector_count}
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items()}
        case Sequence():
            return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _record(value: object) -> dict[str, object]:
    """A record as an object; a verification has its verdict beside it."""
    made = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]
    return {"verdict": value.verdict.value, **made} if isinstance(value, VerificationResult) else made
