"""`diskwitness case export`: a whole case as a bag, to be handed on or kept."""

from pathlib import Path

import click

from diskwitness.answer import Answer, answering
from diskwitness.parameters import path
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock
from workflow.export_case import export_case


@click.command("export")
@click.argument("case", type=path, metavar="CASE")
@click.argument("destination", type=path, metavar="DEST")
@click.option("--with-images", is_flag=True, help="Take the images along; else only what tells of them.")
@answering
def command(answer: Answer, case: Path, destination: Path, with_images: bool) -> None:
    """Write CASE into the new folder DEST, a bag (BagIt 1.0) with SHA-256 and SHA-512 of every file.

    It holds the database, the ledger as files, checkpoints, reports and attachments. Nothing is recorded by that;
    `case import` on another workstation checks all of it.
    """
    folder = require_case_folder(case)
    done = export_case(folder, destination, with_images, SystemClock())
    answer.facts |= {
        "folder": str(folder),
        "output": str(destination),
        "ledger_id": done.ledger.ledger_id,
        "entries": done.ledger.entry_count,
        "files": done.file_count,
        "bytes": done.size_bytes,
        "closed": done.is_closed,
        "left_out": list(done.left_out),
        "bagit_agrees": done.bagit_agrees,
    }
    if not done.is_closed:
        answer.warn("the case is open: what is recorded in it from now on is not in the bag")
    for text in done.left_out:
        answer.warn(f"not in the bag: {text}")
    entries = f"{done.ledger.entry_count} entries"
    answer.say(
        f"{destination}: case {done.case.number}, {entries}, {done.file_count} files, {done.size_bytes} bytes"
    )
