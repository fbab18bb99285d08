"""`diskwitness ledger verify`: the proof that the record was not rewritten."""

from pathlib import Path

import click

from casedb.ledger_check import check_ledger
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.json_values import json_value
from diskwitness.parameters import path
from workflow.case_folder import require_case_folder


@click.command("verify", short_help="Prove that the case's record was not rewritten.")
@click.argument("case", type=path, required=False, metavar="[CASE]")
@case_option
@answering
def command(answer: Answer, case: Path | None, case_folder: Path | None) -> None:
    """Check the ledger of CASE: entries, their chain and payloads, and the tables made from them."""
    check_ledger(require_case_folder(case or case_folder))
