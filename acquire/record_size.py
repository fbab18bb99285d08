"""How large the records of a job may become: none is written that could not be read back."""

from image.errors import DestinationError, StoppedError
from image.manifest_file import MAXIMUM_BYTES
from image.mapfile import MAXIMUM_BLOCKS

BLOCKS_OF_A_STEP = 1000
"""A step of a rescue makes far fewer blocks."""

ADVICE = "Begin another image with a larger --error-granularity"


def require_readable_back(contents: bytes, unreadable_ranges: int) -> None:
    """See that a journal or manifest is no larger than what is read.

    Raises:
        DestinationError: it is.
    """
    if len(contents) > MAXIMUM_BYTES:
        what = f"{unreadable_ranges} unreadable ranges make a record of {len(contents)} bytes, too large to be read"
        raise DestinationError(what, do=ADVICE)


def require_room_in_map(block_count: int) -> None:
    """See that a map of so many blocks can be read back, and that of the next step too.

    Raises:
        StoppedError: it cannot.
    """
    if block_count > MAXIMUM_BLOCKS - BLOCKS_OF_A_STEP:
        raise StoppedError(f"the map has {block_count} blocks, more than are read back", do=ADVICE)
