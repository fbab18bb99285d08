"""`diskwitness person show`: a person, and the events they had a part in."""

from pathlib import Path

import click

from casedb.json_values import json_value
from casedb.records import CustodyEvent, Person
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.correction_lines import corrected_lines
from diskwitness.custody_options import history_option
from diskwitness.parameters import text
from workflow.case_folder import require_case_folder
from workflow.case_opening import read_case

_PARTS = ("released_by", "received_by", "performed_by", "witness")


@click.command("show")
@click.argument("person", type=text, metavar="PERSON")
@history_option
@case_option
@answering
def command(answer: Answer, case_folder: Path | None, person: str, history: bool) -> None:
    """Show PERSON, named by id or exact name, and every custody event they had a part in."""
    with read_case(require_case_folder(case_folder)) as store:
        found = store.known_person(person)
        events = [event for exhibit in store.exhibits() for event in store.custody(exhibit.reference)]
        examines = store.case().examiner.person_id == found.person_id
    parts = {event.sequence: parts_of(found, event) for event in events}
    mine = [event for event in events if parts[event.sequence]]
    answer.facts |= {"person": json_value(found), "events": json_value(mine), "is_examiner_of_case": examines}
    for line in corrected_lines(person_facts(found), found.corrections, history):
        answer.say(line)
    if examines:
        answer.say("Examiner of the case.")
    for event in mine:
        role = ", ".join(part.replace("_", " ") for part in parts[event.sequence])
        answer.say(f"{event.at}  {event.kind.value} of {event.exhibit}: {role}  (ledger entry {event.sequence})")


def parts_of(person: Person, event: CustodyEvent) -> list[str]:
    """The parts that a person had in an event."""
    named = {part: getattr(event, part) for part in _PARTS}
    return [part for part, somebody in named.items() if somebody and somebody.person_id == person.person_id]


def person_facts(person: Person) -> list[tuple[str, str, object]]:
    """Who somebody is: label, field and value of each fact."""
    return [
        ("Id", "", person.person_id),
        ("Name", "name", person.name),
        ("Role", "role", person.role and person.role.value),
        ("Identifier", "identifier", person.identifier),
        ("Organisation", "organisation", person.organisation),
        ("Phone", "phone", person.phone),
        ("E-mail", "email", person.email),
    ]
