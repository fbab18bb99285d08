"""Damage on ext4, held against what debugfs says of the same blocks."""

import random
import re
from pathlib import Path

import pytest

from image.sectors import SectorRange
from image.tools import run_tool
from tests.sim.block_devices import needs_program, tool
from tests.verify.files.making import (
    blocks,
    damaged_files,
    everything_is_owned,
    make_ext4,
    make_tree,
    named,
    paths,
    structures,
    wipe,
)
from verify.files.located import Holding

pytestmark = needs_program("mke2fs", "debugfs")
BLOCK = 1024


def tree(folder: Path) -> Path:
    """A few files, two names of one, a link, a name that is no UTF-8 and one with a backslash."""
    noise = random.Random(1).randbytes(300_000)
    root = make_tree(
        folder / "tree", {"a.txt": b"hello", "d/big": noise, "d/caf\udce9": noise[:5000], "x\\y": b"b"}
    )
    (root / "d/second").hardlink_to(root / "a.txt")
    return root


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ext4")
    return make_ext4(folder / "fs.raw", tree(folder), 16, "-b", "1024")


def debugfs(image: Path, request: str) -> str:
    return tool("debugfs", "-R", request, str(image))


def block_of(image: Path, path: str, index: int = 0) -> int:
    """The block that holds this block of a file."""
    return int(debugfs(image, f"bmap {path} {index}"))


def test_the_file_that_holds_a_sector_is_named_with_the_place_in_it(made: Path) -> None:
    block = block_of(made, "/d/big", 7)
    found = damaged_files(made, [SectorRange(block * 2 + 1, 1)])
    (item,) = found.affected
    assert (item.paths, item.size_bytes, item.state, item.kind) == (("/d/big",), 300_000, "allocated", "file")
    assert (item.damaged_sectors, item.unread_sectors) == (1, 0)
    (part,) = item.parts
    assert (part.holding, part.offset_bytes, part.sectors) == (
        Holding.CONTENT,
        7 * BLOCK + 512,
        SectorRange(block * 2 + 1, 1),
    )
    assert str(item.inode) in debugfs(made, "stat /d/big").splitlines()[0]
    assert not found.structures
    assert not found.not_walked


def test_unread_sectors_are_told_apart_from_damaged_ones(made: Path) -> None:
    sectors = blocks(block_of(made, "/d/big"), 4, BLOCK)
    both = damaged_files(made, [sectors], [SectorRange(sectors.first_sector + 2, 3)])
    (item,) = both.affected
    assert (item.damaged_sectors, item.unread_sectors) == (5, 3)
    assert [part.sectors.sector_count for part in item.parts] == [2, 3, 3]


def test_every_name_of_a_file_is_told(made: Path) -> None:
    found = damaged_files(made, [blocks(block_of(made, "/a.txt"), 1, BLOCK)])
    assert paths(found) == {"/a.txt", "/d/second"}
    (item,) = found.affected
    assert item.link_count == 2
    assert [part.holding for part in item.parts] == [Holding.CONTENT, Holding.SLACK]


def test_names_that_are_no_text_stay_visible(made: Path) -> None:
    everything = damaged_files(made, [SectorRange(0, 32768)])
    assert {"/d/caf\\xe9", "/x\\\\y", "/", "/d"} <= paths(everything)


def test_a_damaged_folder_is_named(made: Path) -> None:
    found = damaged_files(made, [blocks(block_of(made, "/d"), 1, BLOCK)])
    assert named(found, "/d").kind == "folder"


def test_structures_are_named_with_their_inodes(made: Path) -> None:
    stats = debugfs(made, "show_super_stats")
    bitmap, table = (int(number) for number in re.findall(r"(?:block bitmap|inode table) at (\d+)", stats)[:2])
    found = damaged_files(
        made,
        [
            SectorRange(0, 4),
            blocks(2, 1, BLOCK),
            blocks(bitmap, 1, BLOCK),
            blocks(table + 2, 1, BLOCK),
            blocks(8193, 1, BLOCK),
        ],
    )
    told = structures(found)
    assert set(told) == {
        "boot sector",
        "superblock",
        "group descriptors",
        "block bitmap",
        "inode table",
        "superblock copy",
    }
    per_block = BLOCK // int(re.findall(r"Inode size:\s+(\d+)", stats)[0])
    assert told["inode table"] == f"inodes {2 * per_block + 1} to {3 * per_block}"


def test_a_file_whose_inode_cannot_be_read_is_named(made: Path, tmp_path: Path) -> None:
    image = tmp_path / "fs.raw"
    image.write_bytes(made.read_bytes())
    place = re.search(r"located at block (\d+)", debugfs(made, "imap /a.txt"))
    assert place is not None
    lost = blocks(int(place[1]), 1, BLOCK)
    wipe(image, [lost])
    found = damaged_files(image, unread=[lost])
    item = named(found, "/a.txt")
    assert (item.size_bytes, item.state, item.kind) == (None, "allocated", "file")
    assert [(part.holding, part.stream) for part in item.parts] == [(Holding.METADATA, "inode")]


def test_the_journal_is_a_structure(made: Path) -> None:
    assert "journal" in structures(damaged_files(made, [blocks(block_of(made, "<8>", 100), 1, BLOCK)]))


def test_free_space_is_told_as_free(made: Path) -> None:
    free = re.search(r"(\d+)-(\d+)", run_tool("debugfs", ["-R", "ffb 64", str(made)], timeout_seconds=30).stdout)
    words = debugfs(made, "ffb 8").split()
    block = int(free[1]) if free else int(words[-1])
    found = damaged_files(made, [blocks(block, 1, BLOCK)])
    assert structures(found) == {"unallocated space": ""}
    assert not found.affected


def test_what_no_folder_names_any_more_is_in_use_by_an_unknown_file(made: Path, tmp_path: Path) -> None:
    image = tmp_path / "fs.raw"
    image.write_bytes(made.read_bytes())
    folder, content = blocks(block_of(made, "/d"), 1, BLOCK), blocks(block_of(made, "/d/big"), 2, BLOCK)
    wipe(image, [folder])
    found = damaged_files(image, [folder, content])
    assert structures(found) == {"allocated to no file that was found": ""}


def test_every_block_has_the_owner_that_debugfs_tells(made: Path) -> None:
    chosen = random.Random(5).sample(range(1, 16384), 60)
    found = damaged_files(made, [blocks(block, 1, BLOCK) for block in sorted(chosen)])
    inodes = {item.inode for item in found.affected}
    told = debugfs(made, "icheck " + " ".join(map(str, chosen)))
    wanted = {int(line.split()[1]) for line in told.splitlines()[1:] if line.split()[1].isdigit()}
    assert inodes == {number for number in wanted if number not in (7, 8)}


@pytest.mark.parametrize(
    "options",
    [
        ("-b", "1024"),
        ("-b", "4096"),
        ("-b", "1024", "-O", "^64bit,^flex_bg"),
        ("-b", "1024", "-O", "meta_bg,^resize_inode"),
        ("-b", "1024", "-O", "sparse_super2"),
        ("-b", "1024", "-t", "ext2"),
        ("-b", "1024", "-t", "ext3", "-I", "128"),
    ],
)
def test_in_a_sound_file_system_every_block_in_use_has_an_owner(options: tuple[str, ...], tmp_path: Path) -> None:
    image = make_ext4(tmp_path / "fs.raw", tree(tmp_path), 24, *options)
    assert everything_is_owned(image)
