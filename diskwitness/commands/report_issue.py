"""`diskwitness report issue`: a report of an exhibit for court."""

from pathlib import Path

import click

from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.end_of_job import time_stamp
from diskwitness.fact_lines import fact_lines
from diskwitness.json_values import json_value
from diskwitness.parameters import path, text
from report.document import ReportKind
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock
from workflow.issue_report import PAPERS, ReportOrder, issue_report
from workflow.laboratory import read_laboratory

KINDS = [kind.value for kind in ReportKind]


@click.command("issue")
@click.argument("exhibit", type=text, metavar="EXHIBIT")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="Which document.")
@click.option("--output", type=path, metavar="FILE.pdf", help="Where to; default: into the case's reports/.")
@click.option(
    "--paper", type=click.Choice(list(PAPERS)), help="The sheet; default: A4, or the lab configuration's."
)
@click.option("--amendment", type=text, help="Why the report is issued again.")
@click.option("--text", "as_text", is_flag=True, help="Also print the report as text on stdout.")
@case_option
@answering
def command(
    answer: Answer,
    case_folder: Path | None,
    exhibit: str,
    kind: str,
    output: Path | None,
    paper: str | None,
    amendment: str | None,
    as_text: bool,
) -> None:
    """Issue a report of EXHIBIT from its record, as PDF, and enter it in the ledger."""
    laboratory = read_laboratory()
    order = ReportOrder(exhibit, ReportKind(kind), output, paper or laboratory.paper, amendment)
    folder = require_case_folder(case_folder)
    can_stamp = time_stamp(answer, laboratory.timestamps, folder)
    issued = issue_report(folder, order, laboratory, SystemClock())
    if can_stamp:
        time_stamp(answer, laboratory.timestamps, folder)
    answer.facts |= {"report": json_value(issued.entry), "path": str(issued.path)}
    if as_text:
        answer.facts["text"] = issued.text
        answer.show(issued.text)
        return
    facts = [("Report", issued.entry.report_id), ("File", issued.path), ("SHA-256", issued.entry.sha256)]
    for line in fact_lines([*facts, ("Ledger entry", issued.entry.sequence)]):
        answer.say(line)
