"""The unreadable ranges of a record, taken out of its JSON text before the rest is decoded: there can be a million.

As objects they would take ten times the memory of their text; here they go into arrays a megabyte at a time.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

import msgspec

from image.sectors import SectorRanges

LARGE_BYTES = 1024 * 1024
"""A shorter list is decoded with the rest."""
STEP_BYTES = 1024 * 1024
_KEY = re.compile(rb'(?<!\\)"unreadable"\s*:\s*\[')
_BETWEEN = re.compile(rb"\s*,?\s*")


class _Range(msgspec.Struct, gc=False):
    """One range as it stands in the text."""

    first_sector: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    sector_count: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


@dataclass(frozen=True)
class SplitText:
    """The text with one range left of its list, and the ranges of the whole list; None where nothing was cut."""

    text: bytes
    ranges: SectorRanges | None


def split_ranges(data: bytes) -> SplitText:
    """Cut the list called `unreadable` out of a record, where it is long and the only one of that name.

    Raises:
        msgspec.MsgspecError: it is no list of ranges.
    """
    places = list(islice(_KEY.finditer(data), 2))
    if len(places) != 1:
        return SplitText(data, None)
    start = places[0].end()
    end = data.find(b"]", start)
    if end - start < LARGE_BYTES:
        return SplitText(data, None)
    firsts, counts = array("Q"), array("Q")
    for piece in _pieces(data, start, end):
        items = msgspec.json.decode(piece, type=list[_Range])
        firsts.extend([item.first_sector for item in items])
        counts.extend([item.sector_count for item in items])
    kept = data[: data.find(b"}", start) + 1]
    return SplitText(kept + data[end:], SectorRanges(firsts, counts))


def _pieces(data: bytes, start: int, end: int) -> Iterator[bytes]:
    """The items between these places, in lists of their own."""
    while start < end:
        stop = data.rfind(b"}", start, min(start + STEP_BYTES, end)) + 1 or end
        yield b"[" + data[start:stop] + b"]"
        between = _BETWEEN.match(data, stop, end)
        start = between.end() if between is not None else stop
