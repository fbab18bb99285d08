"""`diskwitness case list`: the cases this workstation knows."""

from pathlib import Path

import click

from casedb.json_values import Json
from casedb.registry import KnownCase, known_cases, prune_cases, register_case
from diskwitness.answer import Answer, answering
from diskwitness.fact_lines import table_lines
from diskwitness.parameters import path


@click.command("list")
@click.option(
    "--add", type=path, multiple=True, metavar="DIR", help="Put the case in DIR on the list first; repeatable."
)
@click.option("--prune", is_flag=True, help="Take the missing ones off the list first; nothing else is deleted.")
@answering
def command(answer: Answer, add: tuple[Path, ...], prune: bool) -> None:
    """List the cases that were made or imported on this workstation, and the state of each.

    A case is open, closed, missing (no case lies in its folder now), or cannot be used, and then it is said why.
    """
    for folder in add:
        register_case(folder)
    pruned = prune_cases() if prune else ()
    cases = known_cases()
    answer.facts["cases"] = [_case_json(case) for case in cases]
    answer.facts["pruned"] = [str(folder) for folder in pruned]
    for folder in pruned:
        answer.say(f"No longer listed: {folder}")
    rows = [(case.number, case.agency, case.folder, _state(case)) for case in cases]
    for line in table_lines(("Case", "Agency", "Folder", "State"), rows) if cases else ["No cases yet."]:
        answer.say(line)


def _state(case: KnownCase) -> str:
    """The state in words; behind it why a case cannot be used."""
    return f"{case.state.value}: {case.problem}" if case.problem else case.state.value


def _case_json(case: KnownCase) -> Json:
    """A case of the list as a JSON object."""
    return {
        "number": case.number,
        "agency": case.agency,
        "folder": str(case.folder),
        "state": case.state.value,
        "ledger_id": case.case.ledger_id if case.case else None,
        "problem": case.problem,
    }
