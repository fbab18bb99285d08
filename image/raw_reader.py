"""Raw and split raw images, read in order: the bytes of the files are the media."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path

from image.buffers import BufferStore
from image.finding_list import FindingList, SegmentFindings
from image.lanes import map_in_order, worker_count
from image.media_pieces import MediaPiece, PieceDefect
from image.open_files import BareImage
from image.raw_access import RawAccess
from image.sectors import SectorRange
from image.segment_files import SegmentFiles, SegmentReadError
from image.segment_sets import FoundSegments, find_segments

DEFAULT_SECTOR_BYTES = 512
PIECE_BYTES = 1024 * 1024


@dataclass
class RawImage(BareImage):
    """An open raw image; nothing in it says how large its sectors are."""

    segments: FoundSegments
    findings: FindingList
    sector_size_bytes: int

    @property
    def is_raw(self) -> bool:
        """The bytes of its files are the media."""
        return True

    @property
    def media_size_bytes(self) -> int:
        """Bytes of media data in the files that are there."""
        return sum(self.files.sizes_bytes)

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        return PIECE_BYTES

    def segment_ranges(self) -> tuple[SectorRange | None, ...]:
        """The sectors that begin in each segment; None for an empty one, and where a missing one leaves it open."""
        if self.segments.missing:
            return (None,) * len(self.files)
        borders = accumulate(self.files.sizes_bytes, initial=0)
        firsts = [-(-border // self.sector_size_bytes) for border in borders]
        return tuple(SectorRange(first, end - first) if end > first else None for first, end in pairwise(firsts))

    def media(self, pool: ThreadPoolExecutor | None = None) -> Iterator[MediaPiece]:
        """The media data in order, in pieces of 1 MiB; defects become findings as they are passed."""
        offset = 0
        for piece in self._read(pool):
            for defect in piece.defects:
                findings = SegmentFindings(self.findings, self.files.names[piece.segment_index])
                findings.add(defect.code, defect.detail, defect.offset_bytes, sectors=self._sectors(piece, offset))
            offset += len(piece.data)
            yield piece

    def access(self) -> RawAccess:
        """The media at any place."""
        return RawAccess(self.files, self.segments.numbers, self.sector_size_bytes)

    def _read(self, pool: ThreadPoolExecutor | None) -> Iterator[MediaPiece]:
        """The pieces, read ahead in the pool or here without one."""
        places = (
            (index, offset)
            for index, size in enumerate(self.files.sizes_bytes)
            for offset in range(0, size, PIECE_BYTES)
        )
        work = partial(_read_piece, self.files, BufferStore(PIECE_BYTES))
        return map(work, places) if pool is None else map_in_order(work, places, pool, 2 * worker_count())

    def _sectors(self, piece: MediaPiece, offset_bytes: int) -> SectorRange | None:
        """The sectors of a piece at this offset of the media."""
        if self.segments.missing:
            return None
        first = offset_bytes // self.sector_size_bytes
        end = -(-(offset_bytes + len(piece.data)) // self.sector_size_bytes)
        return SectorRange(first, end - first)


def open_raw(
    first_segment: Path,
    expected_names: tuple[str, ...] = (),
    sector_size_bytes: int = DEFAULT_SECTOR_BYTES,
    folders: tuple[Path, ...] = (),
) -> RawImage:
    """Open the raw image that begins with this file.

    `expected_names` are the segment files that a manifest lists: those that are not there are missing too.
    `folders` hold the segments that are not beside the first one.

    Raises:
        ImageNotReadError: the first file is not there, or not a file.
    """
    findings = FindingList()
    segments = find_segments(first_segment, expected_names, findings, folders)
    image = RawImage(SegmentFiles(segments.paths), segments, findings, sector_size_bytes)
    if not image.media_size_bytes:
        findings.add("media-empty", "the file is empty", segment=first_segment.name)
    if image.media_size_bytes % sector_size_bytes:
        rest = image.media_size_bytes % sector_size_bytes
        findings.add("partial-sector", f"the last sector has {rest} bytes of {sector_size_bytes}")
    _check_sizes(image.files, findings)
    return image


def _check_sizes(files: SegmentFiles, findings: FindingList) -> None:
    """Split tools make all segments but the last one equally long, and none longer than the first."""
    usual, last = files.sizes_bytes[0], len(files) - 1
    for index, size in enumerate(files.sizes_bytes):
        if size > usual or (size < usual and index < last):
            detail = "not as long as the first segment"
            expected, found = str(usual), str(size)
            findings.add("segment-uneven", detail, segment=files.names[index], expected=expected, found=found)


def _read_piece(files: SegmentFiles, store: BufferStore, place: tuple[int, int]) -> MediaPiece:
    """One piece, as zeros where the system cannot read it."""
    index, offset = place
    size = min(PIECE_BYTES, files.sizes_bytes[index] - offset)
    lease = store.lease()
    data = memoryview(lease.buffer)[:size]
    try:
        files.read_into(index, offset, data)
    except SegmentReadError as error:
        defect = PieceDefect("segment-unreadable", error.reason, error.offset_bytes, None)
        return MediaPiece(index, bytes(size), offset, b"", (defect,), is_read=False)
    return MediaPiece(index, data, offset, data, leases=(lease,))
