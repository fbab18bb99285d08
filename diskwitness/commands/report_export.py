"""`diskwitness report export`: the record of an exhibit for other programs."""

from pathlib import Path

import click

from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.fact_lines import fact_lines
from diskwitness.parameters import path, text
from report.interchange.formats import ExportFormat
from report.wording import LANGUAGES
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock
from workflow.export_report import export_report
from workflow.laboratory import read_laboratory

FORMATS = [item.value for item in ExportFormat]


@click.command("export")
@click.argument("exhibit", type=text, metavar="EXHIBIT")
@click.option("--format", "export_format", type=click.Choice(FORMATS), required=True, help="In which form.")
@click.option("--output", type=path, metavar="FILE", help="Where to; default: into the case's reports/.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Of text and page; default: English, or the lab configuration's.",
)
@case_option
@answering
def command(
    answer: Answer,
    case_folder: Path | None,
    exhibit: str,
    export_format: str,
    output: Path | None,
    language: str | None,
) -> None:
    """Write the record of EXHIBIT for other programs: CASE/UCO, DFXML, JSON, text, or one HTML page.

    An export is no report: it has no number, nobody signs it, and the ledger has no entry of it.
    """
    folder = require_case_folder(case_folder)
    wanted, laboratory = ExportFormat(export_format), read_laboratory()
    done = export_report(folder, exhibit, wanted, output, laboratory, SystemClock(), language)
    answer.facts |= {
        "path": str(done.path),
        "format": export_format,
        "sha256": done.sha256,
        "size_bytes": done.size_bytes,
    }
    for line in fact_lines([("File", done.path), ("SHA-256", done.sha256), ("Bytes", done.size_bytes)]):
        answer.say(line)
