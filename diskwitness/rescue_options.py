"""The options of a rescue, and the order they become."""

from dataclasses import dataclass
from pathlib import Path

import click

from acquire.rescue_passes import RescuePass
from diskwitness.option_groups import Command, with_options
from diskwitness.parameters import path, size
from image.errors import UsageError
from workflow.rescue_order import RescueOrder

PASS_NAMES = {item.name.lower().replace("_", "-"): item for item in RescuePass}


def passes(text: str) -> tuple[RescuePass, ...]:
    """Read the names of passes, commas between them; they run in their own order.

    Raises:
        click.BadParameter: an unknown name.
    """
    wanted = {name.strip().lower() for name in text.split(",")}
    unknown = sorted(wanted - set(PASS_NAMES))
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is not one of {', '.join(PASS_NAMES)}")
    return tuple(item for name, item in PASS_NAMES.items() if name in wanted)


RESCUE_OPTIONS = (
    click.option("--rescue", is_flag=True, help="For a failing drive: read it in passes, what reads easily first."),
    click.option(
        "--passes",
        type=passes,
        metavar="NAMES",
        help=f"Which passes of a rescue to run: {', '.join(PASS_NAMES)}. Default: all.",
    ),
    click.option(
        "--max-error-rate",
        type=size,
        metavar="SIZE",
        help="Stop a rescue when more bytes than this fail in a second.",
    ),
    click.option(
        "--max-slow-reads",
        type=click.IntRange(min=0),
        metavar="N",
        help="Stop a rescue after so many seconds slower than a tenth of the average.",
    ),
    click.option(
        "--pass-timeout",
        type=click.IntRange(min=1),
        metavar="SECONDS",
        help="Let a pass of a rescue give way to the next one after this time.",
    ),
    click.option(
        "--retry-bad",
        type=path,
        metavar="IMAGE",
        help="Try the bad sectors of this finished image again, and make a new version of it.",
    ),
    click.option("--keep-rescue", is_flag=True, help="Keep the rescue file when the image made of it has passed."),
)


def rescue_options(command: Command) -> Command:
    """Add every option of a rescue."""
    return with_options(command, RESCUE_OPTIONS)


@dataclass(frozen=True, kw_only=True)
class RescueChoice:
    """What was given of these options; names are theirs."""

    rescue: bool
    passes: tuple[RescuePass, ...] | None
    max_error_rate: int | None
    max_slow_reads: int | None
    pass_timeout: int | None
    keep_rescue: bool
    retry_bad: Path | None

    def rescue_order(self, on_error: str) -> RescueOrder | None:
        """The rescue that is asked for, or None.

        Raises:
            UsageError: options of a rescue without one, or a rescue that is to end at its first error.
        """
        given = (self.passes, self.max_error_rate, self.max_slow_reads, self.pass_timeout)
        if not self.rescue and self.retry_bad is None:
            if self.keep_rescue or any(item is not None for item in given):
                raise UsageError("options of a rescue without one", do="Give --rescue, or leave them out")
            return None
        if on_error == "abort":
            raise UsageError("a rescue goes on after errors", do="Leave --on-error abort out, or --rescue")
        chosen = self.passes or tuple(RescuePass)
        return RescueOrder(chosen, self.max_error_rate, self.max_slow_reads, self.pass_timeout, self.keep_rescue)
