"""The media of a virtual disk, read through qemu by several threads at once."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from image.errors import ImageNotReadError
from image.virtual.disk import VirtualDisk
from image.virtual.nbd_client import ExportReadError, NbdClient, ServerGoneError
from image.virtual.qemu_server import ADVICE, QemuServer, serving

FAILED_READS_TO_SECTORS = 4_000
FAILED_READS_TO_BLOCKS = 100_000
"""So often a failed read is taken apart to its bad sectors, then to its blocks, then not at all: each try decodes a
block anew, and a hostile image could make that take for ever."""


class DecoderRefusedError(ImageNotReadError):
    """qemu is there and does not open the disk."""


@dataclass
class MediaServer:
    """Connections to a running qemu; one that is not used waits in `_idle`."""

    _server: QemuServer
    sector_size_bytes: int
    block_bytes: int
    _idle: "queue.SimpleQueue[NbdClient]" = field(default_factory=queue.SimpleQueue)
    _failed_reads: int = 0
    lost: str | None = None
    """Why qemu is gone, once it is."""

    @property
    def version(self) -> str:
        """The name and version of the program that decodes."""
        return self._server.version

    def read_into(self, view: memoryview, offset_bytes: int) -> None:
        """Fill the view with media from this byte on.

        Raises:
            ExportReadError: qemu cannot read it.
            ServerGoneError: qemu is gone.
        """
        try:
            with self._client() as client:
                client.read_into(view, offset_bytes)
        except ServerGoneError:
            self.lost = self._server.reason()
            raise

    def salvage_into(self, view: memoryview, offset_bytes: int) -> list[tuple[int, int]]:
        """As `read_into`, with zeros where qemu cannot read; gives offset and size in bytes of these places.

        Raises:
            ServerGoneError: qemu is gone.
        """
        try:
            self.read_into(view, offset_bytes)
        except ExportReadError:
            self._failed_reads += 1
            granule = self._granule_bytes()
            half = -(-len(view) // granule) // 2 * granule
            if not half:
                view[:] = bytes(len(view))
                return [(offset_bytes, len(view))]
            bad = self.salvage_into(view[:half], offset_bytes)
            return bad + self.salvage_into(view[half:], offset_bytes + half)
        return []

    def _granule_bytes(self) -> int:
        """The smallest part that a failed read is taken apart to."""
        if self._failed_reads <= FAILED_READS_TO_SECTORS:
            return self.sector_size_bytes
        return self.block_bytes if self._failed_reads <= FAILED_READS_TO_BLOCKS else 1 << 62

    def keep(self, client: NbdClient) -> None:
        """Take over a connection."""
        self._idle.put(client)

    def close(self) -> None:
        """Close every connection that is not in use."""
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    @contextmanager
    def _client(self) -> Iterator[NbdClient]:
        """A connection that nobody else uses; it is kept for others unless the server is gone.

        Raises:
            ServerGoneError: a new one was needed, and qemu is gone.
        """
        try:
            client = self._idle.get_nowait()
        except queue.Empty:
            client = self._server.connect()
        try:
            yield client
        except ServerGoneError:
            client.close()
            raise
        except ExportReadError:
            self._idle.put(client)
            raise
        self._idle.put(client)


@contextmanager
def media_server(disk: VirtualDisk) -> Iterator[MediaServer]:
    """Let qemu decode a virtual disk for the length of a `with` block.

    Raises:
        ImageNotReadError: qemu is not installed.
        DecoderRefusedError: it does not open the disk, or finds another size than the header says.
    """
    where = str(disk.paths[0])
    with serving(disk) as server:
        try:
            client = server.connect()
        except ServerGoneError as error:
            raise DecoderRefusedError(f"qemu does not read it ({error})", where, ADVICE) from error
        media = MediaServer(server, disk.sector_size_bytes, disk.block_bytes)
        media.keep(client)
        try:
            if client.export_bytes != disk.media_size_bytes:
                what = f"its header tells of {disk.media_size_bytes} bytes of media, qemu of {client.export_bytes}"
                raise DecoderRefusedError(what, where, ADVICE)
            yield media
        finally:
            media.close()
