"""Man pages of every command, made from the command line itself.

python -m tools.man_pages build/man
"""

import sys
from importlib import metadata
from pathlib import Path

import click

from diskwitness.cli import COMMANDS, GROUPS
from diskwitness.exit_codes import MEANINGS
from tools.cli_reference import command_of

PROGRAM = "diskwitness"


def main() -> None:
    """Write every page into the folder of the first argument."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.man_pages FOLDER")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("", *GROUPS, *COMMANDS):
        context, _ = command_of(name.split())
        page = folder / f"{context.command_path.replace(' ', '-')}.1"
        page.write_text(man_page(context), encoding="utf-8")


def man_page(context: click.Context) -> str:
    """The page of one command, in the man macros."""
    command, path = context.command, context.command_path
    title = path.replace(" ", "-")
    usage = " ".join(command.collect_usage_pieces(context))
    version = metadata.version(PROGRAM)
    lines = [
        f'.TH "{title.upper()}" "1" "" "{PROGRAM} {version}" "User Commands"',
        *_section("NAME", f"{_roff(title)} \\- {_roff(command.get_short_help_str(200))}"),
        *_section("SYNOPSIS", f".B {_roff(path)}\n{_roff(usage)}"),
        *_section("DESCRIPTION", _roff(" ".join((command.help or "").split()))),
        *_options(context),
        *_commands(context),
        *_exit_status(),
    ]
    return "\n".join(lines) + "\n"


def _options(context: click.Context) -> list[str]:
    """Every option with its help."""
    options = (item for item in context.command.get_params(context) if isinstance(item, click.Option))
    records = [option.get_help_record(context) for option in options]
    items = [item for record in records if record for item in _item(*record)]
    return _section("OPTIONS", *items) if items else []


def _commands(context: click.Context) -> list[str]:
    """The commands of a group."""
    group = context.command
    if not isinstance(group, click.Group):
        return []
    items: list[str] = []
    for name in group.list_commands(context):
        child = group.get_command(context, name)
        items += _item(name, child.get_short_help_str(200) if child else "")
    return _section("COMMANDS", *items)


def _exit_status() -> list[str]:
    """The table of exit codes, the same for every command."""
    return _section(
        "EXIT STATUS", *(line for code, text in MEANINGS.items() for line in _item(str(int(code)), text))
    )


def _item(term: str, text: str) -> list[str]:
    """A term with its explanation."""
    return [".TP", f".B {_roff(term)}", _roff(text)]


def _section(name: str, *lines: str) -> list[str]:
    """A heading and what stands below it."""
    return [f".SH {name}", *lines]


def _roff(text: str) -> str:
    """Text that the formatter takes as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in escaped.splitlines())


if __name__ == "__main__":
    main()
