"""Every kind of document of a record, with everything told that can be told."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files

from casedb.records import CaseRecord, ExhibitRecord, IssuedReport
from report.content import KINDS, build_report
from report.document import Issue, Report, ReportKind
from report.entered import NAMES
from report.statement_template import StatementTemplate, decode_template
from tests.report.samples import CASE, HOSTILE, ISSUE, at, digest

ORIGIN = f"diskwitness.local/ledger/{CASE.ledger_id}"
NOTE = f"{ORIGIN}\n10\n{'q' * 43}=\n\n\u2014 {ORIGIN} {'S' * 92}\n"
TEMPLATES = tuple(
    sorted(item.name.removesuffix(".toml") for item in files("report").joinpath("templates").iterdir())
)
TOLD = {name: f"told: {name}" for name in (*NAMES, "declarant")}
HOSTILE_TOLD = dict.fromkeys((*NAMES, "declarant", "text", "expert", "imei"), f"{HOSTILE} {{exhibit}} {{}} %s")


def template(name: str) -> StatementTemplate:
    """A template that comes with the program."""
    return decode_template(files("report").joinpath("templates", f"{name}.toml").read_text(encoding="utf-8"))


def case_of(*records: ExhibitRecord) -> CaseRecord:
    """A case of these exhibits, of which a report was issued as a whole."""
    earlier = IssuedReport(9, "R1", "summary", None, at(15), "reports/R1-summary.pdf", digest("R1"))
    return CaseRecord(records[0].case, records, (earlier,), records[0].head)


def document_of(
    kind: ReportKind,
    record: ExhibitRecord,
    issue: Issue = ISSUE,
    told: Mapping[str, str] | None = None,
    statement: str = "in-bsa-63",
) -> Report:
    """The document of this kind; where it can only be about a case, of a case with this one exhibit."""
    made_of = template(statement) if kind is ReportKind.STATEMENT else None
    full = replace(issue, checkpoint=NOTE, entered=TOLD if told is None else told, statement=made_of)
    return build_report(kind, record if KINDS[kind].of_exhibit is not None else case_of(record), full)
