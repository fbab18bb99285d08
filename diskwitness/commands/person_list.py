"""`diskwitness person list`: everyone named in the case."""

from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.fact_lines import table_lines
from workflow.case_folder import require_case_folder
from workflow.case_opening import read_case


@click.command("list")
@case_option
@answering
def command(answer: Answer, case_folder: Path | None) -> None:
    """List everyone named in the case, with what they are to it."""
    with read_case(require_case_folder(case_folder)) as store:
        people = store.people()
    answer.facts["people"] = json_value(people)
    rows = [
        (item.person_id, item.name, item.role and item.role.value, item.identifier, item.organisation)
        for item in people
    ]
    for line in table_lines(("Id", "Name", "Role", "Identifier", "Organisation"), rows):
        answer.say(line)
