"""How much of an unfinished image is durable, as its journal says; nothing behind it is ever believed.

With several outputs the least advanced journal counts for all of them (`least_advanced`): every output holds the
same bytes, so what the lesser journal says of one is true of the others, which are cut back to it. An output that
was lost long before the others is better left out than resumed together with them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from image.writing import ClosedSegment


@dataclass(frozen=True, slots=True)
class DurablePart:
    """The part of an image in front of its watermark.

    `file` is the segment file that was being written, durable to `length_bytes`, or None between two of them;
    `next_sector` is the first one that is not in the image. Digests are SHA-256 in hex: `file_sha256` of that
    file so far (E01), `media_sha256` of the media before `next_sector` (raw), `closed_media_sha256` of the media
    of closed segments, as many as were known, `prefix_sha256` of the media to each multiple of 64 MiB, of which
    some may lie behind the watermark.
    """

    closed: tuple[ClosedSegment, ...] = ()
    file: str | None = None
    length_bytes: int = 0
    next_sector: int = 0
    file_sha256: str | None = None
    media_sha256: str | None = None
    closed_media_sha256: tuple[str, ...] = ()
    prefix_sha256: tuple[str, ...] = ()

    @property
    def open_first_sector(self) -> int:
        """The first sector behind the closed segments."""
        return self.closed[-1].first_sector + self.closed[-1].sector_count if self.closed else 0

    @property
    def files(self) -> tuple[tuple[str, int], ...]:
        """Name and durable length in bytes of every segment file, in order."""
        closed = tuple((item.file, item.size_bytes) for item in self.closed)
        return closed if self.file is None else (*closed, (self.file, self.length_bytes))


NOTHING_DURABLE = DurablePart()


def least_advanced(parts: Iterable[DurablePart]) -> DurablePart:
    """The part that every output has: the one with the lowest watermark."""
    return min(parts, key=lambda part: (part.next_sector, len(part.closed), part.length_bytes))


@dataclass(frozen=True, slots=True)
class PartLimits:
    """What any part of one image can be: its media, its segments, and how they are named.

    The media is written in units of `unit_sectors`, the last one shorter. A segment has at most
    `segment_size_bytes`, 0 is no limit.
    """

    sector_count: int
    sector_size_bytes: int
    unit_sectors: int
    segment_size_bytes: int
    segment_name: Callable[[str, int], str]


def require_possible(part: DurablePart, stem: str, limits: PartLimits) -> None:
    """See that a journal tells of a part that the image of this name can have.

    Raises:
        DestinationError: it does not; says what is impossible.
    """
    raise NotImplementedError
