"""VMDK: descriptors, sparse headers and the files they belong to.

Source: VMware, "Virtual Disk Format 5.0", "Hosted sparse extents" and "Stream-optimized". Little-endian.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from image.header_file import SECTOR_BYTES, HeaderFile, header_file
from image.virtual.block_tables import BlockTable, FlatRun, TwoLevelTable
from image.virtual.disk import Remark, VirtualDisk, single_file
from image.virtual.vmdk_descriptor import (
    FLAT_KINDS,
    MAXIMUM_DESCRIPTOR_BYTES,
    Descriptor,
    DescriptorError,
    Extent,
    decode_descriptor,
    encode_descriptor,
    refuse_parent,
)

SPARSE_HEADER = struct.Struct("<4sIIQQQQIQQQB4sH")
SPARSE_MAGIC, OLD_MAGIC = b"KDMV", b"COWD"
LINE_ENDS = b"\n \r\n"
CHECKED_VERSIONS = range(1, 4)
COMPRESSED_GRAINS = 1 << 16
DIRECTORY_AT_END = 0xFFFF_FFFF_FFFF_FFFF
FOOTER_FROM_END_BYTES = 2 * SECTOR_BYTES
GRAIN_SECTORS = frozenset(1 << bits for bits in range(3, 18))
TABLE_ENTRIES = 512
OLD_HEADER = struct.Struct("<4sIIIIII")
OLD_TABLE_ENTRIES = 4096
OLD_LARGEST_GRAIN_SECTORS = 1 << 16
QEMU_DESCRIPTOR_BYTES = 20 * SECTOR_BYTES


@dataclass(frozen=True, slots=True)
class SparseHeader:
    """The header of a sparse extent; sectors count from the start of its file."""

    flags: int
    capacity_sectors: int
    grain_sectors: int
    descriptor_sector: int
    descriptor_sectors: int
    table_entries: int
    directory_sector: int
    line_ends: bytes


def look_at_vmdk(path: Path) -> VirtualDisk:
    """Read the descriptor or header of a VMDK, and the headers of its extents.

    Raises:
        ImageNotReadError: damaged, it has a parent, or an extent that is absent, elsewhere or of another kind.
    """
    with header_file(path) as file:
        magic = file.read_up_to(0, 4)
        try:
            if magic == SPARSE_MAGIC:
                return _sparse_disk(file)
            if magic == OLD_MAGIC:
                raise file.refusal("it is an extent of a VMDK", "Name the descriptor file of the disk")
            return _described_disk(file, decode_descriptor(file.read_up_to(0, MAXIMUM_DESCRIPTOR_BYTES)))
        except DescriptorError as error:
            raise file.refusal(str(error)) from error


def _sparse_disk(file: HeaderFile) -> VirtualDisk:
    """A disk that is one sparse file with its descriptor inside."""
    header = _sparse_header(file)
    kind = "VMDK, streamOptimized" if header.flags & COMPRESSED_GRAINS else "VMDK, monolithicSparse"
    stated_bytes = min(header.descriptor_sectors * SECTOR_BYTES, MAXIMUM_DESCRIPTOR_BYTES)
    data = file.read_up_to(header.descriptor_sector * SECTOR_BYTES, max(QEMU_DESCRIPTOR_BYTES, stated_bytes))
    refuse_parent(data)
    extents = decode_descriptor(data[:stated_bytes]).extents if header.descriptor_sector else ()
    if len(extents) != 1:
        raise file.refusal("it is one of several extents of a VMDK", "Name the descriptor file of the disk")
    media_bytes = file.checked_size(header.capacity_sectors * SECTOR_BYTES)
    table = _grain_table(file, header, 0, 0)
    return single_file("vmdk", kind, media_bytes, file.path, _line_end_remarks(header), (table,))


def _described_disk(file: HeaderFile, descriptor: Descriptor) -> VirtualDisk:
    """A disk whose descriptor is a file of its own."""
    if not descriptor.extents:
        raise file.refusal("its descriptor names no extents", "Look for a complete copy")
    media_bytes = file.checked_size(sum(extent.sector_count for extent in descriptor.extents) * SECTOR_BYTES)
    paths = tuple(_extent_path(file, extent) for extent in descriptor.extents)
    files = tuple(dict.fromkeys(paths))
    names = tuple(f"extent-{files.index(path) + 1}.vmdk" for path in paths)
    tables, remarks = _extents(descriptor.extents, paths, files)
    return VirtualDisk(
        driver="vmdk",
        kind=f"VMDK, {ascii(descriptor.create_type[:40])[1:-1]}",
        media_size_bytes=media_bytes,
        paths=(file.path, *files),
        links={"image": encode_descriptor(descriptor, names), **dict(zip(names, paths, strict=True))},
        first="image",
        remarks=remarks,
        tables=tables,
    )


def _extent_path(file: HeaderFile, extent: Extent) -> Path:
    """The file of an extent, beside the descriptor and nowhere else."""
    path = file.path.with_name(extent.file_name)
    if path.is_symlink() and path.resolve().parent != file.path.parent.resolve():
        raise file.refusal(f"the extent {extent.file_name!a} is a link to another folder: it is not followed")
    if not path.is_file():
        raise file.refusal(f"the extent {extent.file_name!a} is not there", "Bring all files of the disk together")
    return path


def _extents(
    extents: Iterable[Extent], paths: tuple[Path, ...], files: tuple[Path, ...]
) -> tuple[tuple[BlockTable, ...], tuple[Remark, ...]]:
    """The tables of all extents, with what their headers disagree on."""
    tables: list[BlockTable] = []
    remarks: list[Remark] = []
    media_offset = 0
    for extent, path in zip(extents, paths, strict=True):
        index, size = files.index(path) + 1, extent.sector_count * SECTOR_BYTES
        with header_file(path) as file:
            if extent.kind in FLAT_KINDS:
                tables.append(FlatRun(size, extent.first_sector * SECTOR_BYTES, media_offset, index))
            elif extent.kind == "SPARSE":
                header = _sparse_header(file)
                if header.capacity_sectors != extent.sector_count:
                    raise file.refusal(f"it holds {header.capacity_sectors} sectors, its descriptor says otherwise")
                tables.append(_grain_table(file, header, media_offset, index))
                remarks += _line_end_remarks(header)
            else:
                tables.append(_old_table(file, extent.sector_count, media_offset, index))
        media_offset += size
    return tuple(tables), tuple(remarks)


def _sparse_header(file: HeaderFile) -> SparseHeader:
    """The header of a sparse extent, where it is one that qemu takes for itself."""
    fields = SPARSE_HEADER.unpack(file.read(0, SPARSE_HEADER.size))
    magic, version, flags, capacity, grain, descriptor, descriptor_sectors, entries = fields[:8]
    header = SparseHeader(
        flags=flags,
        capacity_sectors=capacity,
        grain_sectors=grain,
        descriptor_sector=descriptor,
        descriptor_sectors=descriptor_sectors,
        table_entries=entries,
        directory_sector=fields[9],
        line_ends=fields[12],
    )
    if magic != SPARSE_MAGIC or version not in CHECKED_VERSIONS:
        raise file.refusal("it has no header of a sparse VMDK", "Look for a complete copy")
    if not capacity or grain not in GRAIN_SECTORS or entries != TABLE_ENTRIES:
        raise file.refusal(f"the header is damaged: {capacity} sectors in grains of {grain}, {entries} to a table")
    file.checked_size(capacity * SECTOR_BYTES)
    return header


def _old_table(file: HeaderFile, sector_count: int, media_offset: int, index: int) -> TwoLevelTable:
    """Where the grains of an ESX sparse extent (COWD) are stored."""
    magic, version, _, sectors, grain, directory, entries = OLD_HEADER.unpack(file.read(0, OLD_HEADER.size))
    if magic != OLD_MAGIC or version != 1 or sectors != sector_count:
        raise file.refusal("it is not the ESX sparse extent that its descriptor says", "Look for a complete copy")
    if not 0 < grain <= OLD_LARGEST_GRAIN_SECTORS or entries * OLD_TABLE_ENTRIES * grain < sectors:
        raise file.refusal(f"the header is damaged: {sectors} sectors in grains of {grain}")
    return TwoLevelTable(
        media_bytes=sectors * SECTOR_BYTES,
        first_offset_bytes=directory * SECTOR_BYTES,
        first_entries=entries,
        first_code="<I",
        second_entries=OLD_TABLE_ENTRIES,
        second_code="<I",
        block_bytes=grain * SECTOR_BYTES,
        second_place=lambda entry: entry * SECTOR_BYTES,
        stored_end=lambda entry, needed: entry * SECTOR_BYTES + needed if entry else 0,
        media_offset_bytes=media_offset,
        file_index=index,
    )


def _line_end_remarks(header: SparseHeader) -> tuple[Remark, ...]:
    """The header holds the ends of lines, so that a transfer as text shows."""
    if header.line_ends == LINE_ENDS:
        return ()
    return (Remark("virtual-header", "the header shows that the file was changed by a transfer as text"),)


def _grain_table(file: HeaderFile, header: SparseHeader, media_offset: int, index: int) -> TwoLevelTable:
    """Where the grains are stored; a compressed one tells only where it begins."""
    directory = header.directory_sector
    if directory == DIRECTORY_AT_END:
        footer = file.read(max(0, file.size_bytes - FOOTER_FROM_END_BYTES), SECTOR_BYTES)
        directory = SPARSE_HEADER.unpack_from(footer)[9]
        if not footer.startswith(SPARSE_MAGIC):
            raise file.refusal("it has no footer: the end of the file is missing", "Look for a complete copy")
    grain = header.grain_sectors * SECTOR_BYTES
    is_compressed = bool(header.flags & COMPRESSED_GRAINS)
    size = header.capacity_sectors * SECTOR_BYTES
    return TwoLevelTable(
        media_bytes=size,
        first_offset_bytes=directory * SECTOR_BYTES,
        first_entries=-(-size // (grain * TABLE_ENTRIES)),
        first_code="<I",
        second_entries=TABLE_ENTRIES,
        second_code="<I",
        block_bytes=grain,
        second_place=lambda entry: entry * SECTOR_BYTES,
        stored_end=lambda entry, needed: (
            entry * SECTOR_BYTES + (SECTOR_BYTES if is_compressed else needed) if entry > 1 else 0
        ),
        media_offset_bytes=media_offset,
        file_index=index,
    )
