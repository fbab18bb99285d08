"""`diskwitness ledger key create`: the key of this workstation, made on purpose."""

import os

import click

from casedb.keys import KEY_VARIABLE, has_key, key_place, workstation_public
from diskwitness.answer import Answer, answering
from image.errors import UsageError


@click.command("create")
@answering
def command(answer: Answer) -> None:
    """Make the Ed25519 key that signs checkpoints on this workstation, readable by its owner alone.

    It is made by itself at first need too. DISKWITNESS_KEY_PASSPHRASE_FILE names the file of a passphrase that
    closes it. DISKWITNESS_KEY names its file, or with pkcs11:... a key that stays inside a token.
    """
    place = key_place(os.environ)
    if has_key(os.environ):
        advice = f"See it with: diskwitness ledger key show; or name another with {KEY_VARIABLE}"
        raise UsageError("there is a key already", place, advice)
    public = workstation_public(os.environ).public
    answer.facts |= {"public_key": public, "file": place}
    answer.say(public)
    answer.say(f"  in {place}")
