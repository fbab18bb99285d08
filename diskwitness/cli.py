"""The command line: every command with its module, loaded only when it is called."""

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from diskwitness.answer import Answer, command_name
from diskwitness.exit_codes import ExitCode
from image.errors import StoppedError, UsageError

COMMANDS: dict[str, str] = {
    "acquire": "Image a drive or file, verify the image, record it.",
    "case close": "Close a case: nothing more is told of the matter.",
    "case correct": "Correct what is said of the case, by a new entry.",
    "case create": "Make a case folder with its ledger.",
    "case export": "Write a whole case as a bag, to be handed on.",
    "case import": "Take a case from a bag, after checking all of it.",
    "case list": "List the cases this workstation knows.",
    "case reopen": "Open a closed case again, and record why.",
    "case show": "Show a case and its exhibits.",
    "completion": "Print the completion script of a shell.",
    "convert": "Convert an image to E01 or raw, and verify it.",
    "custody add": "Record who handed an exhibit to whom, and why.",
    "custody correct": "Correct a custody event by a new entry, or withdraw it.",
    "custody show": "Show where an exhibit has been.",
    "devices": "List every block device of this machine.",
    "exhibit add": "Add a seized thing to the case.",
    "exhibit attach": "Keep photographs and documents with an exhibit.",
    "exhibit correct": "Correct what is said of an exhibit, by a new entry.",
    "exhibit import": "Record an image that was made elsewhere, and verify it.",
    "exhibit list": "List the exhibits of the case.",
    "exhibit relocate": "Say that an image was moved; it is compared first.",
    "exhibit show": "Show all that the record holds of an exhibit.",
    "hash": "Print the digests of a drive or file without imaging it.",
    "info": "Show what an image says of itself, without reading its data.",
    "ledger checkpoint": "Print a signed checkpoint of the record, to be kept elsewhere.",
    "ledger cosign": "Add this workstation's word to a checkpoint that it has seen.",
    "ledger export": "Write the record as files that others check without this program.",
    "ledger ingest": "Remember another machine's ledger, and find it if it is ever different.",
    "ledger key create": "Make the key of this workstation now.",
    "ledger key rotate": "Replace the key of this workstation by a new one, in every case.",
    "ledger key show": "Show the public half of the key that signs checkpoints here.",
    "ledger redact": "Take away what an entry says, by order; the ledger stays valid.",
    "ledger timestamp": "Have the record signed by a time-stamping authority.",
    "ledger verify": "Prove that the case's record was not rewritten.",
    "person add": "Name a person in the case.",
    "person correct": "Correct what is said of a person, by a new entry.",
    "person list": "List everyone named in the case.",
    "person show": "Show a person and what they had a part in.",
    "report export": "Write the record of an exhibit for other programs.",
    "report issue": "Issue a document of an exhibit or a case for court, as PDF.",
    "report sign": "Sign a report with a certificate, as examiner, reviewer or authoriser.",
    "report verify": "Check a report: signatures, additions, attachments, ledger.",
    "verify": "Re-read an image for proof.",
}
"""Each command and its line in the help; `case create` lives in commands/case_create.py."""

GROUPS: dict[str, str] = {
    "case": "Cases: one folder, one ledger.",
    "custody": "The chain of custody of an exhibit.",
    "exhibit": "The physical things seized.",
    "ledger": "The append-only record of a case.",
    "ledger key": "The key of this workstation.",
    "person": "The people named in a case.",
    "report": "Reports for court.",
}

EPILOG = "Sizes accept 512, 64KiB, 2GB, 4GiB. Exit codes and every option: docs/reference."


class LazyGroup(click.Group):
    """A group that knows its commands' names and help, and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands of this group, in order."""
        prefix = _prefix(ctx)
        inside = (name.removeprefix(prefix) for name in COMMANDS if name.startswith(prefix))
        return sorted({name.partition(" ")[0] for name in inside})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or make the subgroup, of this name."""
        name = _prefix(ctx) + cmd_name
        if name in GROUPS:
            return LazyGroup(cmd_name, help=GROUPS[name], no_args_is_help=False)
        if name not in COMMANDS:
            return None
        command = _load(f"diskwitness.commands.{name.replace(' ', '_')}")
        command.short_help = COMMANDS[name]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word calls; one that is none is refused with those that are like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=self.list_commands(ctx), ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, so that help imports nothing."""
        prefix = _prefix(ctx)
        rows = [(name, COMMANDS.get(prefix + name) or GROUPS[prefix + name]) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _load(module: str) -> click.Command:
    """Import the module of a command. Nothing that an import makes is garbage, so none is looked for meanwhile."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        command: click.Command = import_module(module).command
    finally:
        if collecting:
            gc.enable()
    return command


def _prefix(context: click.Context) -> str:
    """The group's own name and a space; empty for the program itself."""
    name = command_name(context)
    return f"{name} " if name else ""


class Program(LazyGroup):
    """The whole program: whatever happens becomes an exit code of the table."""

    def main(self, args: Sequence[str] | None = None, *settings: Any, **more: Any) -> NoReturn:  # noqa: ANN401  # click's
        """Run the command line and leave with its exit code."""
        words = list(sys.argv[1:] if args is None else args) or ["--help"]
        try:
            code = super().main(words, *settings, **(more | {"standalone_mode": False}))
        except click.UsageError as error:
            code = _refuse(error, words)
        except (click.Abort, KeyboardInterrupt):
            code = _stop(words)
        sys.exit(code)


def _refuse(error: click.UsageError, words: list[str]) -> ExitCode:
    """Answer a wrong command line: what is wrong, and where help is."""
    name = command_name(error.ctx) if error.ctx else ""
    answer = Answer(name, "--json" in words)
    advice = f"See {' '.join(filter(None, ('diskwitness', name, '--help')))}"
    answer.fail(UsageError(_in_one_line(error.format_message()), do=advice))
    return answer.finish()


def _in_one_line(message: str) -> str:
    """What click says, with its questions in brackets and no full stop at the end."""
    said, question, asked = " ".join(message.split()).partition("Did you mean")
    asked = asked.strip("?.) ")
    plain = said.rstrip("(. ")
    return f"{plain} ({question} {asked}?)" if question else plain


def _stop(words: list[str]) -> ExitCode:
    """Answer an interrupt that no command took care of."""
    answer = Answer(called_command(words), "--json" in words)
    answer.fail(StoppedError("stopped before the end"))
    return answer.finish()


def called_command(words: Sequence[str]) -> str:
    """The command that the first words of a command line call; empty where they call none."""
    names = (" ".join(words[:count]) for count in (3, 2, 1))
    return next((name for name in names if name in COMMANDS), "")


@click.group(cls=Program, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="diskwitness", message="%(prog)s %(version)s")
def cli() -> None:
    """Image seized drives sector by sector, and prove it."""
