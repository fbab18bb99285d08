"""File systems whose first sectors cannot be read, opened by the copy that they keep of them.

The copy is laid over the damaged place in memory; the image stays as it is. Places: kernel documentation, "ext4
Data Structures" (superblock); FAT, exFAT and NTFS: boot sector copies; Apple TN1150 (alternate volume header).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from image.media_access import MediaAccess
from image.segment_files import SegmentReadError


@dataclass(frozen=True, slots=True)
class HeaderCopy:
    """A copy of `size_bytes` at `copy_bytes` of a part of the medium, which belongs at `place_bytes` of it.

    It is one where `signature` stands `signature_bytes` from its beginning.
    """

    name: str
    copy_bytes: int
    place_bytes: int
    size_bytes: int
    signature_bytes: int
    signature: bytes


class OverlaidAccess:
    """Media with other bytes at one place."""

    def __init__(self, access: MediaAccess, place_bytes: int, data: bytes) -> None:
        self._access = access
        self._place_bytes = place_bytes
        self._data = data
        self.size_bytes = access.size_bytes
        self.sector_size_bytes = access.sector_size_bytes

    def read_at(self, offset_bytes: int, size_bytes: int) -> bytes:
        """As `MediaAccess.read_at`."""
        data = bytearray(self._access.read_at(offset_bytes, size_bytes))
        first = max(offset_bytes, self._place_bytes)
        end = min(offset_bytes + len(data), self._place_bytes + len(self._data))
        if first < end:
            other = self._data[first - self._place_bytes : end - self._place_bytes]
            data[first - offset_bytes : end - offset_bytes] = other
        return bytes(data)

    def close(self) -> None:
        """As `MediaAccess.close`."""
        self._access.close()


def overlaid_accesses(
    access: MediaAccess, first_bytes: int, end_bytes: int
) -> Iterator[tuple[HeaderCopy, OverlaidAccess]]:
    """For each copy that is found in this part of the medium, the media with that copy in its place."""
    for copy in _copies(end_bytes - first_bytes, access.sector_size_bytes or 512):
        try:
            data = access.read_at(first_bytes + copy.copy_bytes, copy.size_bytes) if copy.copy_bytes >= 0 else b""
        except SegmentReadError:
            continue
        found = data[copy.signature_bytes : copy.signature_bytes + len(copy.signature)]
        if len(data) == copy.size_bytes and found == copy.signature:
            yield copy, OverlaidAccess(access, first_bytes + copy.place_bytes, data)


def _copies(size_bytes: int, sector_bytes: int) -> Iterator[HeaderCopy]:
    """Where copies can be in a part of this size."""
    last = size_bytes - sector_bytes
    yield HeaderCopy("NTFS boot sector", last, 0, sector_bytes, 3, b"NTFS    ")
    yield HeaderCopy("FAT32 boot sector", 6 * sector_bytes, 0, sector_bytes, 82, b"FAT32   ")
    yield HeaderCopy("exFAT boot region", 12 * sector_bytes, 0, 12 * sector_bytes, 3, b"EXFAT   ")
    yield HeaderCopy("HFS+ volume header", size_bytes - 1024, 1024, 512, 0, b"H+\x00\x04")
    yield HeaderCopy("HFSX volume header", size_bytes - 1024, 1024, 512, 0, b"HX\x00\x05")
    for block_bytes in (1024, 2048, 4096):
        first_block = 1 if block_bytes == 1024 else 0
        place = (first_block + 8 * block_bytes) * block_bytes
        yield HeaderCopy("ext superblock", place, 1024, 1024, 56, b"\x53\xef")
