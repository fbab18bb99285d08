"""Parallels headers. Source: qemu, docs/interop/parallels.txt. Numbers are little-endian."""

import struct
from pathlib import Path

from image.header_file import SECTOR_BYTES, header_file
from image.virtual.block_tables import FlatTable
from image.virtual.disk import Remark, VirtualDisk, single_file

HEADER = struct.Struct("<16sIIIIIQIIIQ")
OLD_MAGIC = b"WithoutFreeSpace"
VERSION = 2
IN_USE = 0x746F6E59
MAXIMUM_BLOCK_SECTORS = 2**31 // SECTOR_BYTES - 1
MAXIMUM_ENTRIES = 2**27


def look_at_parallels(path: Path) -> VirtualDisk:
    """Read the header of a Parallels image.

    Raises:
        ImageNotReadError: damaged.
    """
    with header_file(path) as file:
        fields = HEADER.unpack(file.read(0, HEADER.size))
        magic, version, block_sectors, entries, sectors, in_use = *fields[:2], *fields[4:8]
        is_old = magic == OLD_MAGIC
        sectors = sectors & 0xFFFF_FFFF if is_old else sectors
        if version != VERSION or not 0 < block_sectors <= MAXIMUM_BLOCK_SECTORS or entries > MAXIMUM_ENTRIES:
            raise file.refusal(f"the header is damaged: version {version}, blocks of {block_sectors} sectors")
        media_bytes = file.checked_size(sectors * SECTOR_BYTES)
        block = block_sectors * SECTOR_BYTES
        unit = SECTOR_BYTES if is_old else block
        table = FlatTable(
            media_bytes=media_bytes,
            offset_bytes=HEADER.size,
            entries=entries,
            code="<I",
            block_bytes=block,
            stored_end=lambda entry, needed: entry * unit + needed if entry else 0,
        )
        unclosed = Remark("virtual-state", "the image was not closed by the program that used it")
        remarks = (unclosed,) if in_use == IN_USE else ()
        return single_file("parallels", "Parallels", media_bytes, path, remarks, (table,))
