"""`diskwitness ledger key create`: the key of this workstation, made on purpose."""

import os

import click

from casedb.keys import KEY_VARIABLE, key_path, public_half, workstation_key
from diskwitness.answer import Answer, answering
from image.errors import UsageError


@click.command("create")
@answering
def command(answer: Answer) -> None:
    """Make the Ed25519 key that signs checkpoints on this workstation, readable by its owner alone.

    It is made by itself at first need too. DISKWITNESS_KEY_PASSPHRASE_FILE names the file of a passphrase that
    closes it.
    """
    path = key_path(os.environ)
    if path.exists():
        advice = f"See it with: diskwitness ledger key show; or name another file with {KEY_VARIABLE}"
        raise UsageError("there is a key already", str(path), advice)
    public = public_half(workstation_key(os.environ)).public
    answer.facts |= {"public_key": public, "file": str(path)}
    answer.say(public)
    answer.say(f"  in {path}")
