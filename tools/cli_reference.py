"""The command reference, made from the commands themselves so that it cannot fall behind them.

python -m tools.cli_reference docs/reference/cli.md
"""

import sys
from pathlib import Path

import click

from diskwitness.cli import COMMANDS, cli

WIDTH = 100
HEAD = """# Commands

This page is made by `make reference` from the program's own help. The exit codes of all commands are on
[a page of their own](exit-codes.md).
"""


def main() -> None:
    """Write the page to the file of the first argument."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.cli_reference PAGE.md")
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8")


def reference() -> str:
    """The whole page: the program, then every command in the order of its name."""
    sections = [HEAD, _section([])]
    sections += [_section(name.split()) for name in sorted(COMMANDS)]
    return "\n".join(sections)


def _section(words: list[str]) -> str:
    """One command's heading and help."""
    context, command = command_of(words)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return f"## {' '.join(['diskwitness', *words])}\n\n```text\n{text}\n```\n"


def command_of(words: list[str]) -> tuple[click.Context, click.Command]:
    """The command that these words call, and the context that its help is written in.

    Raises:
        KeyError: there is no such command.
    """
    command: click.Command = cli
    context = click.Context(
        cli, info_name="diskwitness", terminal_width=WIDTH, max_content_width=WIDTH, **cli.context_settings
    )
    for word in words:
        found = command.get_command(context, word) if isinstance(command, click.Group) else None
        if found is None:
            raise KeyError(" ".join(words))
        context = click.Context(
            found, info_name=word, parent=context, terminal_width=WIDTH, max_content_width=WIDTH
        )
        command = found
    return context, command


if __name__ == "__main__":
    main()
