"""QCOW (version 1) headers. Source: qemu, block/qcow.c as the only description there is. Numbers are big-endian."""

import struct
from pathlib import Path

from image.header_file import header_file
from image.virtual.block_tables import TwoLevelTable
from image.virtual.disk import VirtualDisk, single_file
from image.virtual.qcow2 import shown_name

HEADER = struct.Struct(">4sIQIIQBBHIQ")
CLUSTER_BITS = range(9, 17)
L2_BITS = range(6, 14)
COMPRESSED = 1 << 63


def look_at_qcow(path: Path) -> VirtualDisk:
    """Read the header of a QCOW of version 1.

    Raises:
        ImageNotReadError: damaged, encrypted, or it has a backing file.
    """
    with header_file(path) as file:
        fields = file.unpack(HEADER, 0)
        backing_offset, backing_size, size, cluster_bits, l2_bits = *fields[2:4], *fields[5:8]
        encryption, l1_offset = fields[9:11]
        if backing_offset or backing_size:
            name = shown_name(file, backing_offset, backing_size)
            raise file.refusal(f"it holds only what differs from its backing file {name}: it is not read alone")
        if encryption:
            raise file.refusal("it is encrypted (AES) and is not read", "Decrypt a copy of it with qemu-img")
        if cluster_bits not in CLUSTER_BITS or l2_bits not in L2_BITS:
            raise file.refusal(f"the header is damaged: clusters of 2^{cluster_bits} bytes, tables of 2^{l2_bits}")
        media_bytes = file.checked_size(size)
        table = _table(size, l1_offset, cluster_bits, l2_bits)
        return single_file("qcow", "QCOW version 1", media_bytes, path, (), (table,))


def _table(size: int, l1_offset: int, cluster_bits: int, l2_bits: int) -> TwoLevelTable:
    """Where the clusters lie in the file; of a compressed one the entry holds the size in bytes."""
    low = (1 << 63 - cluster_bits) - 1

    def stored_end(entry: int, needed: int) -> int:
        if not entry & COMPRESSED:
            return entry + needed
        return (entry & low) + ((entry & ~COMPRESSED) >> 63 - cluster_bits)

    return TwoLevelTable(
        media_bytes=size,
        first_offset_bytes=l1_offset,
        first_entries=-(-size >> cluster_bits + l2_bits),
        first_code=">Q",
        second_entries=1 << l2_bits,
        second_code=">Q",
        block_bytes=1 << cluster_bits,
        second_place=lambda entry: entry,
        stored_end=stored_end,
    )
