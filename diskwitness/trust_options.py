"""Options by which a person names what to believe about a record: keys, and checkpoints kept elsewhere."""

import click

from diskwitness.option_groups import Command
from diskwitness.parameters import path


def checkpoint_option(command: Command) -> Command:
    """Add `--checkpoint FILE`, given on as `checkpoints`."""
    told = "A checkpoint that was kept elsewhere: text, receipt or report (PDF), - for standard input; repeatable."
    return click.option("--checkpoint", "checkpoints", multiple=True, metavar="FILE", help=told)(command)


def key_option(command: Command) -> Command:
    """Add `--key FILE`, given on as `keys`."""
    told = "Believe the ledger keys in this file, one a line as `ledger key show` prints them; repeatable."
    return click.option("--key", "keys", type=path, multiple=True, metavar="FILE", help=told)(command)
