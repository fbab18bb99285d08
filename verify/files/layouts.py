"""Structures at fixed places of file systems, and which files of each are structures by what name.

Places: Microsoft "FAT: General Overview of On-Disk Format" and "exFAT file system specification"; Apple Technical
Note TN1150; ECMA-119, clauses 8 and 9.4; libyal/libfsntfs, "Windows New Technologies File System (NTFS)".
"""

from collections.abc import Iterator

from verify.files.ext_layout import ext_regions
from verify.files.regions import ReadAt, Region, RegionsOf

DESCRIPTOR_SECTOR_BYTES = 2048
FIRST_DESCRIPTOR = 16
MAXIMUM_DESCRIPTORS = 64
MFT, RESERVED = "MFT", "reserved space"
RESIZE_INODE = "resize inode"
"""Most of its blocks are those that are reserved for group descriptors."""

STRUCTURE_INODES: dict[str, dict[int, str]] = {
    "NTFS": {
        0: MFT,
        1: "MFT mirror",
        2: "journal ($LogFile)",
        3: "volume name ($Volume)",
        4: "attribute definitions ($AttrDef)",
        6: "cluster bitmap ($Bitmap)",
        7: "boot sector ($Boot)",
        8: "list of bad clusters ($BadClus)",
        9: "security descriptors ($Secure)",
        10: "upper-case table ($UpCase)",
    },
    "ext": {7: RESIZE_INODE, 8: "journal"},
    "HFS+": {
        3: "extents overflow file",
        4: "catalog file",
        5: "list of bad blocks",
        6: "allocation bitmap",
        7: "startup file",
        8: "attributes file",
    },
}
STRUCTURE_NAMES: dict[str, dict[bytes, str]] = {
    "FAT": {b"$FAT1": "first FAT", b"$FAT2": "second FAT"},
    "exFAT": {
        b"$FAT1": "first FAT",
        b"$FAT2": "second FAT",
        b"$ALLOC_BITMAP": "allocation bitmap",
        b"$UPCASE_TABLE": "upper-case table",
    },
    "HFS+": {b".journal": "journal", b".journal_info_block": "journal info block"},
}
BITMAP_INODES = {"NTFS": 6, "HFS+": 6}
BITMAPS = frozenset(
    {"block bitmap", "cluster bitmap ($Bitmap)", "allocation bitmap", "first FAT", "group descriptors"}
)
"""The structures that tell which clusters are in use."""


def layout_of(family: str) -> str:
    """The family under which the tables here have a file system."""
    if family.startswith("ext"):
        return "ext"
    return "FAT" if family.startswith("FAT") else family


def regions_of(family: str) -> RegionsOf:
    """What reads the regions of a family; none where none are known."""
    return _READERS.get(layout_of(family), _no_regions)


def mft_entry_bytes(read_at: ReadAt) -> int:
    """The size of an MFT entry: clusters, or a power of two where the number is negative."""
    boot = read_at(0, 512)
    code = boot[64]
    return 1 << min(256 - code, 16) if code > 127 else max(1024, code * boot[13] * _u16(boot, 11))


def _no_regions(_read_at: ReadAt, _size_bytes: int) -> Iterator[Region]:
    """No structure at a fixed place."""
    return iter(())


def _fat_regions(read_at: ReadAt, _size_bytes: int) -> Iterator[Region]:
    """The sectors in front of the first FAT: boot sector, and of FAT32 its copy and FSInfo."""
    boot = read_at(0, 512)
    sector, reserved = _u16(boot, 11), _u16(boot, 14)
    is_fat32 = not _u16(boot, 22)
    named = {_u16(boot, 48): "FSInfo sector", _u16(boot, 50): "boot sector copy"} if is_fat32 else {}
    for number in range(reserved):
        name = "boot sector" if not number else named.get(number, "reserved sectors")
        yield Region(name, number * sector, (number + 1) * sector)


def _exfat_regions(read_at: ReadAt, _size_bytes: int) -> Iterator[Region]:
    """Both boot regions, and the space around the FATs that the clusters leave (exFAT specification, section 2)."""
    boot = read_at(0, 512)
    sector = 1 << min(boot[108], 16)
    fat, fat_sectors, heap = (int.from_bytes(boot[at : at + 4], "little") for at in (80, 84, 88))
    fats_end = fat + fat_sectors * max(1, boot[110])
    yield Region("boot region", 0, 12 * sector)
    yield Region("backup boot region", 12 * sector, 24 * sector)
    yield Region(RESERVED, 24 * sector, fat * sector)
    yield Region(RESERVED, fats_end * sector, heap * sector)


def _ntfs_regions(read_at: ReadAt, _size_bytes: int) -> Iterator[Region]:
    """The copy of the boot sector in the sector behind the file system."""
    boot = read_at(0, 512)
    sector, count = _u16(boot, 11), int.from_bytes(boot[40:48], "little")
    yield Region("boot sector copy", count * sector, (count + 1) * sector)


def _hfs_regions(read_at: ReadAt, size_bytes: int) -> Iterator[Region]:
    """Boot blocks, volume header, its copy, and the rest of their allocation blocks (TN1150, "Volume Header")."""
    block = int.from_bytes(read_at(1024 + 40, 4), "big") or 512
    copy = size_bytes - 1024
    yield Region("boot blocks", 0, 1024)
    yield Region("volume header", 1024, 1536)
    yield Region(RESERVED, 1536, block)
    yield Region(RESERVED, copy // block * block, copy)
    yield Region("volume header copy", copy, copy + 512)
    yield Region(RESERVED, copy + 512, size_bytes)


def _iso_regions(read_at: ReadAt, _size_bytes: int) -> Iterator[Region]:
    """System area, volume descriptors and path tables (ECMA-119, clauses 6.2, 8, 9.4)."""
    yield Region("system area", 0, FIRST_DESCRIPTOR * DESCRIPTOR_SECTOR_BYTES)
    for number in range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + MAXIMUM_DESCRIPTORS):
        place = number * DESCRIPTOR_SECTOR_BYTES
        data = read_at(place, DESCRIPTOR_SECTOR_BYTES)
        yield Region("volume descriptor", place, place + DESCRIPTOR_SECTOR_BYTES)
        if len(data) < DESCRIPTOR_SECTOR_BYTES or data[0] == 255 or data[1:6] != b"CD001":
            return
        if data[0] in (1, 2):
            yield from _path_tables(data)


def _path_tables(descriptor: bytes) -> Iterator[Region]:
    """The path tables that a volume descriptor names, both byte orders."""
    size = int.from_bytes(descriptor[132:136], "little")
    places = [int.from_bytes(descriptor[at : at + 4], "little") for at in (140, 144)]
    places += [int.from_bytes(descriptor[at : at + 4], "big") for at in (148, 152)]
    for block in places:
        if block:
            start = block * DESCRIPTOR_SECTOR_BYTES
            blocks = -(-size // DESCRIPTOR_SECTOR_BYTES)
            yield Region("path table", start, start + blocks * DESCRIPTOR_SECTOR_BYTES)


def _u16(data: bytes, offset: int) -> int:
    """16 bits, little-endian."""
    return int.from_bytes(data[offset : offset + 2], "little")


_READERS: dict[str, RegionsOf] = {
    "ext": ext_regions,
    "FAT": _fat_regions,
    "exFAT": _exfat_regions,
    "NTFS": _ntfs_regions,
    "HFS+": _hfs_regions,
    "ISO 9660": _iso_regions,
}
