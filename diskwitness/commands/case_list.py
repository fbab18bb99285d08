"""`diskwitness case list`: the cases this workstation knows."""

import click

from casedb.registry import KnownCase, known_cases
from diskwitness.answer import Answer, answering
from diskwitness.fact_lines import table_lines
from diskwitness.json_values import Json


@click.command("list")
@answering
def command(answer: Answer) -> None:
    """List the cases that were made on this workstation; one that is gone or unusable is said to be."""
    cases = known_cases()
    answer.facts["cases"] = [_case_json(case) for case in cases]
    rows = [(case.number, case.agency, case.folder, case.problem or "usable") for case in cases]
    for line in table_lines(("Case", "Agency", "Folder", "State"), rows) if cases else ["No cases yet."]:
        answer.say(line)


def _case_json(case: KnownCase) -> Json:
    """A case of the list as a JSON object."""
    return {
        "number": case.number,
        "agency": case.agency,
        "folder": str(case.folder),
        "ledger_id": case.case.ledger_id if case.case else None,
        "problem": case.problem,
    }
