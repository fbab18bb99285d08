"""What options accept: sizes, algorithms, digests, moments, paths; wrong ones end as exit code 2.

Each is a plain function from the typed text to a value, for `click.option(type=...)`.
"""

import hashlib
import re
from datetime import datetime
from pathlib import Path

import click

from image.digests import ALGORITHMS
from image.times import Instant, instant_from

UNITS_BYTES: dict[str, int] = {
    "": 1,
    "B": 1,
    **{f"{prefix}B": 1000**power for power, prefix in enumerate("kMGTP", 1)},
    **{f"{prefix}iB": 1024**power for power, prefix in enumerate("KMGTP", 1)},
}
_UNITS_FOLDED = {name.lower(): factor for name, factor in UNITS_BYTES.items()}
_SIZE = re.compile(r"(\d{1,20})\s*([a-z]*)", re.ASCII)

DIGEST_HEX_DIGITS = {name: 2 * hashlib.new(name, usedforsecurity=False).digest_size for name in ALGORITHMS}
"""Every algorithm, with the number of hex digits of its digests."""


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
        if name not in DIGEST_HEX_DIGITS:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(DIGEST_HEX_DIGITS)}")
    return names


def _plain_name(name: str) -> str:
    """An algorithm's name as this program spells it: `SHA-256` is sha256."""
    return name.strip().lower().replace("-", "")


def expectation(text: str) -> tuple[str, str]:
    """Read a digest that the media data should have, ALGO:HEX, as algorithm and lower-case hex.

    Raises:
        click.BadParameter: an unknown algorithm, or not its number of hex digits.
    """
    name, _, digest = text.partition(":")
    algorithm, digest = _plain_name(name), digest.strip().lower()
    if algorithm not in DIGEST_HEX_DIGITS:
        known = ", ".join(f"{name}:" for name in DIGEST_HEX_DIGITS)
        raise click.BadParameter(f"{text!r} does not begin with one of {known}")
    if not re.fullmatch(f"[0-9a-f]{{{DIGEST_HEX_DIGITS[algorithm]}}}", digest):
        raise click.BadParameter(f"a {algorithm} digest has {DIGEST_HEX_DIGITS[algorithm]} hex digits")
    return algorithm, digest


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


def path(text: str) -> Path:
    """Read a path.

    Raises:
        click.BadParameter: an empty one, or bytes that are not text and so could not be recorded.
    """
    if not text or "\0" in text:
        raise click.BadParameter("the path is empty")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise click.BadParameter("a path that is not valid UTF-8 cannot be recorded; rename it") from error
    return Path(text)


def plain_text(text: str) -> str:
    """Read a text for the record.

    Raises:
        click.BadParameter: bytes that are not text in this system's encoding.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise click.BadParameter("not valid UTF-8, so it cannot be recorded") from error
    return text
