"""Damage on exFAT: made by mkfs.exfat, with a file put in after the specification and accepted by fsck.exfat."""

import random
import struct
from pathlib import Path

from image.sectors import SectorRange
from tests.sim.block_devices import needs_program, tool
from tests.verify.files.making import MIB, damaged_files, everything_is_owned, named, structures

CONTENT = random.Random(3).randbytes(20_000)
NAME = "notes.txt"
FIRST_CLUSTER = 50
pytestmark = needs_program("mkfs.exfat", "fsck.exfat")


def checksum(data: bytes) -> int:
    """The checksum of a set of directory entries (exFAT specification, section 6.3.3)."""
    total = 0
    for place, byte in enumerate(data):
        if place not in (2, 3):
            total = ((total & 1) << 15 | total >> 1) + byte & 0xFFFF
    return total


def name_hash(name: str) -> int:
    """The hash of a name in upper case (section 7.6.4)."""
    total = 0
    for byte in name.upper().encode("utf-16-le"):
        total = ((total & 1) << 15 | total >> 1) + byte & 0xFFFF
    return total


def entry_set(cluster: int) -> bytes:
    """File, stream and name entries of a file without a chain in the FAT (sections 7.4, 7.6, 7.7)."""
    file = struct.pack("<BBHHH", 0x85, 2, 0, 0x20, 0) + struct.pack("<3I", *(0x5B760000,) * 3)
    lengths = struct.pack("<IIQ", 0, cluster, len(CONTENT))
    stream = struct.pack("<BBBBHHQ", 0xC0, 3, 0, len(NAME), name_hash(NAME), 0, len(CONTENT)) + lengths
    name = b"\xc1\0" + NAME.encode("utf-16-le")
    whole = bytearray(file.ljust(32, b"\0") + stream.ljust(32, b"\0") + name.ljust(32, b"\0"))
    struct.pack_into("<H", whole, 2, checksum(bytes(whole)))
    return bytes(whole)


def made(folder: Path) -> tuple[Path, int, int]:
    """A file system of 16 MiB with one file; where its content begins, and the size of a cluster, in bytes."""
    image = folder / "fs.raw"
    with image.open("wb") as file:
        file.truncate(16 * MIB)
    tool("mkfs.exfat", "-c", "4K", str(image))
    data = bytearray(image.read_bytes())
    sector, cluster_bytes = 1 << data[108], 1 << data[108] + data[109]
    heap, root = (int.from_bytes(data[at : at + 4], "little") for at in (88, 96))

    def place(cluster: int) -> int:
        return heap * sector + (cluster - 2) * cluster_bytes

    entries = [place(root) + offset for offset in range(0, cluster_bytes, 32)]
    bitmap = next(place(int.from_bytes(data[at + 20 : at + 24], "little")) for at in entries if data[at] == 0x81)
    free = next(at for at in entries if not data[at])
    data[free : free + 96] = entry_set(FIRST_CLUSTER)
    for cluster in range(FIRST_CLUSTER - 2, FIRST_CLUSTER - 2 + -(-len(CONTENT) // cluster_bytes)):
        data[bitmap + cluster // 8] |= 1 << cluster % 8
    data[place(FIRST_CLUSTER) : place(FIRST_CLUSTER) + len(CONTENT)] = CONTENT
    image.write_bytes(data)
    tool("fsck.exfat", "-n", str(image))
    return image, place(FIRST_CLUSTER), cluster_bytes


def test_a_file_on_exfat_is_named_with_the_place_in_it(tmp_path: Path) -> None:
    image, start, cluster_bytes = made(tmp_path)
    found = damaged_files(image, [SectorRange((start + cluster_bytes) // 512, 1), SectorRange(0, 1)])
    assert [part.file_system for part in found.partitions] == ["exFAT (by its copy of the exFAT boot region)"]
    item = named(found, f"/{NAME}")
    assert (item.size_bytes, item.parts[0].offset_bytes) == (len(CONTENT), cluster_bytes)
    assert "boot region" in structures(found)


def test_all_of_an_exfat_file_system_belongs_to_something(tmp_path: Path) -> None:
    assert everything_is_owned(made(tmp_path)[0])
