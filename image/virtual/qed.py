"""QED headers. Source: qemu, docs/interop/qed_spec.txt, "Header". Numbers are little-endian."""

import struct
from pathlib import Path

from image.header_file import header_file
from image.virtual.block_tables import TwoLevelTable
from image.virtual.disk import Remark, VirtualDisk, single_file
from image.virtual.qcow2 import shown_name

HEADER = struct.Struct("<4sIIIQQQQQII")
CLUSTER_SIZES = frozenset(1 << bits for bits in range(12, 27))
TABLE_SIZES = frozenset((1, 2, 4, 8, 16))
BACKING_FILE, NEEDS_CHECK = 1, 2


def look_at_qed(path: Path) -> VirtualDisk:
    """Read the header of a QED.

    Raises:
        ImageNotReadError: damaged, or it has a backing file.
    """
    with header_file(path) as file:
        fields = file.unpack(HEADER, 0)
        cluster, table_clusters, features, l1_offset, size = fields[1], fields[2], fields[4], fields[7], fields[8]
        backing_offset, backing_size = fields[9:11]
        if features & BACKING_FILE:
            name = shown_name(file, backing_offset, backing_size)
            raise file.refusal(f"it holds only what differs from its backing file {name}: it is not read alone")
        if cluster not in CLUSTER_SIZES or table_clusters not in TABLE_SIZES:
            raise file.refusal(f"the header is damaged: clusters of {cluster} bytes")
        unclosed = Remark("virtual-state", "the image was not closed by the program that used it")
        table = _table(size, l1_offset, cluster, table_clusters * cluster // 8)
        remarks = (unclosed,) if features & NEEDS_CHECK else ()
        return single_file("qed", "QED", file.checked_size(size), path, remarks, (table,))


def _table(size: int, l1_offset: int, cluster: int, entries: int) -> TwoLevelTable:
    """Where the clusters begin in the file; entry 1 says that a cluster holds zeros."""
    return TwoLevelTable(
        media_bytes=size,
        first_offset_bytes=l1_offset,
        first_entries=entries,
        first_code="<Q",
        second_entries=entries,
        second_code="<Q",
        block_bytes=cluster,
        second_place=lambda entry: entry,
        stored_end=lambda entry, needed: entry + needed if entry > 1 else 0,
    )
