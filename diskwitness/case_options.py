"""Options that several commands share: the case, and how records are shown."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from diskwitness.parameters import path
from diskwitness.progress_display import MODES

Command = TypeVar("Command", bound=Callable[..., Any])

CASE_HELP = "The case folder; else DISKWITNESS_CASE, else the nearest case upwards from here."


def case_option(command: Command) -> Command:
    """Add `--case DIR`, given on as `case_folder`."""
    return click.option("--case", "case_folder", type=path, metavar="DIR", help=CASE_HELP)(command)


def progress_option(command: Command) -> Command:
    """Add `--progress auto|rich|json|none`."""
    text = "Progress on stderr: rich on a terminal, JSON lines, or nothing."
    return click.option("--progress", type=click.Choice(MODES), default="auto", show_default=True, help=text)(
        command
    )
