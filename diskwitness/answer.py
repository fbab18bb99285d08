"""What a command answers: results on stdout, talk on stderr, or exactly one JSON object on stdout.

Every text passes through `visible`, so nothing that a drive, an image or a person supplied reaches the
terminal as it came.
"""

import errno
import os
import sys
from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TextIO

import click

from diskwitness.exit_codes import ExitCode, first_that_applies
from image.errors import DestinationError, DiskwitnessError
from report.escape import visible

Options = ParamSpec("Options")


class Answer:
    """The answer of one command, filled while it works; `facts` become the fields of the JSON object."""

    def __init__(self, command: str, as_json: bool) -> None:
        self.command = command
        self.as_json = as_json
        self.facts: dict[str, object] = {}
        self.warnings: list[str] = []
        self._error: dict[str, str] | None = None
        self._codes: list[int] = []

    def say(self, line: str = "") -> None:
        """Print one line of the result, on stdout; silent under --json."""
        if not self.as_json:
            self._print(visible(line))

    def show(self, text: str) -> None:
        """Print a text of several lines, each made harmless."""
        for line in text.splitlines():
            self.say(line)

    def warn(self, text: str) -> None:
        """Tell something the examiner should know, on stderr and among the JSON's `warnings`."""
        self.warnings.append(text)
        self._print(f"warning: {visible(text)}", on_stderr=True)

    def fail(self, error: DiskwitnessError) -> None:
        """Tell the error in one line on stderr; its exit code applies from now on."""
        self._error = self._error or error_json(error)
        self._codes.append(error.exit_code)
        self._print(f"diskwitness: {visible(str(error))}", on_stderr=True)

    def apply(self, code: ExitCode) -> None:
        """Let an exit code apply; of all that apply the table's order chooses."""
        self._codes.append(code)

    @property
    def exit_code(self) -> ExitCode:
        """The code that wins among those that apply."""
        return first_that_applies(self._codes)

    def finish(self) -> ExitCode:
        """Print the JSON object where one is wanted, and give the exit code."""
        if self.as_json:
            from diskwitness.json_text import json_blocks

            for block in json_blocks(self.as_object()):
                self._print(block, line_end=False)
            self._print("")
        return self.exit_code

    def as_object(self) -> dict[str, object]:
        """The JSON object as it stands now."""
        error = {"error": self._error} if self._error else {}
        head = {"command": self.command, "exit_code": int(self.exit_code)}
        return head | self.facts | {"warnings": self.warnings} | error

    def _print(self, text: str, on_stderr: bool = False, line_end: bool = True) -> None:
        """Print on a stream; one that nobody reads any more, or that is full, must not end the job."""
        try:
            click.echo(text, err=on_stderr, nl=line_end)
        except OSError as error:
            _silence(sys.stderr if on_stderr else sys.stdout)
            if error.errno != errno.EPIPE and not on_stderr:
                self.fail(DestinationError(f"the answer cannot be printed ({error.strerror or error})", "stdout"))


def answering(command: Callable[Concatenate[Answer, Options], None]) -> Callable[Options, ExitCode]:
    """Give a command its `--json` option and its Answer; errors become one line and an exit code."""

    def run(*arguments: Options.args, **options: Options.kwargs) -> ExitCode:
        context = click.get_current_context()
        answer = Answer(command_name(context), bool(options.pop("as_json", False)))
        try:
            command(answer, *arguments, **options)
        except DiskwitnessError as error:
            answer.fail(error)
        return answer.finish()

    text = "Print exactly one JSON object on stdout."
    return click.option("--json", "as_json", is_flag=True, help=text)(update_wrapper(run, command))


def error_json(error: DiskwitnessError) -> dict[str, str]:
    """An error as a JSON object: what went wrong, where, and what to do about it."""
    return {"what": error.what, "where": error.where, "do": error.do}


def _silence(stream: TextIO) -> None:
    """Point a broken stream at nothing, so that neither later lines nor the final flush fail."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)


def command_name(context: click.Context) -> str:
    """The command as it was called, without the program's name: `case create`."""
    return context.command_path.partition(" ")[2]
