"""Checkpoints that were kept elsewhere, as they are handed in to be compared: text, receipt or report."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from casedb.checkpoint import SCHEME
from casedb.checkpoint_check import Copy, read_copy
from casedb.signed_note import MAXIMUM_NOTE_BYTES
from image.bounded_files import read_bounded
from image.errors import UsageError

STANDARD_INPUT = "-"
ATTACHMENT = "checkpoint.txt"
"""The name under which a report carries its checkpoint."""
PDF_MARK = b"%PDF-"
MARK_WITHIN_BYTES = 1024
"""So far from its beginning a PDF may say that it is one (ISO 32000-1, annex H.3.4.1)."""
MAXIMUM_FILE_BYTES = 256 * 1024 * 1024
MAXIMUM_TEXT_BYTES = 1024 * 1024
ADVICE = "Give what `diskwitness ledger checkpoint` printed, JB1.checkpoint beside an image, a receipt or a report"

_NOTE = re.compile(
    rf"^{re.escape(SCHEME)}[^\s]+\n[0-9]+\n[^\s]+\n(?:[^\n]+\n)*\n(?:\u2014 [^\n]+(?:\n|\Z))+", re.MULTILINE
)
"""A checkpoint in a longer text: its three lines, an empty one, and the signatures."""


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
        return read_copy(where, checkpoint_in(_bytes(name)))
    except ValueError as error:
        raise UsageError(f"{error}", where, ADVICE) from error


def checkpoint_in(data: bytes) -> bytes:
    """The checkpoint in a PDF, or in a text that says more; anything else as it is.

    Raises:
        ValueError: a PDF without a checkpoint, or a text that is too long or holds several.
    """
    if PDF_MARK in data[:MARK_WITHIN_BYTES]:
        from report.pdf.attached import attached_text

        data = attached_text(data, ATTACHMENT, MAXIMUM_NOTE_BYTES)
    if len(data) > MAXIMUM_TEXT_BYTES:
        raise ValueError(f"{len(data)} bytes are too many for a checkpoint")
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    found = {item if item.endswith("\n") else f"{item}\n" for item in _NOTE.findall(text)}
    if len(found) > 1:
        raise ValueError("there are several checkpoints in it")
    return found.pop().encode() if found else data


def _bytes(name: str) -> bytes:
    """What is to be read."""
    if name == STANDARD_INPUT:
        return sys.stdin.buffer.read(MAXIMUM_FILE_BYTES + 1)
    return read_bounded(Path(name), MAXIMUM_FILE_BYTES, "checkpoint")
