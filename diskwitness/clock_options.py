"""Options by which a person tells what the clocks showed, and the value they become."""

from dataclasses import dataclass
from datetime import datetime

import click

from diskwitness.option_groups import Command, with_options
from diskwitness.parameters import text
from image.errors import UsageError
from workflow.clock_facts import EnteredClock


def local_time(typed: str) -> str:
    """Read what a clock shows, ISO 8601, with or without an offset; it stays as it was typed.

    Raises:
        click.BadParameter: anything that is not one.
    """
    try:
        datetime.fromisoformat(text(typed))
    except ValueError as error:
        raise click.BadParameter(f"{typed!r} is not a time like 2026-11-22T14:30:05") from error
    return typed


CLOCK_OPTIONS = (
    click.option(
        "--clock-offset",
        type=float,
        metavar="SECONDS",
        help="By how much this computer's clock is ahead of a reference; negative: behind.",
    ),
    click.option("--clock-reference", type=text, metavar="TEXT", help="The reference it was compared with."),
    click.option(
        "--exhibit-clock", type=local_time, metavar="TIME", help="What the exhibit's own clock shows now, ISO 8601."
    ),
)


def clock_options(command: Command) -> Command:
    """Add the options that tell of clocks."""
    return with_options(command, CLOCK_OPTIONS)


@dataclass(frozen=True, kw_only=True)
class ClockChoice:
    """What was given of these options."""

    clock_offset: float | None
    clock_reference: str | None
    exhibit_clock: str | None

    @property
    def entered_clock(self) -> EnteredClock:
        """The same as a value.

        Raises:
            UsageError: an offset without a reference, or the other way round.
        """
        return entered_clock(self.clock_offset, self.clock_reference, self.exhibit_clock)


def entered_clock(offset_seconds: float | None, reference: str | None, exhibit_clock: str | None) -> EnteredClock:
    """What a person entered of the clocks.

    Raises:
        UsageError: an offset without a reference, the other way round, or no number of seconds.
    """
    is_number = offset_seconds is not None and abs(offset_seconds) < 1e15
    offset_ms = round(offset_seconds * 1000) if is_number and offset_seconds is not None else None
    if offset_seconds is not None and offset_ms is None:
        raise UsageError("--clock-offset is no number of seconds")
    entered = EnteredClock(offset_ms, reference or None, exhibit_clock or None)
    entered.check()
    return entered
