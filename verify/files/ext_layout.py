"""Where the structures of ext2, ext3 and ext4 lie (Linux kernel documentation, "ext4 Data Structures").

Superblock copies and group descriptors, bitmaps and inode tables of every block group.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from verify.files.regions import ReadAt, Region

SUPERBLOCK_OFFSET_BYTES = 1024
SUPERBLOCK_BYTES = 1024
MAGIC = 0xEF53
MAXIMUM_GROUPS = 4 * 1024 * 1024
META_BG, FLAG_64BIT = 0x10, 0x80
SPARSE_SUPER, BIGALLOC = 0x1, 0x200
SPARSE_SUPER2 = 0x200
BLOCK_UNINIT = 0x2
_DESCRIPTORS, _DESCRIPTORS_COPY = "group descriptors", "copy of the group descriptors"


@dataclass(frozen=True)
class ExtGeometry:
    """What the superblock tells; blocks of `block_bytes`, group descriptors of `descriptor_bytes`."""

    block_bytes: int
    block_count: int
    first_block: int
    blocks_per_group: int
    inodes_per_group: int
    inode_bytes: int
    descriptor_bytes: int
    reserved_blocks: int
    has_meta_groups: bool
    first_meta_group: int
    is_sparse: bool
    backup_groups: tuple[int, ...] | None
    is_clustered: bool

    @property
    def group_count(self) -> int:
        """How many block groups there are."""
        return -(-(self.block_count - self.first_block) // self.blocks_per_group)

    @property
    def descriptor_blocks(self) -> int:
        """How many blocks all group descriptors take."""
        return -(-self.group_count * self.descriptor_bytes // self.block_bytes)

    def group_start(self, group: int) -> int:
        """The first block of a group."""
        return self.first_block + group * self.blocks_per_group

    def is_in_meta_group(self, group: int) -> bool:
        """Whether the descriptor of a group stands in its meta block group."""
        per_block = self.block_bytes // self.descriptor_bytes
        return self.has_meta_groups and group // per_block >= self.first_meta_group

    def has_superblock(self, group: int) -> bool:
        """Whether a copy of the superblock stands in a group."""
        if group == 0:
            return True
        if self.backup_groups is not None:
            return group in self.backup_groups
        return not self.is_sparse or group == 1 or any(_is_power(group, base) for base in (3, 5, 7))


@dataclass(frozen=True, slots=True)
class GroupDescriptor:
    """Where bitmaps and inode table of a group lie, in blocks; `is_unused`: its block bitmap was never written."""

    block_bitmap: int
    inode_bitmap: int
    inode_table: int
    is_unused: bool


def read_geometry(read_at: ReadAt) -> ExtGeometry:
    """Read the superblock.

    Raises:
        ValueError: no superblock, or one whose numbers cannot be.
    """
    data = read_at(SUPERBLOCK_OFFSET_BYTES, SUPERBLOCK_BYTES)
    if len(data) < SUPERBLOCK_BYTES or _u16(data, 0x38) != MAGIC:
        raise ValueError("no superblock")
    incompatible, read_only = _u32(data, 0x60), _u32(data, 0x64)
    is_64bit = bool(incompatible & FLAG_64BIT)
    has_revision = _u32(data, 0x4C) > 0
    geometry = ExtGeometry(
        block_bytes=1024 << min(_u32(data, 0x18), 16),
        block_count=_u32(data, 0x4) | (_u32(data, 0x150) << 32 if is_64bit else 0),
        first_block=_u32(data, 0x14),
        blocks_per_group=_u32(data, 0x20),
        inodes_per_group=_u32(data, 0x28),
        inode_bytes=_u16(data, 0x58) if has_revision else 128,
        descriptor_bytes=max(_u16(data, 0xFE), 32) if is_64bit else 32,
        reserved_blocks=_u16(data, 0xCE),
        has_meta_groups=bool(incompatible & META_BG),
        first_meta_group=_u32(data, 0x104),
        is_sparse=bool(read_only & SPARSE_SUPER),
        backup_groups=struct.unpack_from("<2I", data, 0x24C) if _u32(data, 0x5C) & SPARSE_SUPER2 else None,
        is_clustered=bool(read_only & BIGALLOC),
    )
    if not (geometry.blocks_per_group and geometry.inodes_per_group and geometry.inode_bytes):
        raise ValueError("a superblock without groups or inodes")
    if geometry.descriptor_bytes > geometry.block_bytes:
        raise ValueError(f"group descriptors of {geometry.descriptor_bytes} bytes")
    if not 0 < geometry.group_count <= MAXIMUM_GROUPS:
        raise ValueError(f"the superblock tells of {geometry.group_count} block groups")
    return geometry


def ext_regions(read_at: ReadAt, _: int) -> Iterator[Region]:
    """Every structure of the file system, group by group.

    Raises:
        ValueError: no superblock, or one whose numbers cannot be.
    """
    geometry = read_geometry(read_at)
    yield Region("boot sector", 0, SUPERBLOCK_OFFSET_BYTES)
    for group, descriptor in read_descriptors(read_at, geometry):
        yield from _copies(geometry, group)
        yield from _group_regions(geometry, group, descriptor)


def _copies(geometry: ExtGeometry, group: int) -> Iterator[Region]:
    """The superblock and group descriptors in a group, where it has them."""
    size, start = geometry.block_bytes, geometry.group_start(group)
    first = SUPERBLOCK_OFFSET_BYTES if group == 0 else start * size
    behind = first // size + 1
    if geometry.has_superblock(group):
        yield Region("superblock" if group == 0 else "superblock copy", first, behind * size)
    if geometry.is_in_meta_group(group):
        yield from _meta_group_descriptors(geometry, group)
    elif geometry.has_superblock(group):
        count = geometry.first_meta_group if geometry.has_meta_groups else geometry.descriptor_blocks
        descriptors = behind + count
        yield Region(_DESCRIPTORS if group == 0 else _DESCRIPTORS_COPY, behind * size, descriptors * size)
        reserved = descriptors + geometry.reserved_blocks
        yield Region("blocks reserved for group descriptors", descriptors * size, reserved * size)


def _meta_group_descriptors(geometry: ExtGeometry, group: int) -> Iterator[Region]:
    """The block of descriptors in the first, second and last group of a meta block group."""
    per_block = geometry.block_bytes // geometry.descriptor_bytes
    if group % per_block in (0, 1, per_block - 1):
        block = geometry.group_start(group) + geometry.has_superblock(group)
        name = _DESCRIPTORS_COPY if group % per_block else _DESCRIPTORS
        yield Region(name, block * geometry.block_bytes, (block + 1) * geometry.block_bytes)


def _group_regions(geometry: ExtGeometry, group: int, descriptor: GroupDescriptor) -> Iterator[Region]:
    """Bitmaps and inode table of a group."""
    size = geometry.block_bytes
    yield Region("block bitmap", descriptor.block_bitmap * size, (descriptor.block_bitmap + 1) * size)
    yield Region("inode bitmap", descriptor.inode_bitmap * size, (descriptor.inode_bitmap + 1) * size)
    start = descriptor.inode_table * size
    inodes = geometry.inodes_per_group
    yield Region(
        "inode table", start, start + inodes * geometry.inode_bytes, 1 + group * inodes, geometry.inode_bytes
    )


def read_descriptors(read_at: ReadAt, geometry: ExtGeometry) -> Iterator[tuple[int, GroupDescriptor]]:
    """Every group with its descriptor; those behind the end of the file system are left out."""
    per_read = max(1, geometry.block_bytes // geometry.descriptor_bytes)
    for first in range(0, geometry.group_count, per_read):
        count = min(per_read, geometry.group_count - first)
        data = read_at(_descriptor_block(geometry, first) * geometry.block_bytes, count * geometry.descriptor_bytes)
        for index in range(len(data) // geometry.descriptor_bytes):
            yield first + index, _descriptor(data[index * geometry.descriptor_bytes :], geometry)


def _descriptor_block(geometry: ExtGeometry, group: int) -> int:
    """The block that holds the descriptor of a group (kernel documentation, "Meta Block Groups")."""
    per_block = geometry.block_bytes // geometry.descriptor_bytes
    if geometry.is_in_meta_group(group):
        first = group // per_block * per_block
        return geometry.group_start(first) + geometry.has_superblock(first)
    return (SUPERBLOCK_OFFSET_BYTES // geometry.block_bytes + 1) + group // per_block


def _descriptor(data: bytes, geometry: ExtGeometry) -> GroupDescriptor:
    """A group descriptor."""
    blocks, inodes, table = struct.unpack_from("<3I", data, 0)
    is_unused = bool(_u16(data, 0x12) & BLOCK_UNINIT)
    if geometry.descriptor_bytes < 64:
        return GroupDescriptor(blocks, inodes, table, is_unused)
    above = [number << 32 for number in struct.unpack_from("<3I", data, 0x20)]
    return GroupDescriptor(blocks | above[0], inodes | above[1], table | above[2], is_unused)


def _is_power(number: int, base: int) -> bool:
    """Whether a number is a power of the base."""
    while number > 1 and number % base == 0:
        number //= base
    return number == 1


def _u16(data: bytes, offset: int) -> int:
    """16 bits, little-endian."""
    return int.from_bytes(data[offset : offset + 2], "little")


def _u32(data: bytes, offset: int) -> int:
    """32 bits, little-endian."""
    return int.from_bytes(data[offset : offset + 4], "little")
