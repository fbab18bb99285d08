"""200,000 files and 100 damaged ranges: in time, in little memory, and every name the one that debugfs tells."""

import random
import re
import sys
import time
from pathlib import Path

import pytest

from image.sectors import SectorRange, compact_ranges
from image.tools import run_tool
from tests.house.sources import ROOT
from tests.sim.block_devices import needs_program
from tests.sim.measured_run import measured_run
from tests.verify.files.making import damaged_files, make_ext4
from verify.files.located import ALLOCATED, DamagedFiles

FOLDERS, FILES_EACH = 400, 500
BLOCK_SECTORS = 8
LIMIT_SECONDS = 60
LIMIT_KIB = 300 * 1024
pytestmark = [pytest.mark.long, needs_program("mke2fs", "debugfs")]


def many_files(folder: Path) -> Path:
    """200,000 small files in 400 folders."""
    chance = random.Random(11)
    for number in range(FOLDERS):
        inside = folder / f"a{number // 20}" / f"b{number}"
        inside.mkdir(parents=True)
        for index in range(FILES_EACH):
            (inside / f"f{index}").write_bytes(b"x" * chance.choice((10, 3000, 6000, 9000)))
    return folder


def answers(image: Path, request: str, numbers: list[int]) -> dict[int, str]:
    """What debugfs says of each number: the rest of its line."""
    found: dict[int, str] = {}
    for first in range(0, len(numbers), 500):
        words = " ".join(map(str, numbers[first : first + 500]))
        run = run_tool("debugfs", ["-R", f"{request} {words}", str(image)], timeout_seconds=600)
        found |= {int(number): rest for number, rest in re.findall(r"^(\d+)\t(.*)$", run.stdout, re.MULTILINE)}
    return found


def told_by_debugfs(image: Path, ranges: list[SectorRange]) -> set[str]:
    """The paths of all inodes that debugfs finds in these sectors; the journal and the like have none."""
    blocks = sorted(
        {sector // BLOCK_SECTORS for item in ranges for sector in range(item.first_sector, item.end_sector)}
    )
    inodes = {int(rest) for rest in answers(image, "icheck", blocks).values() if rest.strip().isdigit()}
    return set(answers(image, "ncheck", sorted(inodes - {7, 8})).values())


def in_content(found: DamagedFiles) -> set[str]:
    """The paths of files whose own blocks are damaged, and not their inode alone."""
    return {
        path
        for item in found.affected
        for path in item.paths
        if item.state == ALLOCATED and any(part.stream != "inode" for part in item.parts)
    }


def peak_of_the_walk(image: Path, ranges: list[SectorRange]) -> int:
    """KiB that the program and its child take at most for the same question, the memory of the test left out."""
    asked = [(item.first_sector, item.sector_count) for item in ranges]
    code = (
        "from pathlib import Path; from image.sectors import SectorRange; "
        "from tests.verify.files.making import damaged_files; "
        f"damaged_files(Path({str(image)!r}), [SectorRange(*item) for item in {asked!r}])"
    )
    return measured_run((sys.executable, "-c", code), ROOT).peak_bytes // 1024


def test_two_hundred_thousand_files_are_looked_at_in_a_minute(tmp_path: Path) -> None:
    image = make_ext4(tmp_path / "fs.raw", many_files(tmp_path / "tree"), 2048, "-b", "4096", "-N", "260000")
    chance, sectors = random.Random(12), image.stat().st_size // 512
    ranges = [SectorRange(chance.randrange(sectors - 64), chance.randrange(1, 64)) for _ in range(100)]
    peak_kib = peak_of_the_walk(image, ranges)
    begun = time.monotonic()
    found = damaged_files(image, ranges)
    seconds = time.monotonic() - begun
    print(
        f"{seconds:.1f} s for {FOLDERS * FILES_EACH} files, {found.affected_count} affected, at most {peak_kib} KiB"
    )
    assert in_content(found) == told_by_debugfs(image, list(compact_ranges(ranges).merged()))
    assert not found.not_walked
    assert seconds < LIMIT_SECONDS
    assert peak_kib < LIMIT_KIB
