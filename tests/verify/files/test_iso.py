"""Damage on ISO 9660, on a small disc put together after ECMA-119 and held against fls of The Sleuth Kit."""

import random
import struct
from pathlib import Path

import pytest

from image.sectors import SectorRange
from tests.sim.block_devices import needs_program, tool
from tests.verify.files.making import damaged_files, make_tree, named, paths, structures

BLOCK = 2048
CONTENT = b"evidence " * 600


def both(number: int, form: str = "I") -> bytes:
    """A number in both byte orders (ECMA-119, 7.2.3 and 7.3.3)."""
    return struct.pack(f"<{form}", number) + struct.pack(f">{form}", number)


def record(name: bytes, block: int, size: int, *, is_folder: bool) -> bytes:
    """A directory record (ECMA-119, 9.1)."""
    head = both(block) + both(size) + bytes([126, 1, 1, 0, 0, 0, 0]) + bytes([2 if is_folder else 0, 0, 0])
    body = b"\0" + head + both(1, "H") + bytes([len(name)]) + name
    body += b"\0" * ((len(body) + 1) % 2)
    return bytes([len(body) + 1]) + body


def disc(path: Path) -> Path:
    """A disc with one file: descriptors in blocks 16 and 17, path tables in 18 and 19, the root in 20."""
    root = record(b"\0", 20, BLOCK, is_folder=True)
    names = root + record(b"\1", 20, BLOCK, is_folder=True)
    names += record(b"FILE.TXT;1", 21, len(CONTENT), is_folder=False)
    primary = b"\1CD001\1\0" + b" " * 64 + bytes(8) + both(25) + bytes(32) + both(1, "H") * 2 + both(BLOCK, "H")
    primary += both(10) + struct.pack("<2I", 18, 0) + struct.pack(">2I", 19, 0) + root
    primary = primary.ljust(813, b" ") + (b"2026112200000000\0") * 4 + b"\1\0"
    blocks = [bytes(BLOCK)] * 16 + [primary, b"\xffCD001\1"]
    blocks += [b"\1\0" + struct.pack("<IH", 20, 1) + b"\0\0", b"\1\0" + struct.pack(">IH", 20, 1) + b"\0\0", names]
    blocks += [CONTENT[place : place + BLOCK] for place in range(0, len(CONTENT), BLOCK)] + [b""]
    path.write_bytes(b"".join(block.ljust(BLOCK, b"\0") for block in blocks))
    return path


@needs_program("fls")
def test_files_and_structures_of_a_disc_are_named(tmp_path: Path) -> None:
    image = disc(tmp_path / "disc.raw")
    assert "FILE.TXT" in tool("fls", "-f", "iso9660", str(image))
    found = damaged_files(image, [SectorRange(block * 4, 1) for block in (0, 16, 18, 22)])
    assert [part.file_system for part in found.partitions] == ["ISO 9660"]
    assert structures(found) == {"system area": "", "volume descriptor": "", "path table": ""}
    item = named(found, "/FILE.TXT")
    assert (item.size_bytes, item.parts[0].offset_bytes) == (len(CONTENT), BLOCK)


def test_the_root_folder_of_a_disc_is_named(tmp_path: Path) -> None:
    found = damaged_files(disc(tmp_path / "disc.raw"), [SectorRange(80, 4)])
    assert [item.paths for item in found.affected] == [("/",)]


FILES = {"hello.txt": b"hello " * 900, "docs/noise.bin": random.Random(2).randbytes(30_000)}


def made_disc(folder: Path, *options: str) -> Path:
    """A disc by xorriso that holds two files."""
    tree, image = make_tree(folder / "tree", FILES), folder / "disc.iso"
    tool("xorriso", "-as", "mkisofs", "-quiet", "-V", "CASE", *options, "-o", str(image), str(tree))
    return image


def sector_of(image: Path, name: str) -> int:
    """Where the content of a file begins on a medium that holds it once."""
    return image.read_bytes().index(FILES[name]) // 512


@needs_program("xorriso")
@pytest.mark.parametrize("options", [(), ("-R",), ("-J",), ("-R", "-J")])
def test_files_of_a_disc_by_another_program_are_named(options: tuple[str, ...], tmp_path: Path) -> None:
    image = made_disc(tmp_path, *options)
    found = damaged_files(image, [SectorRange(sector_of(image, "docs/noise.bin") + 4, 1)])
    assert {path.casefold() for path in paths(found)} == {"/docs/noise.bin"}
    assert [(item.size_bytes, item.parts[0].offset_bytes) for item in found.affected] == [(30_000, 2048)]


@needs_program("xorriso")
def test_on_a_disc_that_is_hfs_plus_too_both_file_systems_name_the_file(tmp_path: Path) -> None:
    image = made_disc(tmp_path, "-R", "-hfsplus")
    found = damaged_files(image, [SectorRange(sector_of(image, "docs/noise.bin") + 4, 1)])
    hit = {part.number: part.file_system for part in found.partitions if part.damaged_sectors}
    assert hit == {None: "ISO 9660", 3: "HFS+"}
    named_by = {(item.partition, path.casefold()) for item in found.affected for path in item.paths}
    assert named_by == {(None, "/docs/noise.bin"), (3, "/docs/noise.bin")}
