"""`diskwitness exhibit add`: a seized thing enters the case."""

from pathlib import Path

import click

from casedb.submissions import NewExhibit
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.json_values import json_value
from diskwitness.parameters import text
from workflow.add_exhibit import add_exhibit
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock


@click.command("add")
@click.argument("reference", type=text, metavar="REF")
@click.option("--description", type=text, required=True, help="What it is, in a few words.")
@click.option("--kind", type=text, help="Hard disk, telephone, computer ...")
@click.option("--make", type=text, help="The maker, as on the label.")
@click.option("--model", type=text, help="The model, as on the label.")
@click.option("--serial", type=text, help="The serial number, as on the label.")
@click.option("--capacity", type=text, help="The capacity, as on the label.")
@click.option("--condition", type=text, help="The state it is in.")
@click.option("--seal-number", type=text, help="The number of its seal.")
@click.option("--location", type=text, help="Where it was found.")
@click.option("--parent", type=text, metavar="REF", help="The exhibit it was found in.")
@case_option
@answering
def command(answer: Answer, /, case_folder: Path | None, **facts: str) -> None:
    """Add the exhibit REF to the case."""
    exhibit = add_exhibit(require_case_folder(case_folder), NewExhibit(**facts), SystemClock())
    answer.facts["exhibit"] = json_value(exhibit)
    answer.say(f"Exhibit {exhibit.reference} added: ledger entry {exhibit.sequence}")
