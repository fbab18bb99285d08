"""The options of going on with an interrupted acquisition, and the command line that does it."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from click.core import ParameterSource

from diskwitness.option_groups import Command, with_options
from image.errors import UsageError
from workflow.acquisition_order import AcquisitionOrder

GIVEN = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)

RESUME_OPTIONS = (
    click.option(
        "--resume", is_flag=True, help="Go on with the acquisition that ended early there; finish what is whole."
    ),
    click.option(
        "--same-device",
        is_flag=True,
        help="With --resume or --retry-bad: vouch for a source of which no sector can be compared.",
    ),
)


def resume_options(command: Command) -> Command:
    """Add the options of going on."""
    return with_options(command, RESUME_OPTIONS)


@dataclass(frozen=True, kw_only=True)
class ResumeChoice:
    """What was given of these options; names are theirs."""

    resume: bool
    same_device: bool

    def refuse_alone(self, *, dry_run: bool, retries_bad: bool) -> None:
        """See that the options make sense together; `retries_bad`: an earlier image is to be compared with too.

        Raises:
            UsageError: they do not.
        """
        if self.same_device and not (self.resume or retries_bad):
            raise UsageError(
                "--same-device is for --resume and --retry-bad", do="Leave it out, or give one of them"
            )
        if self.resume and dry_run:
            raise UsageError("--resume has no --dry-run", do="Leave one of them out")


def given_names(context: click.Context) -> frozenset[str]:
    """The parameters that were really given, not filled in."""
    return frozenset(name for name in context.params if context.get_parameter_source(name) in GIVEN)


def go_on_command(order: AcquisitionOrder, outputs: Sequence[Path] = ()) -> str:
    """The command line that goes on with this order, or with these outputs of it alone."""
    words = ["diskwitness", "acquire", order.source, "--resume"]
    words += ["--rescue"] if order.rescue is not None else []
    for output in outputs or order.outputs:
        words += ["--output", str(output)]
    if not (outputs or order.outputs) and order.exhibit is not None:
        words += ["--exhibit", order.exhibit]
    if order.case_folder is not None:
        words += ["--case", str(order.case_folder)]
    return shlex.join(words)
