"""What lies on a medium, told by bytes at known places: partition tables, file systems, encryption, RAID, LVM.

Recorded, never a reason to refuse: seized drives are full of them. Places: LUKS on-disk format 1.2.3; LVM2
`label.h`; md(4), "superblock locations"; UEFI 2.10 section 5.3; the file systems' own documentation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

READ_AT_START_BYTES = 68 * 1024
READ_AT_END_BYTES = 136 * 1024
ALIGNMENT_BYTES = 4096
BOOT_SECTOR_OFFSET_BYTES = 510
BOOT_SECTOR_MARK = b"\x55\xaa"

ReadAt = Callable[[int, int], bytes]
"""Reads so many bytes (second) from an offset in bytes (first); nothing where they cannot be read."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A name and the bytes that tell it, at an offset from the beginning of a medium or partition."""

    name: str
    offset_bytes: int
    mark: bytes


AT_START = (
    Signature("LUKS encryption", 0, b"LUKS\xba\xbe"),
    Signature("BitLocker encryption", 3, b"-FVE-FS-"),
    *(Signature("LVM2 physical volume", at + 24, b"LVM2 001") for at in (0, 512, 1024, 1536)),
    Signature("Linux RAID member (1.1)", 0, b"\xfc\x4e\x2b\xa9"),
    Signature("Linux RAID member (1.2)", 4096, b"\xfc\x4e\x2b\xa9"),
    Signature("bcache device", 4120, bytes.fromhex("c68573f64e1a45ca8265f57f48ba6d81")),
    Signature("Windows dynamic disk", 3072, b"PRIVHEAD"),
    *(Signature("GPT partition table", at, b"EFI PART") for at in (512, 4096)),
    Signature("NTFS", 3, b"NTFS    "),
    Signature("exFAT", 3, b"EXFAT   "),
    Signature("ReFS", 3, b"ReFS\0\0\0\0"),
    Signature("FAT12", 54, b"FAT12   "),
    Signature("FAT16", 54, b"FAT16   "),
    Signature("FAT32", 82, b"FAT32   "),
    Signature("ext2/3/4", 1080, b"\x53\xef"),
    Signature("XFS", 0, b"XFSB"),
    Signature("Btrfs", 0x10040, b"_BHRfS_M"),
    Signature("F2FS", 1024, b"\x10\x20\xf5\xf2"),
    Signature("APFS", 32, b"NXSB"),
    Signature("HFS+", 1024, b"H+\0\x04"),
    Signature("HFSX", 1024, b"HX\0\x05"),
    Signature("ISO 9660", 32769, b"CD001"),
    Signature("SquashFS", 0, b"hsqs"),
    Signature("Linux swap", 4086, b"SWAPSPACE2"),
)


def find_signatures(read_at: ReadAt, size_bytes: int) -> tuple[str, ...]:
    """The names of what is found on a medium of this size, each once."""
    head = read_at(0, min(size_bytes, READ_AT_START_BYTES))
    found = [item.name for item in AT_START if _is_at(head, item.offset_bytes, item.mark)]
    if not found and _is_at(head, BOOT_SECTOR_OFFSET_BYTES, BOOT_SECTOR_MARK):
        found.append("boot sector or DOS partition table")
    tail_offset = max(0, size_bytes - READ_AT_END_BYTES) // ALIGNMENT_BYTES * ALIGNMENT_BYTES
    tail = read_at(tail_offset, size_bytes - tail_offset)
    found += [item.name for item in _at_end(size_bytes) if _is_at(tail, item.offset_bytes - tail_offset, item.mark)]
    return tuple(dict.fromkeys(found))


def _at_end(size_bytes: int) -> Iterator[Signature]:
    """The signatures whose place is counted from the end of a medium of this size."""
    raid = b"\xfc\x4e\x2b\xa9"
    yield Signature("Linux RAID member (1.0)", (size_bytes - 8192) // 4096 * 4096, raid)
    yield Signature("Linux RAID member (0.90)", size_bytes // 65536 * 65536 - 65536, raid)
    yield Signature("Intel RAID member", size_bytes - 1024, b"Intel Raid ISM Cfg Sig. ")
    yield Signature("DDF RAID member", size_bytes - 512, b"\xde\x11\xde\x11")


def _is_at(block: bytes, offset_bytes: int, mark: bytes) -> bool:
    """Whether these bytes stand at this offset of a block."""
    return offset_bytes >= 0 and block[offset_bytes : offset_bytes + len(mark)] == mark
