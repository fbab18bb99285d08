"""Real file systems in image files, made without root, and the search for damage in them."""

import threading
from collections.abc import Iterable
from pathlib import Path

from image.formats import ImageFormat
from image.progress import ignore_progress
from image.sectors import SectorRange, SectorRanges, compact_ranges
from image.tools import run_tool
from tests.sim.block_devices import tool
from verify.files.finding_files import find_damaged_files
from verify.files.image_to_walk import ImageToWalk
from verify.files.layouts import BITMAPS
from verify.files.located import AffectedFile, DamagedFiles
from verify.files.unowned import OF_NO_FILE, UNALLOCATED, UNKNOWN_USE

SECTOR_BYTES = 512
MIB = 1024 * 1024


def make_tree(folder: Path, files: dict[str, bytes]) -> Path:
    """These files in a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def make_ext4(image: Path, tree: Path, size_mib: int = 16, *options: str) -> Path:
    """An ext4 file system that holds a tree, or another one that the options name."""
    kind = [] if "-t" in options else ["-t", "ext4"]
    arguments = ["-q", "-F", *kind, *options, "-d", str(tree), str(image), f"{size_mib}M"]
    run = run_tool("mke2fs", arguments, timeout_seconds=300)
    assert run.exit_status == 0, run.stderr
    return image


def make_fat(image: Path, tree: Path, bits: int, size_mib: int) -> Path:
    """A FAT file system that holds a tree."""
    _empty(image, size_mib)
    tool("mkfs.vfat", "-F", str(bits), str(image))
    for path in sorted(tree.iterdir()):
        tool("mcopy", "-s", "-i", str(image), str(path), "::")
    return image


def make_ntfs(image: Path, files: dict[str, bytes], folder: Path, size_mib: int = 16) -> Path:
    """An NTFS file system with these files in its root; `name:stream` is an alternate stream."""
    _empty(image, size_mib)
    tool("mkntfs", "-q", "-F", str(image))
    for name, content in files.items():
        (folder / "content").write_bytes(content)
        target, _, stream = name.partition(":")
        options = ["--attr-name", stream] if stream else []
        tool("ntfscp", "-f", *options, str(image), str(folder / "content"), target)
    return image


def _empty(image: Path, size_mib: int) -> None:
    """A file of zeros."""
    with image.open("wb") as file:
        file.truncate(size_mib * MIB)


def damaged_files(
    image: Path,
    damaged: Iterable[SectorRange] = (),
    unread: Iterable[SectorRange] = (),
    limit_seconds: float = 300.0,
) -> DamagedFiles:
    """What holds these sectors of a raw image."""
    to_walk = ImageToWalk(
        image, ImageFormat.RAW, (), SECTOR_BYTES, (), compact_ranges(damaged), compact_ranges(unread)
    )
    return find_damaged_files(to_walk, ignore_progress, threading.Event(), limit_seconds)


def blocks(first: int, count: int, block_bytes: int) -> SectorRange:
    """The sectors of these blocks."""
    per_block = block_bytes // SECTOR_BYTES
    return SectorRange(first * per_block, count * per_block)


def paths(found: DamagedFiles) -> set[str]:
    """Every name of every affected file."""
    return {path for item in found.affected for path in item.paths}


def named(found: DamagedFiles, path: str) -> AffectedFile:
    """The affected file of this name."""
    return next(item for item in found.affected if path in item.paths)


def structures(found: DamagedFiles) -> dict[str, str]:
    """The damaged structures, and which of their entries."""
    return {item.name: item.detail for item in found.structures}


def wipe(image: Path, ranges: SectorRanges | Iterable[SectorRange]) -> None:
    """Overwrite sectors with zeros, as an image holds what could not be read."""
    with image.open("r+b") as file:
        for item in ranges:
            file.seek(item.first_sector * SECTOR_BYTES)
            file.write(bytes(item.sector_count * SECTOR_BYTES))


def everything_is_owned(image: Path) -> bool:
    """Whether all sectors of a sound file system belong to a file, a structure or free space.

    What tells which clusters are in use is left out of the damage: nothing would be believed of it.
    """
    whole = SectorRange(0, image.stat().st_size // SECTOR_BYTES)
    found = damaged_files(image, [whole])
    maps = sorted(item for part in found.structures if part.name in BITMAPS for item in part.sectors)
    firsts = [0, *(item.end_sector for item in maps)]
    ends = [*(item.first_sector for item in maps), whole.end_sector]
    rest = [SectorRange(first, end - first) for first, end in zip(firsts, ends, strict=True) if end > first]
    told = structures(damaged_files(image, rest))
    print(sorted(told))
    return UNALLOCATED in told and not {OF_NO_FILE, UNKNOWN_USE} & told.keys()
