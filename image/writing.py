"""What every image writer offers to the one who reads the source: encode anywhere, append in order, finish once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from image.sectors import SectorRange

BATCH_SIZE_BYTES = 2 * 1024 * 1024


class Encoded(Protocol):
    """A stretch of media in the form that goes to the file; how much of it is zeros or did not shrink, in bytes."""

    @property
    def zero_bytes(self) -> int:
        """Bytes in blocks that hold zeros only."""
        ...

    @property
    def incompressible_bytes(self) -> int:
        """Bytes in blocks that look encrypted or already compressed."""
        ...


def batch_size(stretch_bytes: int) -> int:
    """The bytes of a batch: the multiple of the stretch that is worth a trip through the threads."""
    return stretch_bytes * max(1, BATCH_SIZE_BYTES // stretch_bytes)


def do_nothing() -> None:
    """Do nothing before a write."""


EncodedT = TypeVar("EncodedT", bound=Encoded)


@dataclass(frozen=True, slots=True)
class ClosedSegment:
    """A finished segment file; `sha256` is None where it equals that of the media range (raw)."""

    file: str
    size_bytes: int
    sha256: str | None
    first_sector: int
    sector_count: int


class ImageWriter(Protocol[EncodedT]):
    """Writes one image to its segment set. `encode` may run in many threads; the rest runs in one."""

    stretch_bytes: int
    """Stretches of media must be whole multiples of this, the last one apart."""

    def encode(self, media: memoryview) -> EncodedT:
        """The stored form of a stretch of media."""
        ...

    def append(self, media: memoryview, encoded: EncodedT) -> tuple[int, ...]:
        """Take in the next stretch; the offsets in it, in bytes, at which a segment ended."""
        ...

    def flush(self) -> None:
        """Write what is pending, so that `written_sectors` is all that was appended."""
        ...

    def finish(self, digests: dict[str, str], unreadable: Sequence[SectorRange]) -> None:
        """Write what stands at the end of the image and close its last segment."""
        ...

    def unlisted(self, unreadable: Sequence[SectorRange]) -> tuple[SectorRange, ...]:
        """The unreadable ranges that the image itself should name and cannot."""
        ...

    def changed_texts(self) -> tuple[str, ...]:
        """The texts that the image could not hold as they were given: each field, and why."""
        ...

    @property
    def written_sectors(self) -> int:
        """The sectors whose bytes have gone to the segment set."""
        ...

    @property
    def closed(self) -> Sequence[ClosedSegment]:
        """The finished segments, in order."""
        ...
