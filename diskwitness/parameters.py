"""What options accept: sizes, algorithms, digests, moments, paths; wrong ones end as exit code 2.

Each is a plain function from the typed text to a value, for `click.option(type=...)`.
"""

import os
import re
from datetime import datetime
from pathlib import Path

import click

from image.digests import ALGORITHMS, DEFAULT_ALGORITHMS
from image.errors import UsageError
from image.times import Instant, instant_from
from verify.request import Expectation, parse_expectation

DEFAULT_NAMES = ",".join(DEFAULT_ALGORITHMS)
UNITS_BYTES: dict[str, int] = {
    "": 1,
    "B": 1,
    **{f"{prefix}B": 1000**power for power, prefix in enumerate("kMGTP", 1)},
    **{f"{prefix}iB": 1024**power for power, prefix in enumerate("KMGTP", 1)},
}
_UNITS_FOLDED = {name.lower(): factor for name, factor in UNITS_BYTES.items()}
_SIZE = re.compile(r"(\d{1,20})\s*([a-z]*)", re.ASCII)


def size(text: str) -> int:
    """Read a size, the value in bytes: 512, 64KiB, 2GB, 4GiB.

    Raises:
        click.BadParameter: anything else.
    """
    found = _SIZE.fullmatch(text.strip().lower())
    if not found or found.group(2) not in _UNITS_FOLDED:
        raise click.BadParameter(f"{text!r} is not a size like 512, 64KiB, 2GB, 4GiB")
    return int(found.group(1)) * _UNITS_FOLDED[found.group(2)]


def algorithms(text: str) -> tuple[str, ...]:
    """Read the names of digest algorithms, commas between them; each is taken once.

    Raises:
        click.BadParameter: an unknown name.
    """
    names = tuple(dict.fromkeys(_plain_name(name) for name in text.split(",")))
    for name in names:
        if name not in ALGORITHMS:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(ALGORITHMS)}")
    return names


def _plain_name(name: str) -> str:
    """An algorithm's name as this program spells it: `SHA-256` is sha256."""
    return name.strip().lower().replace("-", "")


def named_text(typed: str) -> tuple[str, str]:
    """Read NAME=TEXT.

    Raises:
        click.BadParameter: no name, or nothing told.
    """
    name, sign, told = text(typed).partition("=")
    if not (name.strip() and sign and told.strip()):
        raise click.BadParameter(f"{typed!r} is not NAME=TEXT")
    return name.strip(), told


def expectation(text: str) -> Expectation:
    """Read a digest that the media data should have, ALGO:HEX.

    Raises:
        click.BadParameter: an unknown algorithm, or not its number of hex digits.
    """
    try:
        return parse_expectation(text)
    except UsageError as error:
        raise click.BadParameter(str(error)) from error


def moment(text: str) -> Instant:
    """Read a date and time, ISO 8601; without an offset it is local time here.

    Raises:
        click.BadParameter: anything that is not one.
    """
    try:
        found = datetime.fromisoformat(text)
        return instant_from(found if found.tzinfo else found.astimezone())
    except (ValueError, OverflowError, OSError) as error:
        raise click.BadParameter(f"{text!r} is not a time like 2026-11-22T14:30+01:00") from error


class PlainPath(click.Path):
    """A path as it was typed, completed by the shell; nothing is looked up."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Read a path; an empty one, and bytes that are not text and so could not be recorded, are refused."""
        typed = os.fspath(value)
        if not typed or "\0" in typed:
            self.fail("the path is empty", param, ctx)
        try:
            typed.encode("utf-8")
        except UnicodeEncodeError:
            self.fail("a path that is not valid UTF-8 cannot be recorded; rename it", param, ctx)
        return Path(typed)


path = PlainPath()


def text(typed: str) -> str:
    """Read a text for the record.

    Raises:
        click.BadParameter: bytes that are not text in this system's encoding.
    """
    try:
        typed.encode("utf-8")
    except UnicodeEncodeError as error:
        raise click.BadParameter("not valid UTF-8, so it cannot be recorded") from error
    return typed
