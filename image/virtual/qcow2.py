"""QCOW2 headers: sizes, and everything that would lead qemu to another file.

Source: qemu, docs/interop/qcow2.txt, "Header" and "Header extensions". Numbers are big-endian.
"""

import struct
from functools import partial
from pathlib import Path

from image.header_file import SECTOR_BYTES, HeaderFile, header_file
from image.virtual.block_tables import TwoLevelTable
from image.virtual.disk import Remark, VirtualDisk, single_file

HEADER = struct.Struct(">4sIQIIQIIQQIIQ")
FEATURES = struct.Struct(">QQQII")
VERSION_2_BYTES = 72
EXTENSION = struct.Struct(">II")
MAXIMUM_EXTENSIONS = 64
MAXIMUM_NAME_BYTES = 1023
MAXIMUM_L1_ENTRIES = 32 * 1024 * 1024 // 8
CLUSTER_BITS = range(9, 22)

ENDS = 0
DATA_FILE_NAME = 0x44415441
ENCRYPTION_HEADER = 0x0537BE77
DIRTY, CORRUPT, DATA_FILE, EXTENDED_L2 = 1, 2, 4, 16
ENCRYPTIONS = {1: "AES", 2: "LUKS"}

OFFSET_MASK = 0x00FF_FFFF_FFFF_FE00
COMPRESSED = 1 << 62
READS_AS_ZEROS = 1
SUBCLUSTERS = 32
ALLOCATED = (1 << SUBCLUSTERS) - 1


def look_at_qcow2(path: Path) -> VirtualDisk:
    """Read the header of a QCOW2.

    Raises:
        ImageNotReadError: damaged, encrypted, or it takes data from another file.
    """
    with header_file(path) as file:
        fields = file.unpack(HEADER, 0)
        version, backing_offset, backing_size, cluster_bits, size, encryption = fields[1:7]
        l1_entries, l1_offset, snapshots = fields[7], fields[8], fields[11]
        if version not in (2, 3):
            raise file.refusal(f"a QCOW of version {version} is not read")
        if cluster_bits not in CLUSTER_BITS:
            raise file.refusal(f"the header is damaged: clusters of 2^{cluster_bits} bytes")
        if backing_offset or backing_size:
            name = shown_name(file, backing_offset, backing_size)
            raise file.refusal(f"it holds only what differs from its backing file {name}: it is not read alone")
        features, header_size = _features(file, version)
        _refuse_other_sources(file, features, header_size, encryption)
        if l1_entries > MAXIMUM_L1_ENTRIES:
            raise file.refusal(f"the header is damaged: a table of {l1_entries} entries")
        table = _table(size, l1_offset, l1_entries, cluster_bits, has_subclusters=bool(features & EXTENDED_L2))
        remarks = tuple(_remarks(features, snapshots))
        return single_file("qcow2", f"QCOW2 version {version}", file.checked_size(size), path, remarks, (table,))


def shown_name(file: HeaderFile, offset_bytes: int, size_bytes: int) -> str:
    """A name that stands in a header, as far as it is there, in a form that can be shown."""
    name = file.read_up_to(offset_bytes, min(size_bytes, MAXIMUM_NAME_BYTES))
    return ascii(name.decode("utf-8", errors="backslashreplace"))


def _features(file: HeaderFile, version: int) -> tuple[int, int]:
    """The incompatible features and the size of the header."""
    if version == 2:
        return 0, VERSION_2_BYTES
    incompatible, _, _, _, header_size = file.unpack(FEATURES, VERSION_2_BYTES)
    if header_size < VERSION_2_BYTES + FEATURES.size:
        raise file.refusal(f"the header is damaged: it is {header_size} bytes long")
    return incompatible, header_size


def _refuse_other_sources(file: HeaderFile, features: int, header_size: int, encryption: int) -> None:
    """Refuse what cannot be decoded from this file alone."""
    extensions = _extensions(file, header_size)
    if features & DATA_FILE or DATA_FILE_NAME in extensions:
        raise file.refusal("its data lies in an external data file: it is not read")
    if encryption or ENCRYPTION_HEADER in extensions:
        name = ENCRYPTIONS.get(encryption, f"method {encryption}")
        raise file.refusal(f"it is encrypted ({name}) and is not read", "Decrypt a copy of it with qemu-img")


def _extensions(file: HeaderFile, header_size: int) -> frozenset[int]:
    """The types of the header's extensions."""
    found: set[int] = set()
    offset = header_size
    for _ in range(MAXIMUM_EXTENSIONS):
        if offset + EXTENSION.size > file.size_bytes:
            break
        kind, size = file.unpack(EXTENSION, offset)
        if kind == ENDS:
            break
        found.add(kind)
        offset += EXTENSION.size + -(-size // 8) * 8
    return frozenset(found)


def _remarks(features: int, snapshots: int) -> list[Remark]:
    """What the image says of its own state."""
    remarks = []
    if features & CORRUPT:
        remarks.append(Remark("virtual-state", "the image is marked as corrupt by the program that used it"))
    if features & DIRTY:
        remarks.append(Remark("virtual-state", "the image was not closed by the program that used it"))
    if snapshots:
        remarks.append(Remark("virtual-state", f"it holds {snapshots} snapshots; the state as it is now is read"))
    return remarks


def _table(
    size: int, l1_offset: int, l1_entries: int, cluster_bits: int, *, has_subclusters: bool
) -> TwoLevelTable:
    """Where the clusters lie in the file."""
    subcluster = (1 << cluster_bits) // SUBCLUSTERS
    compressed_end = partial(_compressed_end, offset_bits=62 - (cluster_bits - 8))

    def stored_end(entry: int, needed: int) -> int:
        if entry & COMPRESSED:
            return compressed_end(entry)
        return (entry & OFFSET_MASK) + needed if entry & OFFSET_MASK and not entry & READS_AS_ZEROS else 0

    def end_of_subclusters(entry: int, bitmap: int, needed: int) -> int:
        if entry & COMPRESSED:
            return compressed_end(entry)
        stored = (bitmap & ALLOCATED).bit_length() * subcluster
        return (entry & OFFSET_MASK) + min(stored, needed) if stored else 0

    return TwoLevelTable(
        media_bytes=size,
        first_offset_bytes=l1_offset,
        first_entries=l1_entries,
        first_code=">Q",
        second_entries=(1 << cluster_bits) // (16 if has_subclusters else 8),
        second_code=">Q",
        stride=2 if has_subclusters else 1,
        block_bytes=1 << cluster_bits,
        second_place=lambda entry: entry & OFFSET_MASK,
        stored_end=end_of_subclusters if has_subclusters else stored_end,
    )


def _compressed_end(entry: int, offset_bits: int) -> int:
    """The end of the sectors that a compressed cluster touches ("Compressed Clusters Descriptor")."""
    offset, more_sectors = entry & (1 << offset_bits) - 1, (entry & COMPRESSED - 1) >> offset_bits
    return (offset // SECTOR_BYTES + more_sectors + 1) * SECTOR_BYTES
