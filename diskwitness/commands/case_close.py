"""`diskwitness case close`: the matter is done."""

from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option, named_case
from diskwitness.end_of_job import stamp_recorded
from diskwitness.parameters import path, text
from workflow.clock import SystemClock
from workflow.close_case import close_case


@click.command("close")
@click.argument("case", type=path, required=False, metavar="[CASE]")
@case_option
@click.option("--because", "reason", type=text, help="Why: judgment, transfer to another agency ...")
@answering
def command(answer: Answer, case: Path | None, case_folder: Path | None, reason: str | None) -> None:
    """Close CASE: a last entry with its checkpoint; from then on every write is refused (exit code 8).

    Reading, verifying and `case export` go on. Prints the last checkpoint: keep it elsewhere.
    """
    folder = named_case(case, case_folder)
    done = close_case(folder, reason, SystemClock())
    answer.facts |= {
        "folder": str(folder),
        "closing": json_value(done.closing),
        "was_closed": done.was_closed,
        "checkpoint": done.checkpoint.note,
        "unfinished_acquisitions": json_value(done.unfinished),
    }
    for sequence in done.unfinished:
        answer.warn(f"the acquisition that entry {sequence} started has no end in the record")
    word = "was closed already" if done.was_closed else "closed"
    answer.say(f"Case {folder} {word} (entry {done.closing.sequence}). Its last checkpoint:")
    answer.say()
    answer.show(done.checkpoint.note)
    stamp_recorded(answer, folder)
