"""The record of an exhibit as JSON: every field of casedb/records.py under its own name, verdicts with it."""

import json

from casedb.json_values import Json, json_value
from casedb.records import VerificationResult
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
        "exported": json_value(exported.report.issue.issued),
        "exported_by": exported.report.issue.issuer,
        "reported_acquisition": getattr(exported.subject.acquisition, "started_sequence", None),
        "reported_verification": getattr(exported.subject.verification, "sequence", None),
        "entered": dict(exported.report.issue.entered),
        "record": json_value(exported.record, _verdict),
    }
    return json.dumps(made, indent=2) + "\n"


def _verdict(value: object) -> dict[str, Json]:
    """The verdict of a verification, beside what it found."""
    return {"verdict": value.verdict.value} if isinstance(value, VerificationResult) else {}
