"""`diskwitness case create`: a new case folder with its ledger."""

from pathlib import Path

import click

from casedb.json_values import json_value
from casedb.records import Role
from casedb.submissions import NewCase, NewPerson
from diskwitness.answer import Answer, answering
from diskwitness.end_of_job import time_stamp
from diskwitness.parameters import path, text
from image.errors import UsageError
from workflow.clock import SystemClock
from workflow.create_case import open_new_case
from workflow.laboratory import read_laboratory


@click.command("create")
@click.argument("folder", type=path, metavar="DIR")
@click.option("--number", type=text, required=True, help="The case number.")
@click.option("--agency", type=text, help="The agency; else the lab configuration's.")
@click.option("--examiner", type=text, help="The examiner's name; else the lab configuration's.")
@click.option("--examiner-id", type=text, help="Badge or staff number of the examiner.")
@click.option("--title", type=text, help="The matter in a few words.")
@click.option("--description", type=text, help="What the case is about.")
@click.option("--legal-authority", type=text, help="Warrant, order or consent.")
@answering
def command(
    answer: Answer,
    folder: Path,
    number: str,
    agency: str | None,
    examiner: str | None,
    examiner_id: str | None,
    title: str | None,
    description: str | None,
    legal_authority: str | None,
) -> None:
    """Make a case: the folder DIR with its database, images/, reports/ and checkpoints/."""
    laboratory = read_laboratory()
    agency = agency or laboratory.agency
    name = examiner or laboratory.examiner
    if not name:
        raise UsageError("no examiner", do="Give --examiner NAME, or set it in the lab configuration")
    person = NewPerson(name, Role.EXAMINER, identifier=examiner_id, organisation=agency)
    facts = NewCase(number, person, agency, title, description, legal_authority)
    case, complaint = open_new_case(folder, facts, SystemClock())
    if complaint:
        answer.warn(complaint)
    answer.facts |= {"case": json_value(case), "folder": str(folder.resolve())}
    answer.say(f"Case {case.number} made in {folder}; ledger {case.ledger_id}")
    time_stamp(answer, laboratory.timestamps, folder)
