"""JSON as text, printed while it is made: an answer may name a million ranges of sectors."""

import json
from collections.abc import Iterator

from image.sectors import SectorRanges

STEP = "  "
BLOCK_CHARACTERS = 64 * 1024


def json_blocks(value: object) -> Iterator[str]:
    """The text of a value, indented by two spaces and ASCII alone, in blocks of about 64 KiB.

    Raises:
        TypeError: a value that JSON does not have.
    """
    block: list[str] = []
    size = 0
    for piece in _pieces(value, "\n"):
        block.append(piece)
        size += len(piece)
        if size >= BLOCK_CHARACTERS:
            yield "".join(block)
            block, size = [], 0
    yield "".join(block)


def _pieces(value: object, line_end: str) -> Iterator[str]:
    """The text of a value in pieces; `line_end` is a line feed and the indent of its last line."""
    inner = line_end + STEP
    if isinstance(value, SectorRanges) and value:
        yield from _ranges(value, line_end)
    elif isinstance(value, dict) and value:
        for number, (name, item) in enumerate(value.items()):
            yield f"{',' if number else '{'}{inner}{json.dumps(str(name))}: "
            yield from _pieces(item, inner)
        yield line_end + "}"
    elif isinstance(value, list | tuple) and value:
        for number, item in enumerate(value):
            yield f"{',' if number else '['}{inner}"
            yield from _pieces(item, inner)
        yield line_end + "]"
    else:
        yield json.dumps([] if isinstance(value, SectorRanges) else value)


def _ranges(ranges: SectorRanges, line_end: str) -> Iterator[str]:
    """The list of some ranges, each an object."""
    one, two = line_end + STEP, line_end + STEP + STEP
    sign = "["
    for first, count in ranges.pairs():
        yield f'{sign}{one}{{{two}"first_sector": {first},{two}"sector_count": {count}{one}}}'
        sign = ","
    yield line_end + "]"
