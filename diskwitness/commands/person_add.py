"""`diskwitness person add`: somebody enters the case."""

from pathlib import Path

import click

from casedb.json_values import json_value
from casedb.records import Role
from casedb.submissions import NewPerson
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.custody_options import person_options
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import text
from image.errors import UsageError
from workflow.case_folder import require_case_folder
from workflow.case_opening import write_case
from workflow.clock import SystemClock


@click.command("add")
@click.argument("name", type=text, metavar="NAME")
@person_options
@case_option
@answering
def command(
    answer: Answer, /, case_folder: Path | None, name: str, role: str | None, **details: str | None
) -> None:
    """Name a person in the case, before or without an event that names them."""
    if role is None:
        raise UsageError("no role", do="Say what they are to the case with --role")
    folder = require_case_folder(case_folder)
    with write_case(folder, SystemClock()) as store:
        if store.person(name) is not None:
            answer.warn(f"somebody of this name is in the case already; name each by id: {name}")
        person = store.add_person(NewPerson(name, Role(role), **details))
    answer.facts["person"] = json_value(person)
    answer.say(f"{person.name} added as {person.person_id}, {role}")
    stamp_recorded(answer, folder)
