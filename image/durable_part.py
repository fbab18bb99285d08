"""How much of an unfinished image is durable, as its journal says; nothing behind it is ever believed.

With several outputs the least advanced journal counts for all of them (`least_advanced`): every output holds the
same bytes, so what the lesser journal says of one is true of the others, which are cut back to it. An output that
was lost long before the others is better left out than resumed together with them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from image.errors import DestinationError
from image.writing import ClosedSegment

ADVICE = "Nothing was changed; keep the files, and begin a new image with another --output"
MAXIMUM_FILE_BYTES = 2**62


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
    `segment_size_bytes`, 0 is no limit. `is_raw`: the bytes of the files are the media.
    """

    sector_count: int
    sector_size_bytes: int
    unit_sectors: int
    segment_size_bytes: int
    is_raw: bool
    segment_name: Callable[[str, int], str]


def require_possible(part: DurablePart, stem: str, limits: PartLimits) -> None:
    """See that a journal tells of a part that the image of this name can have.

    Raises:
        DestinationError: it does not; says what is impossible.
    """
    for what in chain(_impossible_files(part, stem, limits), _impossible_media(part, limits)):
        raise DestinationError(f"the journal of the image cannot be true ({what})", stem, ADVICE)


def _impossible_files(part: DurablePart, stem: str, limits: PartLimits) -> Iterator[str]:
    """What no segment files of the image can be."""
    largest = limits.segment_size_bytes or MAXIMUM_FILE_BYTES
    for number, (name, size_bytes) in enumerate(part.files, 1):
        try:
            wanted = limits.segment_name(stem, number)
        except ValueError as error:
            yield str(error)
            return
        if name != wanted:
            yield f"segment {number} has another name than {wanted}"
        if not 0 <= size_bytes <= largest:
            yield f"{wanted} of {size_bytes} bytes"
    for item in part.closed:
        if (item.sha256 is None) != limits.is_raw:
            yield f"the digest of {item.file}"
    if not _has_proof(part, limits):
        yield "it holds no digest of the last part"


def _has_proof(part: DurablePart, limits: PartLimits) -> bool:
    """Whether there is a digest of the last of the part."""
    if limits.is_raw:
        return part.media_sha256 is not None or part.next_sector == 0
    return part.file is None or part.file_sha256 is not None


def _impossible_media(part: DurablePart, limits: PartLimits) -> Iterator[str]:
    """What no range of media of the image can be."""
    borders = [0]
    for item in part.closed:
        if item.first_sector != borders[-1]:
            yield f"{item.file} begins with sector {item.first_sector}"
        borders.append(item.first_sector + item.sector_count)
    borders.append(part.next_sector)
    for before, border in pairwise(borders):
        if not before <= border <= limits.sector_count or (
            border % limits.unit_sectors and border != limits.sector_count
        ):
            yield f"a segment or the watermark ends before sector {border}"
    if part.file is None and borders[-1] != borders[-2]:
        yield "media behind the last segment"
    if limits.is_raw:
        yield from _impossible_raw_sizes(part, borders, limits.sector_size_bytes)


def _impossible_raw_sizes(part: DurablePart, borders: Sequence[int], sector_size_bytes: int) -> Iterator[str]:
    """What no sizes of raw files can be: they are those of their media."""
    for (name, size_bytes), (first, end) in zip(part.files, pairwise(borders), strict=False):
        if size_bytes != (end - first) * sector_size_bytes:
            yield f"{name} of {size_bytes} bytes for {end - first} sectors"
