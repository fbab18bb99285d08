"""`diskwitness ledger export`: the ledger as files that others check without this program."""

from pathlib import Path

import click

from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option, named_case
from diskwitness.parameters import path
from workflow.case_opening import read_case


@click.command("export")
@click.argument("case", type=path, required=False, metavar="[CASE]")
@case_option
@click.option("--output", type=path, required=True, metavar="FOLDER", help="A folder that is not there yet.")
@answering
def command(answer: Answer, case: Path | None, case_folder: Path | None, output: Path) -> None:
    """Write the ledger of CASE into a new folder: every entry, payload and checkpoint, byte for byte.

    tools/verify_ledger.py of the source distribution checks it: one file, without this program.
    """
    folder = named_case(case, case_folder)
    with read_case(folder) as store:
        done = store.export_ledger(output)
    answer.facts |= {
        "folder": str(folder),
        "output": str(output),
        "ledger_id": done.ledger_id,
        "entries": done.entry_count,
        "checkpoints": done.checkpoint_count,
        "timestamps": done.timestamp_count,
    }
    counted = f"{done.entry_count} entries, {done.checkpoint_count} checkpoints, {done.timestamp_count} timestamps"
    answer.say(f"{output}: {counted}")
