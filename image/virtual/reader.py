"""Virtual disks opened for proof: their headers read here, their media decoded by qemu, each defect a finding."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from image.errors import ImageNotReadError
from image.finding_list import FindingList
from image.formats import ImageFormat
from image.media_access import MediaAccess
from image.media_pieces import MediaPiece
from image.open_files import BareImage
from image.sectors import SectorRange
from image.segment_files import SegmentFiles
from image.segment_sets import FoundSegments
from image.virtual.access import open_virtual_access
from image.virtual.block_tables import MAXIMUM_MEMORY_BYTES
from image.virtual.disk import VirtualDisk
from image.virtual.lost_media import find_lost_media
from image.virtual.media_server import DecoderRefusedError, media_server
from image.virtual.parallels import look_at_parallels
from image.virtual.qcow import look_at_qcow
from image.virtual.qcow2 import look_at_qcow2
from image.virtual.qed import look_at_qed
from image.virtual.qemu_server import ADVICE
from image.virtual.vdi import look_at_vdi
from image.virtual.vhd import look_at_vhd
from image.virtual.vhdx import look_at_vhdx
from image.virtual.vmdk import look_at_vmdk
from image.virtual.walk import PIECE_BYTES, VirtualWalk

LOOKS: Mapping[ImageFormat, Callable[[Path], VirtualDisk]] = {
    ImageFormat.QCOW: look_at_qcow,
    ImageFormat.QCOW2: look_at_qcow2,
    ImageFormat.QED: look_at_qed,
    ImageFormat.VDI: look_at_vdi,
    ImageFormat.VHD: look_at_vhd,
    ImageFormat.VHDX: look_at_vhdx,
    ImageFormat.VMDK: look_at_vmdk,
    ImageFormat.PARALLELS: look_at_parallels,
}


@dataclass
class VirtualImage(BareImage):
    """An open virtual disk; qemu runs only while its media is read."""

    disk: VirtualDisk
    findings: FindingList
    _running: ExitStack = field(default_factory=ExitStack)

    def __exit__(self, *_: object) -> None:
        """Close its files, and end every qemu that still decodes it."""
        self._running.close()
        super().__exit__()

    @property
    def segments(self) -> FoundSegments:
        """Its files: the one that was named, then the extents of a VMDK. None of them may be missing."""
        return FoundSegments(self.files.paths, tuple(range(1, len(self.files) + 1)), ())

    @property
    def is_raw(self) -> bool:
        """Its files hold more than the media."""
        return False

    @property
    def media_size_bytes(self) -> int:
        """Bytes of media that the headers tell of."""
        return self.disk.media_size_bytes

    @property
    def sector_size_bytes(self) -> int:
        """Bytes in a sector."""
        return self.disk.sector_size_bytes

    @property
    def piece_bytes(self) -> int:
        """Bytes of media in the largest piece."""
        return PIECE_BYTES

    def segment_ranges(self) -> tuple[SectorRange | None, ...]:
        """The sectors in its file; of several files none is told, since they may share them."""
        count = self.media_size_bytes // self.sector_size_bytes
        return (SectorRange(0, count),) if len(self.files) == 1 and count else (None,) * len(self.files)

    def media(self, pool: ThreadPoolExecutor | None = None) -> Iterator[MediaPiece]:
        """The media data in order, in pieces of 1 MiB; defects become findings as they are passed.

        Raises:
            ImageNotReadError: qemu is not there, or a table of blocks cannot be read.
        """
        if not self.media_size_bytes:
            return
        lost = find_lost_media(self.disk, self.findings, self._watch)
        with self._running.enter_context(ExitStack()) as held:
            try:
                server = held.enter_context(media_server(self.disk))
            except DecoderRefusedError as error:
                sectors = SectorRange(0, self.media_size_bytes // self.sector_size_bytes)
                self.findings.add("decoder-lost", error.what, segment=self.files.names[0], sectors=sectors)
                return
            detail = f"{self.disk.kind}, decoded by {server.version}; the format stores no digest of the media"
            self.findings.add("virtual-disk", detail)
            yield from VirtualWalk(self.disk, server, lost, self.findings).pieces(pool)

    def access(self) -> MediaAccess:
        """The media at any place.

        Raises:
            ImageNotReadError: qemu is not there, or does not open the disk.
        """
        access = open_virtual_access(self.disk)
        self._running.callback(access.close)
        return access


def open_virtual_disk(path: Path, image_format: ImageFormat) -> VirtualImage:
    """Open a virtual disk by its file, of a VMDK of several by its descriptor. qemu is not started yet.

    Raises:
        ImageNotReadError: damaged, encrypted, or it takes data from a file that is not its own.
    """
    findings = FindingList()
    try:
        disk = LOOKS[image_format](path)
    except (ValueError, OverflowError) as error:
        raise ImageNotReadError(
            f"its header is damaged ({error})", str(path), "Look for a complete copy"
        ) from error
    if sum(table.memory_bytes for table in disk.tables) > MAXIMUM_MEMORY_BYTES:
        raise ImageNotReadError("its tables are too large to be read within the memory allowed", str(path), ADVICE)
    for remark in disk.remarks:
        findings.add(remark.code, remark.detail, segment=path.name, expected=remark.expected, found=remark.found)
    if not disk.media_size_bytes:
        findings.add("media-empty", "its header tells of no media", segment=path.name)
    return VirtualImage(SegmentFiles(disk.paths), disk, findings)
