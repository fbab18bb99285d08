"""Media data on its way from segment files to digests, in order, with the stored bytes it came from."""

from dataclasses import dataclass

from image.buffers import Lease
from image.sectors import SectorRange


@dataclass(frozen=True, slots=True)
class PieceDefect:
    """What is wrong with a piece: a finding without its segment's name, made in a worker thread."""

    code: str
    detail: str
    offset_bytes: int
    sectors: SectorRange | None
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class MediaPiece:
    """The next media data; `stored` are the segment's bytes from `stored_offset_bytes` on that hold it.

    Both are valid until `release` is called, which whoever looks at the piece last may do.
    `is_read` is False where the system could not read the stored bytes: `data` are zeros then, and no digest
    of the media can be told. `surplus_chunks` of them have a few bytes behind their compressed data.
    `media_offset_bytes` is the place of `data` in the media; None follows the piece before, as far as is known.
    """

    segment_index: int
    data: bytes | memoryview
    stored_offset_bytes: int
    stored: bytes | memoryview
    defects: tuple[PieceDefect, ...] = ()
    is_read: bool = True
    surplus_chunks: int = 0
    leases: tuple[Lease, ...] = ()
    media_offset_bytes: int | None = None

    def release(self) -> None:
        """Let the memory of the piece be used again."""
        for lease in self.leases:
            lease.release()
