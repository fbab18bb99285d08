"""The documentation says what the program does: every command, option, exit code, finding and setting."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from acquire.event_kinds import EventKind
from diskwitness.cli import COMMANDS
from diskwitness.exit_codes import ExitCode
from image.findings import catalogue
from tests.house.sources import ROOT, text_files
from tools.cli_reference import command_of, reference
from workflow.laboratory import Laboratory

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
CALL = re.compile(r"^(?:\s{4,}|\s*\$ )(?:\$ )?((?:sudo )?diskwitness .+)$", re.MULTILINE)


def read(name: str) -> str:
    """A page of the reference."""
    return (REFERENCE / name).read_text(encoding="utf-8")


def calls() -> Iterator[tuple[Path, str]]:
    """Every line of documentation that runs the program."""
    for page in (path for path in text_files() if path.suffix == ".md" and path.name != "cli.md"):
        for line in CALL.findall(page.read_text(encoding="utf-8")):
            yield page.relative_to(ROOT), line.removeprefix("sudo ")


def test_the_command_reference_is_what_the_commands_say_of_themselves() -> None:
    assert read("cli.md") == reference(), "make it anew: make reference"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_every_option_says_what_it_does(name: str) -> None:
    _, command = command_of(name.split())
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert command.help
    assert not [option.name for option in options if not option.help]


def test_every_exit_code_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| (\d+) \|", read("exit-codes.md"), re.MULTILINE)
    assert [int(row) for row in rows] == [int(code) for code in ExitCode]


def test_every_finding_is_documented_with_its_severity_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (\w+) \|", read("findings.md"), re.MULTILINE)
    assert dict(rows) == {code: kind.severity.value for code, kind in catalogue().items()}


def test_every_kind_of_event_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z ]+)` \|", read("events.md"), re.MULTILINE)
    assert rows == [kind.value for kind in EventKind]


def test_every_setting_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \|", read("configuration.md"), re.MULTILINE)
    assert sorted(rows) == sorted(settings(Laboratory))


def settings(table: type[msgspec.Struct], prefix: str = "") -> list[str]:
    """The dotted name of every setting."""
    names = []
    for field in msgspec.structs.fields(table):
        inner = isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
        names += settings(field.type, f"{prefix}{field.name}.") if inner else [prefix + field.name]
    return names


def test_every_call_in_the_documentation_is_one_the_program_understands() -> None:
    wrong = [f"{page}: {line}: {trouble}" for page, line in calls() if (trouble := trouble_with(line))]
    assert not wrong


def trouble_with(line: str) -> str | None:
    """What is wrong with a call; it is parsed, and not run."""
    words = shlex.split(line.partition(" > ")[0], comments=True)[1:]
    if words == ["--help"] or words == ["--version"]:
        return None
    depth = 2 if " ".join(words[:2]) in COMMANDS else 1
    if " ".join(words[:depth]) not in COMMANDS:
        return "no such command"
    context, command = command_of(words[:depth])
    try:
        command.parse_args(context, words[depth:])
    except click.UsageError as error:
        return error.format_message()
    return None


def test_every_page_is_reached_from_the_first() -> None:
    pages = {path.resolve() for path in DOCS.rglob("*.md")}
    reached = {DOCS / "index.md"}
    unread = list(reached)
    while unread:
        page = unread.pop()
        for link in re.findall(r"\]\(([^)\s#]+\.md)", page.read_text(encoding="utf-8")):
            target = (page.parent / link).resolve()
            if target in pages - reached:
                reached.add(target)
                unread.append(target)
    assert not sorted(path.relative_to(ROOT).as_posix() for path in pages - reached)
