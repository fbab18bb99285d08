"""Opening an image of any format that is read, as one kind of thing to those who walk its media."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, Self

from image.ewf.reader import open_ewf
from image.finding_list import FindingList
from image.formats import VIRTUAL_DISKS, ImageFormat, recognise, require_readable
from image.media_access import MediaAccess
from image.media_pieces import MediaPiece
from image.raw_reader import DEFAULT_SECTOR_BYTES, open_raw
from image.scan_watch import ScanWatch
from image.sectors import SectorRange
from image.segment_files import SegmentFiles
from image.segment_sets import FoundSegments


class OpenImage(Protocol):
    """An image whose segments were found and whose structure was read; sizes are bytes."""

    @property
    def files(self) -> SegmentFiles:
        """Its segment files."""
        ...

    @property
    def segments(self) -> FoundSegments:
        """Which segments were found and which are missing."""
        ...

    @property
    def findings(self) -> FindingList:
        """Every defect met so far."""
        ...

    @property
    def is_raw(self) -> bool:
        """Whether the bytes of its files are the media."""
        ...

    @property
    def media_size_bytes(self) -> int:
        """Bytes of media data the image should hold."""
        ...

    @property
    def sector_size_bytes(self) -> int:
        """Bytes in a sector; 0 where nothing says."""
        ...

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        ...

    @property
    def stored_digests(self) -> tuple[tuple[str, str, str], ...]:
        """Section, algorithm and hex of every digest the image stores of its media."""
        ...

    @property
    def unreadable(self) -> Sequence[SectorRange]:
        """The sectors that the image itself calls unreadable."""
        ...

    @property
    def set_identifier(self) -> bytes | None:
        """The identifier that all segments share; None where there is none."""
        ...

    @property
    def incomplete_segments(self) -> frozenset[int]:
        """The indexes of segments whose structure breaks off: not all of their media can be found."""
        ...

    def segment_ranges(self) -> tuple[SectorRange | None, ...]:
        """The sectors that each segment holds; None for one without media, and where its place is not known."""
        ...

    def watch_scan(self, watch: ScanWatch) -> None:
        """Let long work before the first piece of media call this."""
        ...

    def media(self, pool: ThreadPoolExecutor | None = None) -> Iterator[MediaPiece]:
        """The media data in order; defects become findings as they are passed."""
        ...

    def access(self) -> MediaAccess:
        """The media at any place, to read the file systems on it; nothing is found there.

        Raises:
            ImageNotReadError: nothing of the media can be decoded.
        """
        ...

    def __enter__(self) -> Self:
        """Give itself."""
        ...

    def __exit__(self, *_: object) -> None:
        """Close its files."""
        ...


def open_image(
    path: Path,
    *,
    image_format: ImageFormat | None = None,
    expected_names: tuple[str, ...] = (),
    sector_size_bytes: int = DEFAULT_SECTOR_BYTES,
    folders: tuple[Path, ...] = (),
) -> OpenImage:
    """Open an image by its first segment file; `sector_size_bytes` is used where the image does not say.

    `expected_names` are the segment files a manifest lists; `folders` hold those that are not beside the first.

    Raises:
        ImageNotReadError: not there, a further segment, or of a format that is not read.
    """
    known = recognise(path) if image_format is None else image_format
    require_readable(path, known)
    if known in (ImageFormat.EWF_E01, ImageFormat.EWF_S01):
        return open_ewf(path, expected_names, folders)
    if known is ImageFormat.EWF2_EX01:
        from image.ewf2.reader import open_ewf2

        return open_ewf2(path, expected_names, folders)
    if known in VIRTUAL_DISKS:
        from image.virtual.reader import open_virtual_disk

        return open_virtual_disk(path, known)
    if known is ImageFormat.DMG:
        from image.udif.reader import open_udif

        return open_udif(path)
    return open_raw(path, expected_names, sector_size_bytes, folders)
