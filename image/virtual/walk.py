"""One pass over the media of a virtual disk, in order; what cannot be decoded is said and never taken for zeros."""

from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from image.buffers import BufferStore
from image.finding_list import FindingList
from image.lanes import map_in_order, worker_count
from image.media_pieces import MediaPiece, PieceDefect
from image.sectors import SectorRange, merge_ranges
from image.virtual.disk import VirtualDisk
from image.virtual.media_server import MediaServer
from image.virtual.nbd_client import ServerGoneError
from image.virtual.qemu_server import MAXIMUM_CLIENTS

PIECE_BYTES = 1024 * 1024
TRUNCATED, UNREADABLE, DECODER_LOST = "virtual-truncated", "virtual-unreadable", "decoder-lost"


class VirtualWalk:
    """The pieces of the media; `lost` are the sectors that the files are too short for, merged."""

    def __init__(
        self, disk: VirtualDisk, server: MediaServer, lost: tuple[SectorRange, ...], findings: FindingList
    ) -> None:
        self._disk = disk
        self._server = server
        self._lost = lost
        self._lost_ends = [item.end_sector for item in lost]
        self._findings = findings
        self._store = BufferStore(PIECE_BYTES)

    def pieces(self, pool: ThreadPoolExecutor | None) -> Iterator[MediaPiece]:
        """Every piece in order; with a pool, read there ahead of time. They end where qemu does."""
        offsets = range(0, self._disk.media_size_bytes, PIECE_BYTES)
        ahead = min(MAXIMUM_CLIENTS, 2 * worker_count())
        read = map(self._read, offsets) if pool is None else map_in_order(self._read, offsets, pool, ahead)
        for piece in chain.from_iterable(read):
            for defect in piece.defects:
                self._tell(defect)
            yield piece
            if any(defect.code == DECODER_LOST for defect in piece.defects):
                return

    def _tell(self, defect: PieceDefect) -> None:
        """Make the finding of a defect; those of truncated files were made before."""
        if defect.code == TRUNCATED:
            return
        name, sectors = self._disk.paths[0].name, defect.sectors
        if defect.code == DECODER_LOST and sectors is not None:
            end = self._disk.media_size_bytes // self._disk.sector_size_bytes
            sectors = SectorRange(sectors.first_sector, end - sectors.first_sector)
        self._findings.add(defect.code, defect.detail, segment=name, sectors=sectors)

    def _read(self, offset_bytes: int) -> tuple[MediaPiece, ...]:
        """One piece; several where parts of it cannot be decoded, which are zeros and said not to be read."""
        size = min(PIECE_BYTES, self._disk.media_size_bytes - offset_bytes)
        lease = self._store.lease()
        data = memoryview(lease.buffer)[:size]
        lost = tuple(PieceDefect(TRUNCATED, "", 0, sectors) for sectors in self._lost_in(offset_bytes, size))
        try:
            places = self._server.salvage_into(data, offset_bytes)
        except ServerGoneError:
            detail = f"qemu ended before the media did: {self._server.lost}"
            gone = PieceDefect(DECODER_LOST, detail, 0, self._sectors(offset_bytes, size))
            lease.release()
            return (_piece(offset_bytes, bytes(size), (*lost, gone), is_read=False),)
        if not places:
            return (MediaPiece(0, data, 0, b"", lost, leases=(lease,), media_offset_bytes=offset_bytes),)
        whole = bytes(data)
        lease.release()
        bad = merge_ranges(self._sectors(*place) for place in places)
        return tuple(self._parts(offset_bytes, whole, bad, lost))

    def _parts(
        self, offset_bytes: int, data: bytes, bad: tuple[SectorRange, ...], lost: tuple[PieceDefect, ...]
    ) -> Iterator[MediaPiece]:
        """A piece taken apart into what was decoded and what was not."""
        size, at = self._disk.sector_size_bytes, 0
        for sectors in bad:
            first = sectors.first_sector * size - offset_bytes
            end = min(first + sectors.sector_count * size, len(data))
            if first > at:
                yield _piece(offset_bytes + at, data[at:first], lost)
                lost = ()
            defect = PieceDefect(UNREADABLE, "qemu cannot decode these sectors", 0, sectors)
            yield _piece(offset_bytes + first, data[first:end], (*lost, defect), is_read=False)
            lost, at = (), end
        if at < len(data):
            yield _piece(offset_bytes + at, data[at:], lost)

    def _sectors(self, offset_bytes: int, size_bytes: int) -> SectorRange:
        """The sectors of these bytes."""
        size = self._disk.sector_size_bytes
        return SectorRange(offset_bytes // size, -(-size_bytes // size))

    def _lost_in(self, offset_bytes: int, size_bytes: int) -> Iterator[SectorRange]:
        """The sectors of a piece that the files are too short for."""
        wanted = self._sectors(offset_bytes, size_bytes)
        for index in range(bisect_left(self._lost_ends, wanted.first_sector + 1), len(self._lost)):
            part = self._lost[index].overlap(wanted)
            if part is None:
                return
            yield part


def _piece(offset_bytes: int, data: bytes, defects: tuple[PieceDefect, ...], *, is_read: bool = True) -> MediaPiece:
    """A piece with memory of its own."""
    return MediaPiece(0, data, 0, b"", defects, is_read=is_read, media_offset_bytes=offset_bytes)
