"""`diskwitness report verify`: is a report what was issued, and who signed it?"""

import os
from pathlib import Path

import click

from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option
from diskwitness.image_answer import VERDICT_CODES
from diskwitness.parameters import path
from diskwitness.report_answer import check_json, check_lines
from diskwitness.trust_options import key_option
from workflow.case_folder import find_case_folder
from workflow.clock import SystemClock
from workflow.laboratory import read_laboratory
from workflow.signing_beliefs import read_believed
from workflow.trusted_keys import trusted_keys
from workflow.verify_report import verify_report


@click.command("verify")
@click.argument("report", type=path, metavar="FILE.pdf")
@case_option
@click.option(
    "--trust",
    type=path,
    multiple=True,
    metavar="CERT",
    help="Believe the certificates in this file (PEM or DER), and whom they certify; repeatable.",
)
@key_option
@answering
def command(
    answer: Answer, report: Path, case_folder: Path | None, trust: tuple[Path, ...], keys: tuple[Path, ...]
) -> None:
    """Check a report: its signatures, its attachments, what was added to it, and the ledger of its case."""
    believed = read_believed(trust, read_laboratory(), SystemClock())
    case = find_case_folder(case_folder)
    check = verify_report(report, case, believed, trusted_keys(keys, os.environ))
    answer.facts |= check_json(check)
    for line in check_lines(check):
        answer.say(line)
    answer.apply(VERDICT_CODES[check.verdict])
