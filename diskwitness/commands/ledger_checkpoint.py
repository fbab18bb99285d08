"""`diskwitness ledger checkpoint`: a signed statement of where the record stands, to be kept elsewhere."""

from pathlib import Path

import click

from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option, named_case
from diskwitness.parameters import path
from report.pdf.qr_text import qr_lines
from workflow.clock import SystemClock
from workflow.close_case import current_checkpoint


@click.command("checkpoint")
@click.argument("case", type=path, required=False, metavar="[CASE]")
@case_option
@click.option("--qr", is_flag=True, help="Print it as a QR code too, for paper or a photograph.")
@answering
def command(answer: Answer, case: Path | None, case_folder: Path | None, qr: bool) -> None:
    """Print a checkpoint of CASE: how many entries, the root over them, this workstation's signature.

    Whoever keeps it can show later that nothing before it was changed, cut off or replaced. Nothing is recorded.
    """
    folder = named_case(case, case_folder)
    note = current_checkpoint(folder, SystemClock())
    answer.facts |= {"folder": str(folder), "checkpoint": note}
    answer.show(note)
    if qr:
        answer.say()
        for line in qr_lines(note):
            answer.say(line)
