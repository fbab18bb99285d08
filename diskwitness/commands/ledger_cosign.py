"""`diskwitness ledger cosign`: this machine's word that it has seen a state of a ledger."""

import os
from pathlib import Path

import click

from casedb.keys import workstation_signer
from diskwitness.answer import Answer, answering
from diskwitness.parameters import path
from workflow.checkpoint_files import read_copies
from workflow.clock import SystemClock
from workflow.new_file import new_file
from workflow.witness import cosign_seen


@click.command("cosign")
@click.argument("checkpoint", metavar="CHECKPOINT")
@click.option("--into", type=path, required=True, metavar="FOLDER", help="What this machine has seen.")
@click.option("--output", type=path, metavar="FILE", help="A file that is not there yet; else it is printed.")
@answering
def command(answer: Answer, checkpoint: str, into: Path, output: Path | None) -> None:
    """Add this workstation's cosignature (C2SP) to CHECKPOINT, a file or - for standard input.

    Only a state that `ledger ingest` has seen here is signed. Give the result back: `ledger verify --checkpoint`
    names the cosigners whose keys it knows.
    """
    (copy,) = read_copies([checkpoint])
    note = cosign_seen(copy, into, workstation_signer(os.environ)(), SystemClock())
    answer.facts |= {"checkpoint": note, "output": str(output) if output else None}
    if output is None:
        answer.show(note)
        return
    with new_file(output, note.encode()):
        pass
    answer.say(f"{output}: {copy.checkpoint.size} entries of {copy.checkpoint.origin}, cosigned")
