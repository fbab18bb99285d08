"""Which clusters of a file system are in use, as its own bitmap or allocation table says.

`ClusterMap.spans` cuts a range of bytes into stretches that are in use, free, or not told about.
"""

import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from verify.files.ext_layout import GroupDescriptor, read_descriptors, read_geometry
from verify.files.regions import ReadAt

BITS_AT_ONCE = 512 * 1024
_SPAN = re.compile("1+|0+")


@dataclass(frozen=True)
class ClusterMap:
    """Clusters of `cluster_bytes` from `first_bytes` of the file system on; `bits` gives "1" for each in use.

    `bits(first, count)` may give fewer than asked for: nothing is told of the rest. The last cluster ends at
    `end_bytes` of the file system, None where that is its own end.
    """

    first_bytes: int
    cluster_bytes: int
    bits: Callable[[int, int], str]
    end_bytes: int | None = None

    def spans(self, first_bytes: int, end_bytes: int) -> Iterator[tuple[int, int, bool | None]]:
        """First byte, the one behind the last, and whether they are in use; None where nothing is told."""
        position = first_bytes
        if position < self.first_bytes:
            position = min(self.first_bytes, end_bytes)
            yield first_bytes, position, None
        while position < end_bytes:
            cluster = (position - self.first_bytes) // self.cluster_bytes
            last = (end_bytes - 1 - self.first_bytes) // self.cluster_bytes
            bits = self.bits(cluster, min(last - cluster + 1, BITS_AT_ONCE))
            if not bits:
                yield position, end_bytes, None
                return
            for found in _SPAN.finditer(bits):
                behind = self.first_bytes + (cluster + found.end()) * self.cluster_bytes
                end = min(behind, end_bytes)
                yield position, end, found.group()[0] == "1"
                position = end


def bitmap_bits(
    read: Callable[[int, int], bytes], *, most_significant_first: bool = False
) -> Callable[[int, int], str]:
    """The bits of a bitmap that `read` gives by byte offset and size."""

    def bits(first: int, count: int) -> str:
        start = first // 8
        data = read(start, (first + count + 7) // 8 - start)
        if not data:
            return ""
        number = int.from_bytes(data, "big" if most_significant_first else "little")
        text = f"{number:0{len(data) * 8}b}"
        ordered = text if most_significant_first else text[::-1]
        return ordered[first % 8 : first % 8 + count]

    return bits


def ext_map(read_at: ReadAt) -> ClusterMap | None:
    """The block bitmaps of an ext file system; None where clusters are larger than blocks.

    Raises:
        ValueError: no superblock, or one whose numbers cannot be.
    """
    geometry = read_geometry(read_at)
    if geometry.is_clustered:
        return None
    groups: list[GroupDescriptor] = [item for _, item in read_descriptors(read_at, geometry)]

    def bits(first: int, count: int) -> str:
        group, skipped = divmod(first, geometry.blocks_per_group)
        if group >= len(groups):
            return ""
        count = min(count, geometry.blocks_per_group - skipped)
        if groups[group].is_unused:
            return "0" * count
        start = groups[group].block_bitmap * geometry.block_bytes
        return bitmap_bits(lambda offset, size: read_at(start + offset, size))(skipped, count)

    return ClusterMap(geometry.first_block * geometry.block_bytes, geometry.block_bytes, bits)


def fat_map(read_at: ReadAt) -> ClusterMap | None:
    """The first FAT; None where the boot sector is none (FAT specification, "FAT Type Determination")."""
    boot = read_at(0, 512)
    sector, per_cluster, reserved, fats = (_u(boot, 11, 2), _u(boot, 13, 1), _u(boot, 14, 2), _u(boot, 16, 1))
    if not (sector and per_cluster and reserved):
        return None
    fat_sectors = _u(boot, 22, 2) or _u(boot, 36, 4)
    root_sectors = -(-_u(boot, 17, 2) * 32 // sector)
    data_sector = reserved + fats * fat_sectors + root_sectors
    cluster_count = max(0, (_u(boot, 19, 2) or _u(boot, 32, 4)) - data_sector) // per_cluster
    entry_bits = 12 if cluster_count < 4085 else 16 if cluster_count < 65525 else 32

    def bits(first: int, count: int) -> str:
        count = min(count, cluster_count - first)
        return _fat_bits(read_at, reserved * sector, entry_bits, first + 2, count) if count > 0 else ""

    first_bytes, cluster_bytes = data_sector * sector, per_cluster * sector
    return ClusterMap(first_bytes, cluster_bytes, bits, first_bytes + cluster_count * cluster_bytes)


def _fat_bits(read_at: ReadAt, fat_bytes: int, entry_bits: int, first: int, count: int) -> str:
    """Whether each of these entries of the FAT is in use."""
    start = first * entry_bits // 8
    data = read_at(fat_bytes + start, (first + count) * entry_bits // 8 + 1 - start)
    if entry_bits == 12:
        number = int.from_bytes(data, "little") >> (first * 12 - start * 8)
        return "".join("1" if number >> 12 * index & 0xFFF else "0" for index in range(count))
    size = entry_bits // 8
    entries = array("H" if size == 2 else "I", data[: len(data) // size * size][: count * size])
    mask = 0xFFFF if size == 2 else 0x0FFF_FFFF
    return "".join("1" if entry & mask else "0" for entry in entries)


def exfat_map(read_at: ReadAt, read_bitmap: ReadAt) -> ClusterMap:
    """The allocation bitmap of exFAT (specification, sections 3.1 and 7.1)."""
    boot = read_at(0, 512)
    sector = 1 << min(_u(boot, 108, 1), 16)
    cluster = sector << min(_u(boot, 109, 1), 25)
    return ClusterMap(_u(boot, 88, 4) * sector, cluster, bitmap_bits(read_bitmap))


def _u(data: bytes, offset: int, size: int) -> int:
    """A little-endian number."""
    return int.from_bytes(data[offset : offset + size], "little")
