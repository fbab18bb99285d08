"""Partitions, media without a file system, and walks that do not come to their end."""

import os
import random
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from image.formats import ImageFormat
from image.progress import ignore_progress
from image.sectors import SectorRange, compact_ranges
from tests.sim.block_devices import needs_program, tool
from tests.verify.files.making import (
    MIB,
    blocks,
    damaged_files,
    make_ext4,
    make_fat,
    make_ntfs,
    make_tree,
    paths,
    structures,
    wipe,
)
from verify.files import finding_files
from verify.files.image_to_walk import ImageToWalk

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

pytestmark = needs_program("mke2fs", "debugfs")
START = 4 * MIB


def partitioned(folder: Path, script: str) -> Path:
    """A medium of 24 MiB with a table by sfdisk, and an ext4 file system 4 MiB from its beginning."""
    tree = make_tree(folder / "tree", {"a.txt": random.Random(4).randbytes(30_000)})
    inside = make_ext4(folder / "inside.raw", tree, 8, "-b", "1024")
    image = folder / "disk.raw"
    with image.open("wb") as file:
        file.truncate(24 * MIB)
    (folder / "script").write_text(script)
    tool("sh", "-c", f"sfdisk --quiet {image} < {folder / 'script'}")
    with image.open("r+b") as file:
        file.seek(START)
        file.write(inside.read_bytes())
    return image


def block_in(image: Path, path: str) -> int:
    return int(tool("debugfs", "-R", f"bmap {path} 0", str(image.with_name("inside.raw"))))


@needs_program("sfdisk")
@pytest.mark.parametrize("label", ["gpt", "dos"])
def test_damage_is_told_by_partition(label: str, tmp_path: Path) -> None:
    image = partitioned(tmp_path, f"label: {label}\nstart=2048, size=2048\nstart=8192, size=16384\n")
    content = blocks(START // 1024 + block_in(image, "/a.txt"), 2, 1024)
    found = damaged_files(image, [SectorRange(0, 1), SectorRange(100, 4), content, SectorRange(40_000, 8)])
    (item,) = found.affected
    assert (item.partition, item.paths) == (2, ("/a.txt",))
    assert [(part.number, part.file_system, part.damaged_sectors) for part in found.partitions] == [
        (1, None, 0),
        (2, "ext4", 4),
    ]
    table = {part.name: part.damaged_sectors for part in found.structures}
    assert table == {"partition table": 1, "unpartitioned space": 12}


@needs_program("sfdisk")
def test_a_partition_without_a_known_file_system_is_named(tmp_path: Path) -> None:
    image = partitioned(tmp_path, "label: dos\nstart=2048, size=2048\nstart=8192, size=16384\n")
    found = damaged_files(image, [SectorRange(3000, 1)])
    (left_out,) = found.not_walked
    assert left_out.where.startswith("partition 1")
    assert left_out.reason == "Cannot determine file system type"


def test_a_medium_of_noise_is_named_as_not_walked(tmp_path: Path) -> None:
    (tmp_path / "a.raw").write_bytes(random.Random(1).randbytes(MIB))
    found = damaged_files(tmp_path / "a.raw", [SectorRange(0, 1)])
    (left_out,) = found.not_walked
    assert left_out.where == "the whole medium"
    assert "its first sectors are damaged" in left_out.reason


def test_without_damage_nothing_is_opened(tmp_path: Path) -> None:
    found = damaged_files(tmp_path / "absent.raw")
    assert (found.affected, found.not_walked) == ((), ())


def test_an_image_that_is_gone_is_told(tmp_path: Path) -> None:
    found = damaged_files(tmp_path / "absent.raw", [SectorRange(0, 1)])
    assert [item.where for item in found.not_walked] == ["the image"]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    tree = make_tree(tmp_path / "tree", {f"d{number}/file": b"x" * 3000 for number in range(20)})
    return make_ext4(tmp_path / "fs.raw", tree, 8)


def test_when_the_time_is_over_the_rest_is_named(small: Path) -> None:
    found = damaged_files(small, [SectorRange(0, 16384)], limit_seconds=0)
    assert [item.reason for item in found.not_walked] == [finding_files.TIME_RAN_OUT]


def crash(_pipe: "Connection", *_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def babble(pipe: "Connection", *_: object) -> None:
    pipe.send_bytes(b"\xc1 no message")
    time.sleep(60)


def hang(_pipe: "Connection", *_: object) -> None:
    time.sleep(60)


def test_a_walker_that_crashes_is_told(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding_files, "walk_files", crash)
    (left_out,) = damaged_files(small, [SectorRange(0, 1)]).not_walked
    assert "SIGSEGV" in left_out.reason


def test_a_walker_that_sends_nonsense_is_told(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding_files, "walk_files", babble)
    (left_out,) = damaged_files(small, [SectorRange(0, 1)]).not_walked
    assert "nonsense" in left_out.reason


def test_a_walker_that_hangs_is_left(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding_files, "walk_files", hang)
    (left_out,) = damaged_files(small, [SectorRange(0, 1)], limit_seconds=1).not_walked
    assert left_out.reason == finding_files.TIME_RAN_OUT


def test_a_stop_ends_the_walk_and_keeps_what_was_found(small: Path) -> None:
    stop = threading.Event()
    stop.set()
    ranges = compact_ranges([SectorRange(0, 1)])
    to_walk = ImageToWalk(small, ImageFormat.RAW, (), 512, (), ranges, compact_ranges([]))
    found = finding_files.find_damaged_files(to_walk, ignore_progress, stop, 60)
    assert found.is_stopped


@pytest.mark.parametrize("seed", range(3))
def test_no_damage_to_a_file_system_is_too_much(small: Path, seed: int) -> None:
    data, chance = bytearray(small.read_bytes()), random.Random(seed)
    for place in chance.sample(range(2048, 400_000), 4000):
        data[place] = chance.randrange(256)
    small.write_bytes(data)
    found = damaged_files(small, [SectorRange(0, 16384)], limit_seconds=60)
    assert found.structures or found.not_walked


def test_only_so_many_files_are_listed_and_all_are_counted(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from verify.files import gathering

    monkeypatch.setattr(gathering, "MAXIMUM_FILES", 5)
    found = damaged_files(small, [SectorRange(0, 16384)])
    assert len(found.affected) == 5
    assert found.affected_count == len(paths(found)) + found.affected_count - 5 >= 40
    assert "superblock" in structures(found)


@needs_program("mkntfs", "ntfscp", "mkfs.vfat", "mcopy")
@pytest.mark.parametrize("kind", ["1024", "4096", "ntfs", "fat32"])
def test_a_file_system_without_its_first_sectors_is_read_by_their_copy(kind: str, tmp_path: Path) -> None:
    image, content = tmp_path / "fs.raw", random.Random(8).randbytes(40_000)
    tree = make_tree(tmp_path / "tree", {"a.txt": content})
    if kind == "ntfs":
        make_ntfs(image, {"a.txt": content}, tmp_path)
    elif kind == "fat32":
        make_fat(image, tree, 32, 64)
    else:
        make_ext4(image, tree, 160 if kind == "4096" else 16, "-b", kind)
    where = image.read_bytes().index(content[:512]) // 512
    lost = SectorRange(0, 4)
    wipe(image, [lost])
    found = damaged_files(image, unread=[lost, SectorRange(where, 1)])
    assert "/a.txt" in paths(found)
    (partition,) = found.partitions
    assert partition.file_system is not None
    assert "by its copy" in partition.file_system
