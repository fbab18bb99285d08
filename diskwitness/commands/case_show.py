"""`diskwitness case show`: a case and its exhibits."""

from pathlib import Path

import click

from casedb.records import Case
from casedb.store import open_case
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.fact_lines import fact_lines
from diskwitness.json_values import json_value
from workflow.case_folder import require_case_folder


@click.command("show")
@case_option
@answering
def command(answer: Answer, case_folder: Path | None) -> None:
    """Show the case, its exhibits and where its ledger stands."""
    folder = require_case_folder(case_folder)
    with open_case(folder, read_only=True) as store:
        case, exhibits, head = store.case(), store.exhibits(), store.head()
    answer.facts |= {
        "folder": str(folder),
        "case": json_value(case),
        "exhibits": json_value(exhibits),
        "ledger": json_value(head),
    }
    for line in fact_lines([*case_facts(case), ("Folder", folder), ("Ledger entries", head.size)]):
        answer.say(line)
    answer.say()
    answer.say("Exhibits:" if exhibits else "No exhibits yet.")
    for exhibit in exhibits:
        answer.say(f"  {exhibit.reference}  {exhibit.description}")


def case_facts(case: Case) -> list[tuple[str, object]]:
    """The facts of a case in the order a person asks for them."""
    return [
        ("Case", case.number),
        ("Title", case.title),
        ("Agency", case.agency),
        ("Examiner", case.examiner.name),
        ("Description", case.description),
        ("Legal authority", case.legal_authority),
        ("Opened", case.created),
        ("Ledger", case.ledger_id),
    ]
