"""`diskwitness report issue`: a document for court, of an exhibit or of the whole case."""

from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.end_of_job import time_stamp
from diskwitness.fact_lines import fact_lines
from diskwitness.parameters import named_text, path, text
from report.document import ReportKind
from report.wording import LANGUAGES
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock
from workflow.issue_report import ReportIssued, issue_report
from workflow.laboratory import read_laboratory
from workflow.report_order import PAPERS, ReportOrder

KINDS = [kind.value for kind in ReportKind]


@click.command("issue")
@click.argument("exhibit", type=text, metavar="EXHIBIT", required=False)
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="Which document.")
@click.option("--output", type=path, metavar="FILE.pdf", help="Where to; default: into the case's reports/.")
@click.option(
    "--paper", type=click.Choice(list(PAPERS)), help="The sheet or label; default: A4, or the lab configuration's."
)
@click.option("--entry", type=click.IntRange(min=1), help="The verification or hand-over; default: the latest.")
@click.option("--template", type=text, metavar="NAME", help="Which statement, for --kind statement.")
@click.option(
    "--enter", type=named_text, multiple=True, metavar="NAME=TEXT", help="Tell something for this report; repeat."
)
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Its language; default: English, or the lab configuration's."
)
@click.option("--amendment", type=text, help="Why the report is issued again.")
@click.option("--text", "as_text", is_flag=True, help="Also print the report as text on stdout.")
@case_option
@answering
def command(
    answer: Answer,
    case_folder: Path | None,
    exhibit: str | None,
    kind: str,
    output: Path | None,
    paper: str | None,
    entry: int | None,
    template: str | None,
    enter: tuple[tuple[str, str], ...],
    language: str | None,
    amendment: str | None,
    as_text: bool,
) -> None:
    """Issue a document of EXHIBIT (or of the whole case) from the record, as PDF, and enter it in the ledger."""
    laboratory = read_laboratory()
    order = ReportOrder(
        exhibit,
        ReportKind(kind),
        output,
        paper or laboratory.paper,
        amendment,
        entry,
        template,
        dict(enter),
        language,
    )
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
    for line in _lines(issued):
        answer.say(line)


def _lines(issued: ReportIssued) -> list[str]:
    """What was issued, in lines."""
    entry = issued.entry
    replaced = [("Supersedes", entry.supersedes)] if entry.supersedes else []
    return fact_lines(
        [
            ("Report", f"{entry.report_id}, version {entry.version}"),
            *replaced,
            ("File", issued.path),
            ("SHA-256", entry.sha256),
            ("Ledger entry", entry.sequence),
        ]
    )
