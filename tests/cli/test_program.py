"""The front door: help, unknown words, wrong command lines, unforeseen errors."""

import json
import os
import re
import subprocess
from pathlib import Path

import click
import pytest

from diskwitness import cli as program
from diskwitness.bug_log import report_bug
from tests.cli.conftest import PROGRAM, Workstation


def test_help_lists_every_command_and_imports_none_of_them(station: Workstation) -> None:
    finished = subprocess.run(
        [PROGRAM.with_name("python"), "-X", "importtime", PROGRAM, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name in ("acquire", "verify", "devices", "case", "ledger", "report"):
        assert re.search(rf"^  {name} ", finished.stdout, re.MULTILINE)
    for heavy in ("rich", "reportlab", "sqlite_utils", "msgspec", "cryptography", "isal", "diskwitness.commands"):
        assert not re.search(rf"\| +{heavy}\b", finished.stderr), heavy


def test_no_word_at_all_gives_the_help(station: Workstation) -> None:
    result = station.run()
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: diskwitness")


def test_every_command_of_the_table_bears_its_name_and_its_line() -> None:
    root = click.Context(program.cli, info_name="diskwitness")
    for name, line in program.COMMANDS.items():
        group, _, word = name.rpartition(" ")
        context = click.Context(program.LazyGroup(group), info_name=group, parent=root) if group else root
        command = program.LazyGroup(group).get_command(context, word)
        assert command is not None
        assert (command.name, command.short_help) == (word, line)


@pytest.mark.parametrize(
    "words", [("acquyre",), ("case",), ("case", "opn"), ("acquire", "--overwrite", "x"), ("convert",)]
)
def test_a_wrong_command_line_is_one_line_and_exit_2(station: Workstation, words: tuple[str, ...]) -> None:
    result = station.run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "--help" in result.stderr


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("aquire disk.img", "No such command 'aquire' (Did you mean 'acquire'?). See diskwitness --help"),
        (
            "case creat",
            "No such command 'creat' (Did you mean one of: 'correct', 'create'?). See diskwitness case --help",
        ),
        ("devices --jsn", "No such option '--jsn' (Did you mean '--json'?). See diskwitness devices --help"),
        ("xyzzy", "No such command 'xyzzy'. See diskwitness --help"),
    ],
)
def test_a_word_that_is_nearly_right_is_asked_for(station: Workstation, words: str, asked: str) -> None:
    assert station.run(*words.split()).stderr == f"diskwitness: {asked}\n"


def test_a_wrong_command_line_under_json_is_one_object(station: Workstation) -> None:
    answer = station.run_json("case", "create")
    assert answer["command"] == "case create"
    assert answer["exit_code"] == 2
    assert set(answer["error"]) == {"what", "where", "do"}


def test_an_unforeseen_error_is_one_line_and_keeps_its_traceback(
    station: Workstation, capsys: pytest.CaptureFixture[str]
) -> None:
    error = ValueError("boom\x1b[31m\nsecond line")
    report_bug(ValueError, error, error.__traceback__)
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "\x1b" not in printed
    place = re.search(r"The traceback is in (\S+);", printed)
    assert place
    assert "ValueError: boom" in Path(place.group(1)).read_text()


def test_the_process_of_an_unforeseen_error_ends_with_1(station: Workstation) -> None:
    code = (
        "import sys, diskwitness.__main__ as m, diskwitness.cli as c;"
        "c.cli.main = lambda **_: 1/0; sys.argv = ['x', '--json']; m.main()"
    )
    finished = subprocess.run(
        [PROGRAM.with_name("python"), "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | station.environment,
    )
    assert finished.returncode == 1
    assert json.loads(finished.stdout)["error"]["what"].startswith("a bug of diskwitness")
    assert finished.stderr.count("\n") == 1


def test_an_answer_that_nobody_reads_does_not_fail(station: Workstation) -> None:
    with station.start("completion", "bash") as process:
        assert process.stdout
        process.stdout.close()
        assert process.wait(20) == 0


def test_a_full_standard_output_is_exit_4(station: Workstation) -> None:
    with Path("/dev/full").open("w") as full:
        finished = subprocess.run(
            [PROGRAM, "completion", "bash"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert finished.returncode == 4
    assert "cannot be printed" in finished.stderr


def test_closed_streams_do_not_become_part_of_an_image(station: Workstation, source: Path) -> None:
    words = f"acquire {source} --output JB1 --no-second-opinion"
    command = f"'{PROGRAM}' {words} <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], cwd=station.folder, check=False).returncode == 0
    assert station.run("verify", "JB1.E01").exit_code == 0
