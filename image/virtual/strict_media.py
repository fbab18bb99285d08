"""The media of a virtual disk as a drive gives it: what cannot be decoded fails the read and is no zeros."""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from image.errors import ImageNotReadError
from image.findings import Finding, Severity
from image.formats import ImageFormat
from image.scan_watch import ScanWatch, watch_nothing
from image.sectors import SectorRange
from image.virtual.block_tables import TRUNCATED
from image.virtual.disk import VirtualDisk
from image.virtual.lost_media import find_lost_media
from image.virtual.media_server import MediaServer, media_server
from image.virtual.nbd_client import ExportReadError
from image.virtual.reader import open_virtual_disk

LOST_ERROR_NUMBER = 5
"""EIO, as a drive answers for a sector that it has not."""


class StrictMedia:
    """Media that is read anywhere; `lost` are the sectors that the files are too short for."""

    def __init__(self, disk: VirtualDisk, server: MediaServer, lost: tuple[SectorRange, ...]) -> None:
        self._server = server
        self._lost = [
            (item.first_sector * disk.sector_size_bytes, item.end_sector * disk.sector_size_bytes) for item in lost
        ]
        self.size_bytes = disk.media_size_bytes
        self.sector_size_bytes = disk.sector_size_bytes
        self.kind = disk.kind
        self.version = server.version

    def read_into(self, view: memoryview, offset_bytes: int) -> None:
        """Fill the view with media from this byte on.

        Raises:
            ExportReadError: it cannot be decoded, or is not in the files.
            ServerGoneError: qemu is gone.
        """
        index = bisect_right(self._lost, (offset_bytes + len(view) - 1, self.size_bytes)) - 1
        if index >= 0 and self._lost[index][1] > offset_bytes:
            raise ExportReadError(LOST_ERROR_NUMBER)
        self._server.read_into(view, offset_bytes)


@contextmanager
def strict_media(path: Path, image_format: ImageFormat, watch: ScanWatch = watch_nothing) -> Iterator[StrictMedia]:
    """Open a virtual disk for the length of a `with` block; `watch` is called while its tables are looked at.

    Raises:
        ImageNotReadError: qemu is not there, or it is refused, or its headers are damaged.
    """
    with open_virtual_disk(path, image_format) as image:
        lost = find_lost_media(image.disk, image.findings, watch)
        broken = [item for item in image.findings.as_tuple() if _forbids(item)]
        if broken:
            raise ImageNotReadError(f"the virtual disk is damaged ({broken[0].detail})", str(path))
        with media_server(image.disk) as server:
            yield StrictMedia(image.disk, server, lost)


def _forbids(item: Finding) -> bool:
    """Whether a finding forbids to read any of the media; sectors that are lost fail by themselves."""
    return item.severity is Severity.FAILURE and item.code != TRUNCATED
