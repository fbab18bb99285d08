"""Partition tables of drives with sectors of 4096 bytes, and of discs that are drives too."""

import random
import struct
import threading
from pathlib import Path

from image.formats import ImageFormat
from image.progress import ignore_progress
from image.sectors import SectorRange, compact_ranges
from tests.sim.block_devices import loop_device, needs_program, needs_root, tool
from tests.verify.files.making import MIB, make_ext4, make_tree
from verify.files.finding_files import find_damaged_files
from verify.files.image_to_walk import ImageToWalk
from verify.files.located import DamagedFiles

BIG_SECTOR = 4096
START = 6 * MIB // BIG_SECTOR
pytestmark = needs_program("mke2fs")


def table_sector(*entries: tuple[int, int, int]) -> bytes:
    """A sector of a DOS table: kind, first sector and count of each entry."""
    parts = b"".join(struct.pack("<B3sB3sII", 0, b"", kind, b"", first, count) for kind, first, count in entries)
    return (bytes(446) + parts.ljust(64, b"\0") + b"\x55\xaa").ljust(BIG_SECTOR, b"\0")


def with_logical_partitions(folder: Path) -> Path:
    """A 4Kn drive: a primary partition, and an extended one with two logical ones, ext4 in the second."""
    tree = make_tree(folder / "tree", {"a.txt": random.Random(4).randbytes(30_000)})
    inside = make_ext4(folder / "inside.raw", tree, 8, "-b", "4096")
    extended, second = 2 * MIB // BIG_SECTOR, 3 * MIB // BIG_SECTOR
    image = bytearray(24 * MIB)

    def put(sector: int, data: bytes) -> None:
        image[sector * BIG_SECTOR : sector * BIG_SECTOR + len(data)] = data

    put(0, table_sector((0x83, 256, 200), (5, extended, 5000)))
    put(extended, table_sector((0x83, 64, 128), (5, second, 3000)))
    put(extended + second, table_sector((0x83, START - extended - second, 8 * MIB // BIG_SECTOR)))
    put(START, inside.read_bytes())
    path = folder / "disk.raw"
    path.write_bytes(image)
    return path


def damaged_in(image: Path, damaged: SectorRange) -> DamagedFiles:
    """What holds these sectors of a drive with sectors of 4096 bytes."""
    nothing = compact_ranges(())
    to_walk = ImageToWalk(image, ImageFormat.RAW, (), BIG_SECTOR, (), compact_ranges([damaged]), nothing)
    return find_damaged_files(to_walk, ignore_progress, threading.Event(), 300.0)


@needs_program("debugfs")
def test_a_file_in_a_logical_partition_of_a_4kn_drive_is_named(tmp_path: Path) -> None:
    image = with_logical_partitions(tmp_path)
    block = int(tool("debugfs", "-R", "bmap /a.txt 1", str(tmp_path / "inside.raw")))
    found = damaged_in(image, SectorRange(START + block, 1))
    assert [(item.partition, item.paths) for item in found.affected] == [(3, ("/a.txt",))]
    assert [part.sectors.first_sector for part in found.partitions] == [256, 512 + 64, START]


@needs_root
@needs_program("losetup", "partx")
def test_the_kernel_sees_the_same_partitions(tmp_path: Path) -> None:
    image = with_logical_partitions(tmp_path)
    found = damaged_in(image, SectorRange(START, 1))
    with loop_device(image, "--sector-size", str(BIG_SECTOR)) as device:
        listed = tool("partx", "--raw", "--noheadings", "--output", "NR,START", device)
    starts = {int(number): int(start) for number, start in (line.split() for line in listed.splitlines())}
    assert {part.sectors.first_sector * 8 for part in found.partitions} == {starts[nr] for nr in (1, 5, 6)}
