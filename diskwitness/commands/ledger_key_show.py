"""`diskwitness ledger key show`: the public half of this workstation's key."""

import os

import click

from casedb.keys import key_path, public_half, workstation_key
from diskwitness.answer import Answer, answering


@click.command("show")
@answering
def command(answer: Answer) -> None:
    """Print the public half of the key that signs checkpoints on this workstation; made now where there is none.

    Others put the line into a file for `ledger verify --key`.
    """
    public = public_half(workstation_key(os.environ)).public
    answer.facts |= {"public_key": public, "file": str(key_path(os.environ))}
    answer.say(public)
