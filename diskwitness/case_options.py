"""Options that several commands share: the case, and how records are shown."""

from pathlib import Path

import click

from diskwitness.option_groups import Command
from diskwitness.parameters import path
from diskwitness.progress_display import MODES
from image.errors import UsageError
from workflow.case_folder import require_case_folder

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


def named_case(argument: Path | None, option: Path | None) -> Path:
    """The case folder that CASE or `--case` names, else the nearest one.

    Raises:
        UsageError: both name one.
        CaseError: there is none.
    """
    if argument and option:
        raise UsageError("the case is named twice", do="Give CASE or --case, not both")
    return require_case_folder(argument or option)
