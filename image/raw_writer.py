"""Raw and split raw images: the media as it is, runs of zeros as holes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from image.durable_part import NOTHING_DURABLE, DurablePart
from image.sampling import is_zero, looks_incompressible
from image.sectors import SectorRange
from image.segment_names import raw_segment_name, single_raw_name
from image.segments import SegmentSet
from image.split_extensions import SegmentNamesExhaustedError
from image.writing import ClosedSegment, do_nothing

BLOCK_SIZE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class RawRuns:
    """What of a stretch is to be written: (offset, size) in bytes of the runs that hold more than zeros."""

    runs: tuple[tuple[int, int], ...]
    zero_bytes: int
    incompressible_bytes: int


class RawWriter:
    """Writes raw segments of `segment_size_bytes`, 0 is one file, `.raw`; or goes on behind the durable part.

    To go on, the segment set must have been reopened at the same part.
    """

    stretch_bytes = BLOCK_SIZE_BYTES

    def __init__(
        self,
        segments: SegmentSet,
        media_size_bytes: int,
        sector_size_bytes: int,
        segment_size_bytes: int,
        before_write: Callable[[], None] = do_nothing,
        part: DurablePart = NOTHING_DURABLE,
    ) -> None:
        self._before_write = before_write
        self._segments = segments
        self._media_size_bytes = media_size_bytes
        self._sector_size_bytes = sector_size_bytes
        self._split = segment_size_bytes != 0
        self._segment_size_bytes = segment_size_bytes or media_size_bytes
        self._written_bytes = part.next_sector * sector_size_bytes
        self._closed: list[ClosedSegment] = list(part.closed)

    def encode(self, media: memoryview) -> RawRuns:
        """The runs to be written, and how much of the stretch is zeros or looks incompressible."""
        runs: list[tuple[int, int]] = []
        zero_bytes = incompressible_bytes = 0
        for offset in range(0, len(media), BLOCK_SIZE_BYTES):
            block = media[offset : offset + BLOCK_SIZE_BYTES]
            if is_zero(block):
                zero_bytes += len(block)
                continue
            if looks_incompressible(block):
                incompressible_bytes += len(block)
            if runs and sum(runs[-1]) == offset:
                runs[-1] = (runs[-1][0], runs[-1][1] + len(block))
            else:
                runs.append((offset, len(block)))
        return RawRuns(tuple(runs), zero_bytes, incompressible_bytes)

    def append(self, media: memoryview, encoded: RawRuns) -> tuple[int, ...]:
        """Write the next stretch; the offsets in it, in bytes, at which a segment ended.

        Raises:
            DestinationError: no destination is left.
        """
        self._before_write()
        cuts: list[int] = []
        position = 0
        while position < len(media):
            if self._segments.name is None:
                self._open_segment()
            room = self._segment_size_bytes - self._segments.length_bytes
            end = min(len(media), position + room)
            self._write_runs(media, encoded.runs, position, end)
            position = end
            if self._segments.length_bytes == self._segment_size_bytes:
                self._close_segment()
                cuts.append(end)
        return tuple(cuts)

    def flush(self) -> None:
        """Nothing is ever pending: a stretch is written as it comes."""

    def finish(self, digests: dict[str, str], unreadable: Sequence[SectorRange]) -> None:  # noqa: ARG002
        """Close the last segment; a raw image holds nothing but media.

        Raises:
            DestinationError: no destination is left.
        """
        if self._segments.name is not None:
            self._close_segment()

    def unlisted(self, unreadable: Sequence[SectorRange]) -> tuple[SectorRange, ...]:  # noqa: ARG002
        """None: a raw image names no unreadable sectors, its map does."""
        return ()

    def changed_texts(self) -> tuple[str, ...]:
        """None: a raw image holds no texts."""
        return ()

    @property
    def written_sectors(self) -> int:
        """The sectors whose bytes have gone to the segment set."""
        return self._written_bytes // self._sector_size_bytes

    @property
    def closed(self) -> Sequence[ClosedSegment]:
        """The finished segments, in order."""
        return self._closed

    def _open_segment(self) -> None:
        number = len(self._closed) + 1
        self._segments.open_next(lambda stem: raw_name(stem, number, split=self._split))

    def _close_segment(self) -> None:
        name, size_bytes = self._segments.name or "", self._segments.length_bytes
        self._segments.finish()
        first = self.written_sectors - size_bytes // self._sector_size_bytes
        self._closed.append(ClosedSegment(name, size_bytes, None, first, size_bytes // self._sector_size_bytes))

    def _write_runs(self, media: memoryview, runs: Sequence[tuple[int, int]], start: int, end: int) -> None:
        """Write the bytes `start` to `end` of the stretch into the open segment, zeros as holes."""
        position = start
        for offset, size_bytes in runs:
            low, high = max(offset, start), min(offset + size_bytes, end)
            if low < high:
                self._segments.skip(low - position)
                self._segments.append([media[low:high]], hashed=False)
                position = high
        self._segments.skip(end - position)
        self._written_bytes += end - start


def raw_name(stem: str, number: int, *, split: bool) -> str:
    """The name of segment `number` (from 1) of a raw image, in several files or in one.

    Raises:
        SegmentNamesExhaustedError: a second segment of an image in one file.
    """
    if split:
        return raw_segment_name(stem, number)
    if number != 1:
        raise SegmentNamesExhaustedError("an image in one file has one segment")
    return single_raw_name(stem)
