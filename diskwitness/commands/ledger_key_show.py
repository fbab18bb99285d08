"""`diskwitness ledger key show`: the public half of this workstation's key."""

import os

import click

from casedb.keys import key_place, workstation_public
from diskwitness.answer import Answer, answering


@click.command("show")
@answering
def command(answer: Answer) -> None:
    """Print the public half of the key that signs checkpoints on this workstation; made now where there is none.

    Others put the line into a file for `ledger verify --key`.
    """
    public = workstation_public(os.environ).public
    answer.facts |= {"public_key": public, "file": key_place(os.environ)}
    answer.say(public)
