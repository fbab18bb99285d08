"""VDI headers. Source: VirtualBox, VDICore.h, as qemu's block/vdi.c describes it. Numbers are little-endian."""

import struct
from pathlib import Path

from image.header_file import header_file
from image.virtual.block_tables import FlatTable
from image.virtual.disk import VirtualDisk, single_file

HEADER = struct.Struct("<IIIII256sIIIIIIIQIIII16s16s16s16s")
HEADER_OFFSET = 0x40
VERSION_1_1 = 0x00010001
KINDS = {1: "dynamic", 2: "fixed"}
OTHER_KINDS = {3: "an undo file", 4: "a difference to a parent"}
BLOCK_BYTES = 1024 * 1024
NOWHERE = 0xFFFF_FFFE


def look_at_vdi(path: Path) -> VirtualDisk:
    """Read the header of a VDI.

    Raises:
        ImageNotReadError: damaged, or it is no disk by itself.
    """
    with header_file(path) as file:
        fields = HEADER.unpack(file.read(HEADER_OFFSET, HEADER.size))
        version, kind, table_offset, data_offset, size, block, blocks = (
            *(fields[1], fields[3], fields[6], fields[7]),
            *(fields[13], fields[14], fields[16]),
        )
        if version != VERSION_1_1:
            raise file.refusal(f"a VDI of version {version >> 16}.{version & 0xFFFF} is not read")
        if kind in OTHER_KINDS or any(fields[20]) or any(fields[21]):
            what = OTHER_KINDS.get(kind, OTHER_KINDS[4])
            raise file.refusal(f"it is {what} and no disk by itself: it is not read alone")
        media_bytes = file.checked_size(size)
        if kind not in KINDS or block != BLOCK_BYTES or blocks * block < size:
            raise file.refusal(f"the header is damaged: type {kind}, {blocks} blocks of {block} bytes")
        table = FlatTable(
            media_bytes=size,
            offset_bytes=table_offset,
            entries=blocks,
            code="<I",
            block_bytes=block,
            stored_end=lambda entry, needed: data_offset + entry * block + needed if entry < NOWHERE else 0,
        )
        return single_file("vdi", f"VDI, {KINDS[kind]}", media_bytes, path, (), (table,))
