"""VHDX headers, region tables and metadata. Source: Microsoft, [MS-VHDX], sections 2.2 to 2.6. Little-endian."""

import struct
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from image.header_file import HeaderFile, header_file
from image.virtual.block_tables import FlatTable
from image.virtual.crc32c import crc32c
from image.virtual.disk import Remark, VirtualDisk, single_file

KIB, MIB = 1024, 1024 * 1024
HEADER_OFFSETS = (64 * KIB, 128 * KIB)
REGION_OFFSETS = (192 * KIB, 256 * KIB)
HEADER = struct.Struct("<4sIQ16s16s16sHHIQ")
HEADER_BYTES = 4 * KIB
REGION_TABLE = struct.Struct("<4sII")
REGION_TABLE_BYTES = 64 * KIB
REGION_ENTRY = struct.Struct("<16sQII")
REGION_ENTRIES_OFFSET = 16
METADATA = struct.Struct("<8sHH")
METADATA_ENTRY = struct.Struct("<16sII")
METADATA_ENTRY_BYTES = 32
METADATA_ENTRIES_OFFSET = 32
MAXIMUM_REGION_ENTRIES = 2047
MAXIMUM_METADATA_ENTRIES = 2047
CHECKSUM = slice(4, 8)

BLOCK_ALLOCATION_TABLE = UUID("2dc27766-f623-4200-9d64-115e9bfd4a08")
METADATA_REGION = UUID("8b7ca206-4790-4b9a-b8fe-575f050f886e")
FILE_PARAMETERS = UUID("caa16737-fa36-4d43-b3b6-33f0aa44e76b")
VIRTUAL_DISK_SIZE = UUID("2fa54224-cd1b-4876-b211-5dbed83bf4b8")
LOGICAL_SECTOR_SIZE = UUID("8141bf1d-a96f-4709-ba47-f233a8faab5f")
PARENT_LOCATOR = UUID("a8d35f2d-b30b-454d-abf7-d3d84834ab0c")

HAS_PARENT = 2
NO_LOG = bytes(16)
FULLY_PRESENT = 6
STATE = 7
CODE = "virtual-header"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the metadata says; sizes in bytes."""

    block_bytes: int
    has_parent: bool
    media_bytes: int
    sector_bytes: int


def look_at_vhdx(path: Path) -> VirtualDisk:
    """Read headers, region tables and metadata of a VHDX; checksums are compared.

    Raises:
        ImageNotReadError: damaged, a difference to a parent, not closed, or its sectors are not of 512 bytes.
    """
    with header_file(path) as file:
        remarks = _check_headers(file)
        regions, more = _regions(file)
        parameters = _parameters(file, regions)
        if parameters.has_parent:
            raise file.refusal("it holds only what differs from its parent: it is not read alone")
        if parameters.sector_bytes != 512:
            raise file.refusal(f"a VHDX with sectors of {parameters.sector_bytes} bytes is not read")
        media_bytes = file.checked_size(parameters.media_bytes)
        table = _table(file, regions, parameters)
        return single_file("vhdx", "VHDX", media_bytes, path, (*remarks, *more), (table,))


def _check_headers(file: HeaderFile) -> tuple[Remark, ...]:
    """Look at both headers; the one with the higher number counts (section 2.2.2)."""
    current: tuple[int, bytes] | None = None
    remarks = []
    for number, offset in enumerate(HEADER_OFFSETS, 1):
        data = file.read(offset, HEADER_BYTES)
        signature, stored, sequence, _, _, log = HEADER.unpack_from(data)[:6]
        if signature != b"head" or stored != _checksum(data):
            remarks.append(Remark(CODE, f"header {number} of 2 is damaged"))
        elif current is None or sequence > current[0]:
            current = (sequence, log)
    if current is None:
        raise file.refusal("both headers are damaged", "Look for a complete copy")
    if current[1] != NO_LOG:
        advice = "Attach a copy of it once to the program that used it, and verify that copy"
        raise file.refusal("it was not closed: changes still stand in its log, so it is not read", advice)
    return tuple(remarks)


def _checksum(data: bytes) -> int:
    """CRC-32C of a structure with its checksum as zeros."""
    return crc32c(data[: CHECKSUM.start] + bytes(4) + data[CHECKSUM.stop :])


def _regions(file: HeaderFile) -> tuple[dict[UUID, tuple[int, int]], tuple[Remark, ...]]:
    """Offset and size of each region, from the first sound one of two equal tables (section 2.2.3)."""
    remarks, sound = [], []
    for number, offset in enumerate(REGION_OFFSETS, 1):
        data = file.read(offset, REGION_TABLE_BYTES)
        signature, stored, count = REGION_TABLE.unpack_from(data)
        if signature != b"regi" or stored != _checksum(data) or count > MAXIMUM_REGION_ENTRIES:
            remarks.append(Remark(CODE, f"region table {number} of 2 is damaged"))
        else:
            sound.append((data, count))
    if not sound:
        raise file.refusal("both region tables are damaged", "Look for a complete copy")
    if sound[0] != sound[-1]:
        remarks.append(Remark(CODE, "the two region tables differ"))
    data, count = sound[0]
    regions = {}
    for index in range(count):
        entry = REGION_ENTRY.unpack_from(data, REGION_ENTRIES_OFFSET + index * REGION_ENTRY.size)
        regions[UUID(bytes_le=entry[0])] = (entry[1], entry[2])
    return regions, tuple(remarks)


def _parameters(file: HeaderFile, regions: dict[UUID, tuple[int, int]]) -> Parameters:
    """The metadata (section 2.6)."""
    if METADATA_REGION not in regions or BLOCK_ALLOCATION_TABLE not in regions:
        raise file.refusal("a region it needs is not there", "Look for a complete copy")
    region = regions[METADATA_REGION][0]
    signature, _, count = METADATA.unpack(file.read(region, METADATA.size))
    if signature != b"metadata" or count > MAXIMUM_METADATA_ENTRIES:
        raise file.refusal("its metadata is damaged", "Look for a complete copy")
    items = {}
    for index in range(count):
        offset = region + METADATA_ENTRIES_OFFSET + index * METADATA_ENTRY_BYTES
        identifier, item_offset, _ = METADATA_ENTRY.unpack(file.read(offset, METADATA_ENTRY.size))
        items[UUID(bytes_le=identifier)] = region + item_offset
    if not {FILE_PARAMETERS, VIRTUAL_DISK_SIZE, LOGICAL_SECTOR_SIZE} <= items.keys():
        raise file.refusal("its metadata is not complete", "Look for a complete copy")
    block, flags = file.unpack(struct.Struct("<II"), items[FILE_PARAMETERS])
    (media,) = file.unpack(struct.Struct("<Q"), items[VIRTUAL_DISK_SIZE])
    (sector,) = file.unpack(struct.Struct("<I"), items[LOGICAL_SECTOR_SIZE])
    if not MIB <= block <= 256 * MIB or block & block - 1:
        raise file.refusal(f"its metadata is damaged: blocks of {block} bytes")
    return Parameters(block, bool(flags & HAS_PARENT) or PARENT_LOCATOR in items, media, sector)


def _table(file: HeaderFile, regions: dict[UUID, tuple[int, int]], parameters: Parameters) -> FlatTable:
    """Where the blocks are stored: behind each chunk of them stands one entry for a bitmap (section 2.5)."""
    offset, size = regions[BLOCK_ALLOCATION_TABLE]
    block = parameters.block_bytes
    ratio = 2**23 * parameters.sector_bytes // block
    blocks = -(-parameters.media_bytes // block)
    entries = blocks + (max(0, blocks - 1)) // ratio
    if entries * 8 > size:
        raise file.refusal(f"its table of {size} bytes is too short for {blocks} blocks")
    return FlatTable(
        media_bytes=parameters.media_bytes,
        offset_bytes=offset,
        entries=entries,
        code="<Q",
        block_bytes=block,
        stored_end=lambda entry, needed: (entry >> 20 << 20) + needed if entry & STATE == FULLY_PRESENT else 0,
        skip_every=ratio + 1,
    )
