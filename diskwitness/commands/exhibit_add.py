"""`diskwitness exhibit add`: a seized thing enters the case."""

from pathlib import Path

import click

from casedb.json_values import json_value
from casedb.submissions import NewExhibit
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.end_of_job import stamp_recorded
from diskwitness.exhibit_options import exhibit_options
from diskwitness.parameters import text
from workflow.add_exhibit import add_exhibit
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock


@click.command("add")
@click.argument("reference", type=text, metavar="REF")
@click.option("--description", type=text, required=True, help="What it is, in a few words.")
@exhibit_options
@case_option
@answering
def command(answer: Answer, /, case_folder: Path | None, **facts: str) -> None:
    """Add the exhibit REF to the case; JB1/2 is a part of JB1 where that is in the case."""
    folder = require_case_folder(case_folder)
    exhibit = add_exhibit(folder, NewExhibit(**facts), SystemClock())
    answer.facts["exhibit"] = json_value(exhibit)
    answer.say(f"Exhibit {exhibit.reference} added: ledger entry {exhibit.sequence}")
    if exhibit.parent is not None:
        answer.say(f"  part of {exhibit.parent}")
    stamp_recorded(answer, folder)
