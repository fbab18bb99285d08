"""The passphrase of a key: from a file or from the keyboard, never from the command line, which others can see."""

import sys
from pathlib import Path

import click

from image.bounded_files import read_bounded
from image.errors import UsageError

MAXIMUM_BYTES = 4096


def read_passphrase(file: Path | None, key: Path) -> bytes:
    """The passphrase: the first line of the file, or what is typed.

    Raises:
        UsageError: nobody is there to type it.
        ImageNotReadError: the file cannot be read.
    """
    if file is not None:
        return read_bounded(file, MAXIMUM_BYTES, "passphrase").partition(b"\n")[0].rstrip(b"\r")
    if not sys.stdin.isatty():
        raise UsageError("the passphrase is not known", str(key), "Give --passphrase-file")
    typed: str = click.prompt(
        f"Passphrase of {key.name}", hide_input=True, default="", show_default=False, err=True
    )
    return typed.encode()
