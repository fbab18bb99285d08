"""Damage on FAT and NTFS, held against what The Sleuth Kit's own programs say of the same clusters."""

import random
from pathlib import Path

import pytest

from image.sectors import SectorRange
from tests.sim.block_devices import needs_program, tool
from tests.verify.files.making import (
    blocks,
    damaged_files,
    everything_is_owned,
    make_fat,
    make_ntfs,
    make_tree,
    named,
    paths,
    structures,
    wipe,
)
from verify.files.located import DELETED, Holding

NOISE = random.Random(2).randbytes(200_000)
CLUSTER = 4096


@pytest.fixture(scope="module", params=[12, 16, 32])
def fat(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fat")
    tree = make_tree(folder / "tree", {"kept.bin": NOISE, "gone.bin": NOISE[:50_000], "d/deep.txt": b"deep"})
    return make_fat(folder / "fs.raw", tree, request.param, {12: 4, 16: 32, 32: 64}[request.param])


def sectors_of(image: Path, inode: str) -> list[int]:
    """The sectors or clusters of an inode, as istat lists them behind its last heading."""
    text = tool("istat", str(image), inode)
    return [int(word) for word in text.rpartition("Sectors:")[2].split() if word.isdigit()]


def inode_of(image: Path, path: str) -> str:
    return tool("ifind", "-n", path, str(image))


@needs_program("mkfs.vfat", "mcopy", "istat")
def test_files_of_fat_are_named(fat: Path) -> None:
    kept, deep = inode_of(fat, "/kept.bin"), inode_of(fat, "/d/deep.txt")
    sector = sectors_of(fat, kept)[100]
    found = damaged_files(fat, [SectorRange(sector, 2), SectorRange(sectors_of(fat, deep)[0], 1)])
    assert {(item.paths[0], str(item.inode)) for item in found.affected} == {
        ("/kept.bin", kept),
        ("/d/deep.txt", deep),
    }
    assert named(found, "/kept.bin").parts[0].offset_bytes == 100 * 512
    assert tool("ifind", "-d", str(sector), str(fat)) == kept
    assert not found.structures


@needs_program("mkfs.vfat", "mcopy", "mdel")
def test_a_deleted_file_is_told_as_deleted_and_its_space_as_free(fat: Path, tmp_path: Path) -> None:
    image = tmp_path / "fs.raw"
    image.write_bytes(fat.read_bytes())
    sector = sectors_of(fat, inode_of(fat, "/gone.bin"))[10]
    tool("mdel", "-i", str(image), "::gone.bin")
    found = damaged_files(image, unread=[SectorRange(sector, 1)])
    (item,) = found.affected
    assert (item.paths, item.state, item.unread_sectors) == (("/_one.bin",), DELETED, 1)
    assert structures(found) == {"unallocated space": ""}


@needs_program("mkfs.vfat", "mcopy")
def test_the_structures_of_fat_are_named(fat: Path) -> None:
    reserved = int.from_bytes(fat.read_bytes()[14:16], "little")
    found = damaged_files(fat, [SectorRange(0, 1), SectorRange(reserved, 1)])
    assert set(structures(found)) == {"boot sector", "first FAT"}
    assert structures(damaged_files(fat, [SectorRange(reserved - 1, 1)])).keys() <= {
        "reserved sectors",
        "boot sector",
    }


@pytest.fixture(scope="module")
def ntfs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ntfs")
    files = {"small.txt": b"resident", "big.bin": NOISE, "big.bin:hidden": NOISE[:50_000]}
    return make_ntfs(folder / "fs.raw", files, folder)


def clusters_of(image: Path, path: str, attribute: int) -> list[int]:
    """The clusters of an attribute, in the order in which istat lists the attributes that are not resident."""
    lines = tool("istat", str(image), inode_of(image, path)).splitlines()
    lists: list[list[int]] = []
    for line in lines:
        if "Non-Resident" in line:
            lists.append([])
        elif lists:
            lists[-1] += [int(word) for word in line.split() if word.isdigit()]
    return lists[attribute]


ntfs_programs = needs_program("mkntfs", "ntfscp", "istat")


@ntfs_programs
def test_alternate_streams_of_ntfs_are_told_apart(ntfs: Path) -> None:
    main, hidden = clusters_of(ntfs, "/big.bin", 0)[3], clusters_of(ntfs, "/big.bin", 1)[2]
    found = damaged_files(ntfs, [blocks(main, 1, CLUSTER), blocks(hidden, 1, CLUSTER)])
    (item,) = found.affected
    assert item.paths == ("/big.bin",)
    assert {(part.stream, part.offset_bytes) for part in item.parts} == {("", 3 * CLUSTER), ("hidden", 2 * CLUSTER)}


@ntfs_programs
def test_a_file_whose_mft_entry_cannot_be_read_is_named(ntfs: Path, tmp_path: Path) -> None:
    inode = int(inode_of(ntfs, "/small.txt").partition("-")[0])
    first = clusters_of(ntfs, "/$MFT", 0)[0]
    image = tmp_path / "fs.raw"
    image.write_bytes(ntfs.read_bytes())
    lost = SectorRange(first * 8 + inode * 2, 2)
    wipe(image, [lost])
    found = damaged_files(image, unread=[lost])
    assert structures(found) == {"MFT": f"entries {inode} to {inode}"}
    item = named(found, "/small.txt")
    assert (item.size_bytes, item.parts[0].holding) == (None, Holding.METADATA)


@ntfs_programs
def test_structures_and_free_space_of_ntfs_are_named(ntfs: Path) -> None:
    sectors = ntfs.stat().st_size // 512
    found = damaged_files(ntfs, [SectorRange(0, 2), SectorRange(sectors - 1, 1), SectorRange(sectors - 64, 8)])
    assert set(structures(found)) == {"boot sector ($Boot)", "boot sector copy", "unallocated space"}
    assert paths(found) == set()


@needs_program("mkfs.vfat", "mcopy")
def test_in_a_sound_fat_every_cluster_in_use_has_an_owner(fat: Path) -> None:
    assert everything_is_owned(fat)


@ntfs_programs
def test_in_a_sound_ntfs_every_cluster_in_use_has_an_owner(ntfs: Path) -> None:
    assert everything_is_owned(ntfs)
