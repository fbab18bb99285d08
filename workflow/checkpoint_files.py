"""Checkpoints that were kept elsewhere, as they are handed in to be compared."""

import sys
from collections.abc import Iterable
from pathlib import Path

from casedb.checkpoint_check import Copy, read_copy
from casedb.signed_note import MAXIMUM_NOTE_BYTES
from image.bounded_files import read_bounded
from image.errors import UsageError

STANDARD_INPUT = "-"
ADVICE = "Give the text that `diskwitness ledger checkpoint` printed, or JB1.checkpoint beside an image"


def read_copies(names: Iterable[str]) -> tuple[Copy, ...]:
    """The checkpoints in these files; `-` is standard input.

    Raises:
        UsageError: one holds no checkpoint.
        ImageNotReadError: one cannot be read.
    """
    return tuple(map(_read, names))


def _read(name: str) -> Copy:
    where = "standard input" if name == STANDARD_INPUT else name
    try:
        return read_copy(where, _bytes(name))
    except ValueError as error:
        raise UsageError(f"{error}", where, ADVICE) from error


def _bytes(name: str) -> bytes:
    """What is to be read; a line end of another system is as good."""
    if name == STANDARD_INPUT:
        data = sys.stdin.buffer.read(MAXIMUM_NOTE_BYTES + 1)
    else:
        data = read_bounded(Path(name), MAXIMUM_NOTE_BYTES, "checkpoint")
    return data.replace(b"\r\n", b"\n")
