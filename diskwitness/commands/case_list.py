"""`diskwitness case list`: the cases this workstation knows."""

import click

from casedb.registry import known_cases
from diskwitness.answer import Answer, answering


@click.command("list", short_help="List the cases this workstation knows.")
@answering
def command(answer: Answer) -> None:
    """List the cases that were made or opened on this workstation; one that is gone is said to be."""
    known_cases()
