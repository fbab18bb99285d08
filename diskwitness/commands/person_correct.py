"""`diskwitness person correct`: a person should have been described otherwise."""

from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.correction_lines import told_of
from diskwitness.custody_options import because_option, person_options
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import text
from workflow.amend_record import correct_person
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock


@click.command("correct")
@click.argument("person", type=text, metavar="PERSON")
@click.option("--name", type=text, help="The name as it should have been written.")
@person_options
@because_option
@case_option
@answering
def command(answer: Answer, /, case_folder: Path | None, person: str, because: str, **facts: str | None) -> None:
    """Correct what is said of PERSON (id or exact name); an empty text takes a fact away. Nothing is erased."""
    folder = require_case_folder(case_folder)
    found, entry = correct_person(folder, person, because, told_of(facts), SystemClock())
    answer.facts |= {"person": json_value(found), "correction": entry}
    answer.say(f"{found.person_id} corrected by ledger entry {entry}")
    stamp_recorded(answer, folder)
