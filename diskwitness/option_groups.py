"""Options that are put on a command together, in the order in which its help lists them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

import click

from diskwitness.parameters import text

Command = TypeVar("Command", bound=Callable[..., Any])

TextOption: TypeAlias = tuple[str, str | None, str]
"""An option that takes a text: its name, what stands for the text in the help, and the help."""


def with_options(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    """A command with these options."""
    for option in reversed(options):
        command = option(command)
    return command


def with_texts(command: Command, options: Iterable[TextOption]) -> Command:
    """A command with these options that take a text."""
    return with_options(
        command, [click.option(name, type=text, metavar=metavar, help=told) for name, metavar, told in options]
    )
