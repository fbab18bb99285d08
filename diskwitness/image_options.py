"""Options of every command that reads an image: its manifest, its segments, and the digests of its media."""

from collections.abc import Callable

import click

from diskwitness.option_groups import Command
from diskwitness.parameters import DEFAULT_NAMES, algorithms, expectation, path


def manifest_option(command: Command) -> Command:
    """Add `--manifest FILE`."""
    told = "The manifest of IMAGE; default: the one beside it."
    return click.option("--manifest", type=path, metavar="FILE", help=told)(command)


def also_option(command: Command) -> Command:
    """Add `--also DIR`, which can be repeated."""
    told = "Where else the segments of IMAGE lie; default: where its manifest says."
    return click.option("--also", type=path, multiple=True, metavar="DIR", help=told)(command)


def expect_option(command: Command) -> Command:
    """Add `--expect ALGO:HEX`, given on as `expectations`."""
    return click.option(
        "--expect",
        "expectations",
        type=expectation,
        multiple=True,
        metavar="ALGO:HEX",
        help="A digest that the media data must have.",
    )(command)


def digests_option(told: str) -> Callable[[Command], Command]:
    """`--hash NAMES`, given on as `names`, with this help."""
    return click.option(
        "--hash", "names", type=algorithms, default=DEFAULT_NAMES, show_default=True, metavar="NAMES", help=told
    )
