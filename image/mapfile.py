"""The bad-sector map on disk: a GNU ddrescue mapfile (manual, "Mapfile structure"), positions in bytes.

Written and read as a mirror pair; ddrescue and ddrescuelog read what is written here.
"""

import re
from collections.abc import Iterator

from image.badmap import BadSectorMap, SectorState
from image.errors import ImageNotReadError

FINISHED_STATUS = "+"
MAXIMUM_BLOCKS = 4_000_000
MAXIMUM_MEDIA_BYTES = 2**63 - 1
FIRST_STRETCH_BYTES = 4 * 1024
STRETCH_BYTES = 1024 * 1024
_STATES = {state.value: state for state in SectorState}
_STATE_OF_BYTE = {state.value.encode(): state for state in SectorState}
_PLAIN_ROW = re.compile(rb"^(0x[0-9A-Fa-f]{1,16})[ \t]+(0x[0-9A-Fa-f]{1,16})[ \t]+([?*/+-])[ \t]*\n", re.MULTILINE)


def encode_mapfile(bad_sector_map: BadSectorMap, sector_size_bytes: int, comments: tuple[str, ...] = ()) -> str:
    """The map as mapfile text; comments are lines of their own, without line ends."""
    blocks: list[str] = []
    position, status = bad_sector_map.sector_count, FINISHED_STATUS
    for sectors, state in bad_sector_map:
        if state is SectorState.NON_TRIED and status is FINISHED_STATUS:
            position, status = sectors.first_sector, state.value
        first, size = sectors.first_sector * sector_size_bytes, sectors.sector_count * sector_size_bytes
        blocks.append(f"0x{first:08X}  0x{size:08X}  {state.value}")
    lines = ["# Mapfile. Created by diskwitness", *(f"# {line}" for line in comments)]
    lines.append("# current_pos  current_status  current_pass")
    lines.append(f"0x{position * sector_size_bytes:08X}     {status}               1")
    lines += ["#      pos        size  status", *blocks]
    return "\n".join(lines) + "\n"


def decode_mapfile(text: str | bytes, sector_size_bytes: int, where: str) -> BadSectorMap:
    """The map in a mapfile, which must begin at 0 and have no gaps.

    Raises:
        ImageNotReadError: not a mapfile, of more than MAXIMUM_BLOCKS, or its positions are no multiple of the
            sector size; names the line.
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    try:
        result = BadSectorMap.of_blocks(_blocks(data, sector_size_bytes, where), MAXIMUM_BLOCKS)
    except ValueError as error:
        raise ImageNotReadError(f"no usable mapfile: {error}", where) from error
    if not result.sector_count:
        raise ImageNotReadError("no mapfile: it has no blocks", where)
    return result


def _blocks(data: bytes, sector_size_bytes: int, where: str) -> Iterator[tuple[int, int, SectorState]]:
    """The data blocks; the first line that is no comment holds the current position instead."""
    number, status_line_seen = 0, False
    for stretch in _stretches(data):
        rows, line_count = _PLAIN_ROW.findall(stretch), stretch.count(b"\n")
        # A stretch of plain rows is read five times as fast as one line by line: a map can have millions.
        if status_line_seen and len(rows) == line_count:
            yield from _plain_rows(rows, sector_size_bytes, where, number)
        else:
            for place, line in enumerate(stretch.split(b"\n"), number + 1):
                words = line.partition(b"#")[0].decode("utf-8", "replace").split()
                if words and status_line_seen:
                    yield _block(words, sector_size_bytes, f"{where}, line {place}")
                status_line_seen = status_line_seen or bool(words)
        number += line_count


def _stretches(data: bytes) -> Iterator[bytes]:
    """The text in stretches of whole lines, the first one short since it holds the comments."""
    start, size = 0, FIRST_STRETCH_BYTES
    while start < len(data):
        end = data.rfind(b"\n", start, start + size) + 1 or data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start, size = end, STRETCH_BYTES


def _plain_rows(
    rows: list[tuple[bytes, bytes, bytes]], sector_size_bytes: int, where: str, number: int
) -> Iterator[tuple[int, int, SectorState]]:
    """The blocks of rows that hold three words and nothing else; `number` lines stand in front of them."""
    for first_word, size_word, sign in rows:
        number += 1
        first, size = int(first_word, 16), int(size_word, 16)
        if first % sector_size_bytes or size % sector_size_bytes or not 0 < size <= MAXIMUM_MEDIA_BYTES - first:
            words = [first_word.decode(), size_word.decode(), sign.decode()]
            yield _block(words, sector_size_bytes, f"{where}, line {number}")
        yield first // sector_size_bytes, size // sector_size_bytes, _STATE_OF_BYTE[sign]


def _block(words: list[str], sector_size_bytes: int, where: str) -> tuple[int, int, SectorState]:
    """The block in the words of a line.

    Raises:
        ImageNotReadError: it is none; names the line.
    """
    try:
        first, size, state = int(words[0], 0), int(words[1], 0), _STATES[words[2]]
    except (ValueError, KeyError, IndexError) as error:
        raise ImageNotReadError("not a line of a mapfile", where) from error
    if first < 0 or size < 1:
        raise ImageNotReadError("not a line of a mapfile", where)
    if first + size > MAXIMUM_MEDIA_BYTES:
        raise ImageNotReadError("a block behind the end of any drive", where)
    if first % sector_size_bytes or size % sector_size_bytes:
        raise ImageNotReadError(f"not at a sector border ({sector_size_bytes} bytes)", where)
    return first // sector_size_bytes, size // sector_size_bytes, state
