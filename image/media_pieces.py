"""Media data on its way from segment files to digests, in order, with the stored bytes it came from."""

from dataclasses import dataclass

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

    `is_read` is False where the system could not read the stored bytes: `data` are zeros then, and no digest
    of the media can be told. `surplus_chunks` of them have a few bytes behind their compressed data.
    """

    segment_index: int
    data: bytes
    stored_offset_bytes: int
    stored: bytes
    defects: tuple[PieceDefect, ...] = ()
    is_read: bool = True
    surplus_chunks: int = 0
