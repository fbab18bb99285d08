"""`diskwitness case reopen`: a closed case goes on."""

from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option, named_case
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import path, text
from workflow.clock import SystemClock
from workflow.close_case import reopen_case


@click.command("reopen")
@click.argument("case", type=path, required=False, metavar="[CASE]")
@case_option
@click.option("--because", "reason", type=text, required=True, help="Why: appeal, new exhibit, order of court ...")
@answering
def command(answer: Answer, case: Path | None, case_folder: Path | None, reason: str) -> None:
    """Open the closed CASE again; that it was, by whom and why, is an entry of its record."""
    folder = named_case(case, case_folder)
    opened = reopen_case(folder, reason, SystemClock())
    answer.facts |= {"folder": str(folder), "closing": json_value(opened)}
    answer.say(f"Case {folder} is open again (entry {opened.sequence}): {opened.reason}")
    stamp_recorded(answer, folder)
