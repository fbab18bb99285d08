"""`diskwitness case correct`: the case should have been described otherwise."""

from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.correction_lines import told_of
from diskwitness.custody_options import because_option
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import text
from workflow.amend_record import correct_case
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock


@click.command("correct")
@click.option("--number", type=text, help="The case number.")
@click.option("--agency", type=text, help="The agency.")
@click.option("--examiner", type=text, metavar="NAME", help="The examiner: a name, or a person's id.")
@click.option("--title", type=text, help="The matter in a few words.")
@click.option("--description", type=text, help="What the case is about.")
@click.option("--legal-authority", type=text, help="Warrant, order or consent.")
@because_option
@case_option
@answering
def command(answer: Answer, /, case_folder: Path | None, because: str, **facts: str | None) -> None:
    """Correct what is said of the case; an empty text takes a fact away. Nothing is erased."""
    folder = require_case_folder(case_folder)
    case, entry = correct_case(folder, because, told_of(facts), SystemClock())
    answer.facts |= {"case": json_value(case), "correction": entry}
    answer.say(f"Case {case.number} corrected by ledger entry {entry}")
    stamp_recorded(answer, folder)
