"""`diskwitness exhibit attach`: photographs and documents enter the case."""

from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import path, text
from report.escape import visible
from workflow.attach_file import attach_files
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock


@click.command("attach")
@click.argument("reference", type=text, metavar="REF")
@click.argument("files", type=path, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--event",
    type=click.IntRange(min=1),
    metavar="ENTRY",
    help="The ledger entry it belongs to: a custody event, an acquisition. Default: the exhibit as such.",
)
@click.option("--description", type=text, help="What it shows.")
@case_option
@answering
def command(
    answer: Answer,
    reference: str,
    files: tuple[Path, ...],
    event: int | None,
    description: str | None,
    case_folder: Path | None,
) -> None:
    """Copy each FILE into the case folder and record it, by SHA-256, as belonging to the exhibit REF."""
    case = require_case_folder(case_folder)
    attached = attach_files(case, reference, files, SystemClock(), event=event, description=description)
    answer.facts["attachments"] = json_value(attached)
    for item in attached:
        name = visible(item.name)
        answer.say(f"{name} ({item.media_type}, {item.size_bytes} bytes) attached: ledger entry {item.sequence}")
        answer.say(f"  {item.file}")
    stamp_recorded(answer, case)
