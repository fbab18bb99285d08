"""The bad-sector map on disk: a GNU ddrescue mapfile (manual, "Mapfile structure"), positions in bytes.

Written and read as a mirror pair; ddrescue and ddrescuelog read what is written here.
"""

from collections.abc import Iterator
from io import StringIO

from image.badmap import BadSectorMap, SectorState
from image.errors import ImageNotReadError
from image.sectors import SectorRange

FINISHED_STATUS = "+"
MAXIMUM_BLOCKS = 4_000_000
MAXIMUM_MEDIA_BYTES = 2**63 - 1
_STATES = {state.value: state for state in SectorState}


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


def decode_mapfile(text: str, sector_size_bytes: int, where: str) -> BadSectorMap:
    """The map in a mapfile, which must begin at 0 and have no gaps.

    Raises:
        ImageNotReadError: not a mapfile, of more than MAXIMUM_BLOCKS, or its positions are no multiple of the
            sector size; names the line.
    """
    blocks = _blocks(text, sector_size_bytes, where)
    try:
        result = BadSectorMap.of_ranges(blocks, MAXIMUM_BLOCKS)
    except ValueError as error:
        raise ImageNotReadError(f"no usable mapfile: {error}", where) from error
    if not result.sector_count:
        raise ImageNotReadError("no mapfile: it has no blocks", where)
    return result


def _blocks(text: str, sector_size_bytes: int, where: str) -> Iterator[tuple[SectorRange, SectorState]]:
    """The data blocks; the first line that is no comment holds the current position instead."""
    status_line_seen = False
    for number, line in enumerate(StringIO(text), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if not status_line_seen:
            status_line_seen = True
            continue
        yield _block(words, sector_size_bytes, f"{where}, line {number}")


def _block(words: list[str], sector_size_bytes: int, where: str) -> tuple[SectorRange, SectorState]:
    try:
        first, size, state = int(words[0], 0), int(words[1], 0), _STATES[words[2]]
        if first + size > MAXIMUM_MEDIA_BYTES:
            raise ImageNotReadError("a block behind the end of any drive", where)
        if first % sector_size_bytes or size % sector_size_bytes:
            raise ImageNotReadError(f"not at a sector border ({sector_size_bytes} bytes)", where)
        return SectorRange(first // sector_size_bytes, size // sector_size_bytes), state
    except (ValueError, KeyError, IndexError) as error:
        raise ImageNotReadError("not a line of a mapfile", where) from error
