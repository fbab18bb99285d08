"""The two forms of image that are written, as far as continuing one needs them: limits, and the media so far."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from image.durable_part import DurablePart, PartLimits
from image.ewf.plan import EwfPlan
from image.ewf.writer import EwfSettings
from image.media_pieces import MediaPiece
from image.segment_files import SegmentFiles


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
        raise NotImplementedError

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        raise NotImplementedError

    def media(
        self, files: SegmentFiles, part: DurablePart, pool: ThreadPoolExecutor | None
    ) -> Iterator[MediaPiece]:
        """The media of the part in order.

        Raises:
            DestinationError: the structure around the media is not what was written.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class RawForm:
    """A raw image; `segment_size_bytes` 0 is one file, `.raw`."""

    sector_count: int
    sector_size_bytes: int
    segment_size_bytes: int = 0

    @property
    def limits(self) -> PartLimits:
        """What a part of it can be."""
        raise NotImplementedError

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        raise NotImplementedError

    def media(
        self, files: SegmentFiles, part: DurablePart, pool: ThreadPoolExecutor | None
    ) -> Iterator[MediaPiece]:
        """The media of the part in order."""
        raise NotImplementedError
