"""The media of a virtual disk at any place, through a qemu of its own."""

from contextlib import ExitStack

from image.media_access import clipped
from image.segment_files import SegmentReadError
from image.virtual.disk import VirtualDisk
from image.virtual.media_server import MediaServer, media_server
from image.virtual.nbd_client import ServerGoneError

REQUEST_BYTES = 16 * 1024 * 1024


class VirtualAccess:
    """Reads where it is asked to; what qemu cannot decode counts as zeros."""

    def __init__(self, disk: VirtualDisk, server: MediaServer, held: ExitStack) -> None:
        self._server = server
        self._held = held
        self.size_bytes = disk.media_size_bytes
        self.sector_size_bytes = disk.sector_size_bytes

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """As `MediaAccess.read_at`."""
        wanted = clipped(offset_bytes, size_bytes, self.size_bytes)
        data = bytearray(len(wanted))
        for start in range(0, len(data), REQUEST_BYTES):
            view = memoryview(data)[start : start + REQUEST_BYTES]
            try:
                self._server.salvage_into(view, wanted.start + start)
            except ServerGoneError as error:
                raise SegmentReadError(0, wanted.start + start, len(view), f"qemu is gone: {error}") from error
        return bytes(data)

    def close(self) -> None:
        """As `MediaAccess.close`."""
        self._held.close()


def open_virtual_access(disk: VirtualDisk) -> VirtualAccess:
    """Start a qemu that is used until `close`.

    Raises:
        ImageNotReadError: qemu is not there, or does not open the disk.
    """
    with ExitStack() as held:
        server = held.enter_context(media_server(disk))
        return VirtualAccess(disk, server, held.pop_all())
