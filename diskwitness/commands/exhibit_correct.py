"""`diskwitness exhibit correct`: an exhibit should have been described otherwise."""

from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.correction_lines import told_of
from diskwitness.custody_options import because_option
from diskwitness.end_of_job import stamp_recorded
from diskwitness.exhibit_options import exhibit_options
from diskwitness.parameters import text
from workflow.amend_record import correct_exhibit
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock


@click.command("correct")
@click.argument("reference", type=text, metavar="REF")
@click.option("--description", type=text, help="What it is, in a few words.")
@exhibit_options
@because_option
@case_option
@answering
def command(answer: Answer, /, case_folder: Path | None, reference: str, because: str, **facts: str | None) -> None:
    """Correct what is said of the exhibit REF; an empty text takes a fact away. Nothing is erased."""
    folder = require_case_folder(case_folder)
    exhibit, entry = correct_exhibit(folder, reference, because, told_of(facts), SystemClock())
    answer.facts |= {"exhibit": json_value(exhibit), "correction": entry}
    answer.say(f"Exhibit {exhibit.reference} corrected by ledger entry {entry}")
    stamp_recorded(answer, folder)
