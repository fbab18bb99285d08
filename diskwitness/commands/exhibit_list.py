"""`diskwitness exhibit list`: the exhibits of the case."""

from pathlib import Path

import click

from casedb.exhibit_tree import exhibit_tree
from casedb.json_values import json_value
from casedb.store import open_case
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.fact_lines import table_lines
from workflow.case_folder import require_case_folder

INDENT = "  "


@click.command("list")
@case_option
@answering
def command(answer: Answer, case_folder: Path | None) -> None:
    """List the exhibits of the case with what stands on their labels; what was found in one stands below it."""
    with open_case(require_case_folder(case_folder), read_only=True) as store:
        exhibits = store.exhibits()
    answer.facts["exhibits"] = json_value(exhibits)
    rows = [
        (INDENT * depth + item.reference, item.description, item.make, item.model, item.serial)
        for depth, item in exhibit_tree(exhibits)
    ]
    for line in table_lines(("Exhibit", "Description", "Make", "Model", "Serial"), rows):
        answer.say(line)
