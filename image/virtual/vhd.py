"""VHD footers and headers. Source: Microsoft, "Virtual Hard Disk Image Format Specification". Big-endian."""

import struct
from dataclasses import dataclass
from pathlib import Path

from image.header_file import SECTOR_BYTES, HeaderFile, header_file
from image.virtual.block_tables import BlockTable, FlatRun, FlatTable
from image.virtual.disk import Remark, VirtualDisk, single_file

FOOTER = struct.Struct(">8sIIQI4sIIQQHBBII16sB")
FOOTER_BYTES = 512
DYNAMIC_HEADER = struct.Struct(">8sQQIIII")
DYNAMIC_HEADER_BYTES = 1024
FOOTER_CHECKSUM_OFFSET = 64
DYNAMIC_CHECKSUM_OFFSET = 36
COOKIE, DYNAMIC_COOKIE = b"conectix", b"cxsparse"
FIXED, DYNAMIC, DIFFERENCING = 2, 3, 4
NOWHERE = 0xFFFF_FFFF
LARGEST_GEOMETRY = (65535, 16, 255)
GEOMETRY_CREATORS = frozenset({b"vpc ", b"vs  ", b"qemu"})
LARGEST_BLOCK_BYTES = 256 * 1024 * 1024
CODE = "virtual-header"


@dataclass(frozen=True, slots=True)
class Footer:
    """What a footer says; `data_offset` is where the header of a dynamic disk stands."""

    data_offset: int
    creator: bytes
    current_size: int
    geometry: tuple[int, int, int]
    disk_type: int
    is_saved_state: bool
    stored_checksum: int
    checksum: int


def look_at_vhd(path: Path) -> VirtualDisk:
    """Read the footer of a VHD, and of a dynamic one its header; checksums are compared.

    Raises:
        ImageNotReadError: no footer in either place, damaged, or a difference to a parent.
    """
    with header_file(path) as file:
        footer, remarks = _footer(file)
        if footer.disk_type == DIFFERENCING:
            raise file.refusal("it holds only what differs from its parent: it is not read alone")
        if footer.disk_type not in (FIXED, DYNAMIC):
            raise file.refusal(f"a VHD of type {footer.disk_type} is not read")
        size, rule, size_remarks = _media_size(footer)
        media_bytes = file.checked_size(size)
        table: BlockTable = FlatRun(media_bytes, behind_bytes=FOOTER_BYTES)
        if footer.disk_type == DYNAMIC:
            table, more = _dynamic(file, footer, media_bytes)
            remarks += more
        kind = "VHD, fixed" if footer.disk_type == FIXED else "VHD, dynamic"
        options = {"force_size_calc": rule}
        return single_file("vpc", kind, media_bytes, path, (*remarks, *size_remarks), (table,), options)


def decode_footer(data: bytes) -> Footer | None:
    """The footer in these 512 bytes, None where they are none."""
    if len(data) < FOOTER_BYTES or not data.startswith(COOKIE):
        return None
    fields = FOOTER.unpack_from(data)
    checksum = _checksum(data, FOOTER_CHECKSUM_OFFSET)
    return Footer(
        data_offset=fields[3],
        creator=fields[5],
        current_size=fields[9],
        geometry=(fields[10], fields[11], fields[12]),
        disk_type=fields[13],
        is_saved_state=bool(fields[16]),
        stored_checksum=fields[14],
        checksum=checksum,
    )


def _checksum(data: bytes, offset: int) -> int:
    """The one's complement of the sum of all bytes but the checksum's own."""
    return ~(sum(data) - sum(data[offset : offset + 4])) & 0xFFFF_FFFF


def _footer(file: HeaderFile) -> tuple[Footer, tuple[Remark, ...]]:
    """The footer that qemu reads, with what its copies disagree on."""
    head_bytes = file.read_up_to(0, FOOTER_BYTES)
    tail_bytes = file.read(max(0, file.size_bytes - FOOTER_BYTES), min(FOOTER_BYTES, file.size_bytes))
    head, tail = decode_footer(head_bytes), decode_footer(tail_bytes)
    chosen = head or tail
    if chosen is None:
        raise file.refusal("it has no VHD footer", "Look for a complete copy")
    remarks = []
    if chosen.stored_checksum != chosen.checksum:
        want, have = f"{chosen.stored_checksum:08x}", f"{chosen.checksum:08x}"
        remarks.append(Remark(CODE, "the checksum of the footer is wrong", want, have))
    if tail is None:
        remarks.append(Remark(CODE, "no footer stands at the end of the file: it is cut short or was added to"))
    elif head is not None and head_bytes != tail_bytes:
        remarks.append(Remark(CODE, "the footer and its copy at the start of the file differ"))
    if chosen.is_saved_state:
        remarks.append(Remark("virtual-state", "the machine that used it was saved while running"))
    return chosen, tuple(remarks)


def _media_size(footer: Footer) -> tuple[int, str, tuple[Remark, ...]]:
    """The size of the media, qemu's name for the rule, and whether the two sizes in the footer disagree.

    Virtual PC and its kin go by the geometry, all others by the current size.
    """
    cylinders, heads, sectors = footer.geometry
    by_geometry = cylinders * heads * sectors * SECTOR_BYTES
    goes_by_geometry = footer.creator in GEOMETRY_CREATORS and footer.geometry != LARGEST_GEOMETRY
    size, rule = (by_geometry, "chs") if goes_by_geometry else (footer.current_size, "current_size")
    if not goes_by_geometry or by_geometry == footer.current_size:
        return size, rule, ()
    detail = f"size {footer.current_size} and geometry {by_geometry} disagree; {size} bytes are read"
    return size, rule, (Remark("virtual-size", detail, str(footer.current_size), str(by_geometry)),)


def _dynamic(file: HeaderFile, footer: Footer, media_bytes: int) -> tuple[BlockTable, tuple[Remark, ...]]:
    """The table of blocks of a dynamic disk, with what is wrong with its header."""
    data = file.read(footer.data_offset, DYNAMIC_HEADER_BYTES)
    cookie, _, table_offset, _, entries, block, stored = DYNAMIC_HEADER.unpack_from(data)
    is_possible = 0 < block <= LARGEST_BLOCK_BYTES and block % SECTOR_BYTES == 0 and entries * block >= media_bytes
    if cookie != DYNAMIC_COOKIE or not is_possible:
        raise file.refusal(f"the header is damaged: {entries} blocks of {block} bytes")
    checksum = _checksum(data, DYNAMIC_CHECKSUM_OFFSET)
    wrong = Remark(CODE, "the checksum of the dynamic header is wrong", f"{stored:08x}", f"{checksum:08x}")
    bitmap = -(-block // SECTOR_BYTES // 8 // SECTOR_BYTES) * SECTOR_BYTES
    table = FlatTable(
        media_bytes=media_bytes,
        offset_bytes=table_offset,
        entries=-(-media_bytes // block),
        code=">I",
        block_bytes=block,
        stored_end=lambda entry, needed: entry * SECTOR_BYTES + bitmap + needed if entry != NOWHERE else 0,
    )
    return table, (wrong,) if stored != checksum else ()
