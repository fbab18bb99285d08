"""The two forms of image that are written, as far as going on with one needs them: limits, and the media so far."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from image.durable_part import DurablePart, PartLimits
from image.ewf.partial_media import ewf_piece_bytes, partial_media
from image.ewf.plan import EwfPlan
from image.ewf.writer import EwfSettings, planned_volume
from image.finding_list import FindingList
from image.media_pieces import MediaPiece
from image.raw_reader import PIECE_BYTES, RawImage
from image.raw_writer import raw_name
from image.segment_files import SegmentFiles
from image.segment_names import ewf_segment_name
from image.segment_sets import FoundSegments


class ImageForm(Protocol):
    """How an image is laid out."""

    @property
    def limits(self) -> PartLimits:
        """What a part of it can be."""
        ...

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        ...

    def media(
        self, files: SegmentFiles, part: DurablePart, pool: ThreadPoolExecutor | None
    ) -> Iterator[MediaPiece]:
        """The media of the part in order, from files that end at the watermark.

        Raises:
            DestinationError: the structure around the media is not what was written.
        """
        ...


@dataclass(frozen=True)
class EwfForm:
    """An E01 set."""

    plan: EwfPlan
    settings: EwfSettings

    @property
    def limits(self) -> PartLimits:
        """What a part of it can be."""
        plan = self.plan
        return PartLimits(
            sector_count=plan.sector_count,
            sector_size_bytes=plan.sector_size_bytes,
            unit_sectors=plan.chunk_sectors,
            segment_size_bytes=plan.segment_size_bytes,
            is_raw=False,
            segment_name=ewf_segment_name,
        )

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        return ewf_piece_bytes(self.plan.chunk_size_bytes)

    def media(
        self, files: SegmentFiles, part: DurablePart, pool: ThreadPoolExecutor | None
    ) -> Iterator[MediaPiece]:
        """The media of the part in order.

        Raises:
            DestinationError: the structure around the media is not what was written.
        """
        return partial_media(files, part, planned_volume(self.plan, self.settings), pool)


@dataclass(frozen=True)
class RawForm:
    """A raw image; `segment_size_bytes` 0 is one file, `.raw`."""

    sector_count: int
    sector_size_bytes: int
    segment_size_bytes: int = 0

    @property
    def limits(self) -> PartLimits:
        """What a part of it can be."""
        return PartLimits(
            sector_count=self.sector_count,
            sector_size_bytes=self.sector_size_bytes,
            unit_sectors=1,
            segment_size_bytes=self.segment_size_bytes,
            is_raw=True,
            segment_name=partial(raw_name, split=self.segment_size_bytes != 0),
        )

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        return PIECE_BYTES

    def media(
        self,
        files: SegmentFiles,
        part: DurablePart,
        pool: ThreadPoolExecutor | None,
    ) -> Iterator[MediaPiece]:
        """The media of the part in order: the bytes of its files."""
        segments = FoundSegments(files.paths, tuple(range(1, len(part.files) + 1)), ())
        return RawImage(files, segments, FindingList(), self.sector_size_bytes).media(pool)
