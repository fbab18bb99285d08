"""The revisions of a PDF: where each ends, what stands behind the last (ISO 32000-1, 7.5.6). Pure."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

END_MARK = re.compile(rb"startxref[\r\n ]+(\d{1,12})[\r\n ]+%%EOF(\r\n|\n|\r)?")
MAXIMUM_ENDS = 200
"""Ends of revisions that are looked at; a report with three signatures has ten."""


@dataclass(frozen=True)
class Prefix:
    """The file up to the end of one of its revisions: its length in bytes and its SHA-256 in hex."""

    size_bytes: int
    sha256: str


def prefixes(pdf: bytes) -> tuple[Prefix, ...]:
    """The file cut at the end of each of its revisions, each with and without the line end behind its mark."""
    digest, at, found = hashlib.sha256(), 0, []
    for end in _ends(pdf):
        digest.update(memoryview(pdf)[at:end])
        at = end
        found.append(Prefix(end, digest.hexdigest()))
    return tuple(found)


def _ends(pdf: bytes) -> Iterator[int]:
    """Where revisions end, in order."""
    for number, mark in enumerate(END_MARK.finditer(pdf)):
        if number == MAXIMUM_ENDS:
            return
        bare = mark.start(2) if mark.group(2) else mark.end()
        yield bare
        if mark.end() != bare:
            yield mark.end()


def tail_problem(pdf: bytes, last_table: int) -> str | None:
    """What stands behind the end of the file, or None; `last_table` is where its newest table of objects is."""
    end = end_of_revision(pdf, last_table)
    if end is None:
        return "it does not end as a PDF ends"
    return f"{len(pdf) - end} bytes stand behind its end" if end != len(pdf) else None


def end_of_revision(pdf: bytes, table: int) -> int | None:
    """Where the revision whose cross-reference table stands at this place ends, line end included."""
    found = END_MARK.search(pdf, table)
    return found.end() if found and int(found.group(1)) == table else None
