"""The rescue plan makes the reads that GNU ddrescue makes, in the same order, and leaves the same map."""

import mmap
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from acquire.rescue_passes import RescueSettings
from acquire.rescue_plan import RescuePlan
from image.badmap import BadSectorMap, SectorState, map_of_bad_ranges
from image.mapfile import decode_mapfile, encode_mapfile
from image.sectors import SectorRange
from tests.sim.block_devices import faulty_device, needs_program, needs_root, numbered_image, tool

Read = tuple[int, int, bool]
Reads = Callable[[SectorRange], bool]

SCRATCHED = [(1000, 1), (5000, 1), (5300, 1), (9000, 1200), (10_500, 1), (20_000, 3), (20_200, 1)]


def carried_out(plan: RescuePlan, reads: Reads) -> list[Read]:
    """Every read of a plan: first sector, count, and whether it succeeded."""
    made: list[Read] = []
    while (step := plan.next_step()) is not None:
        for request in step.requests():
            made.append((request.first_sector, request.sector_count, reads(request)))
            if not made[-1][2]:
                plan.failed(step, request)
                break
        else:
            plan.succeeded(step)
    return made


def ddrescue_reads(log: Path) -> list[Read]:
    """The reads in a log of ddrescue: position, size, copied size and error size in bytes a line."""
    rows = [line.split() for line in log.read_text().splitlines() if line and not line.startswith("#")]
    return [(int(row[0], 16) // 512, int(row[1]) // 512, row[3] == "0") for row in rows]


def simulated_by_ddrescue(
    folder: Path, start: BadSectorMap, bad: list[tuple[int, int]], retries: int
) -> tuple[list[Read], BadSectorMap]:
    """What ddrescue does in its test mode, beginning with a map. The last sector must be good."""
    source, test_map, kept = folder / "source", folder / "test.map", folder / "kept.map"
    with source.open("wb") as file:
        file.truncate(start.sector_count * 512)
    test_map.write_text(
        encode_mapfile(map_of_bad_ranges(start.sector_count, [SectorRange(*run) for run in bad]), 512)
    )
    first_pass = "0x0  ?  1\n"
    kept.write_text(first_pass + "".join(encode_mapfile(start, 512).splitlines(keepends=True)[3:]))
    log = folder / "reads.log"
    options = ["--quiet", "--sparse", f"--test-mode={test_map}", f"--log-reads={log}", f"--retry-passes={retries}"]
    tool("ddrescue", *options, str(source), str(folder / "copy"), str(kept))
    return ddrescue_reads(log), decode_mapfile(kept.read_text(), 512, "kept.map")


def compare(folder: Path, start: BadSectorMap, bad: list[tuple[int, int]], retries: int) -> None:
    """Assert that ddrescue and the plan do the same."""
    theirs, their_map = simulated_by_ddrescue(folder, start, bad, retries)
    sectors = {sector for first, count in bad for sector in range(first, first + count)}
    plan = RescuePlan(start, RescueSettings(retries=retries))
    ours = carried_out(plan, lambda r: sectors.isdisjoint(range(r.first_sector, r.end_sector)))
    assert ours == theirs
    assert plan.map == their_map


@needs_program("ddrescue")
@pytest.mark.parametrize(
    ("sector_count", "bad"),
    [(20_480, SCRATCHED), (20_480, [(0, 1)]), (20_479, [(0, 20_000)]), (129, [(1, 127)]), (40_001, [])],
)
@pytest.mark.parametrize("retries", [0, 3])
def test_a_disk_is_read_as_ddrescue_reads_it(
    tmp_path: Path, sector_count: int, bad: list[tuple[int, int]], retries: int
) -> None:
    compare(tmp_path, BadSectorMap(sector_count), bad, retries)


@needs_program("ddrescue")
@pytest.mark.parametrize("seed", range(6))
def test_any_map_is_gone_on_with_as_ddrescue_does(tmp_path: Path, seed: int) -> None:
    choose = random.Random(seed)  # a pattern, not a secret
    start, bad, position = BadSectorMap(18_000), [], 0
    while position < 17_000:
        count = choose.choice([1, choose.randint(1, 20), choose.randint(1, 2000)])
        start.mark(SectorRange(position, min(count, 18_000 - position)), SectorState(choose.choice("????*/-+")))
        bad.append((position + choose.randint(0, count - 1), choose.choice([1, 2, choose.randint(1, 300)])))
        position = max(position + count, bad[-1][0] + bad[-1][1]) + 1
    compare(tmp_path, start, bad, 0)


@pytest.mark.long
@needs_program("ddrescue")
def test_the_first_jump_on_a_large_disk_is_that_of_ddrescue(tmp_path: Path) -> None:
    sector_count, first = 40_000_003, 9_000_000
    start = map_of_bad_ranges(sector_count, [])
    start.mark(SectorRange(first, 3_000_000), SectorState.NON_TRIED)
    compare(tmp_path, start, [(first + 70, 1), (first + 400_200, 1), (first + 900_000, 2)], 0)


@needs_root
@needs_program("ddrescue")
def test_a_failing_device_is_asked_for_what_ddrescue_asks_and_no_more(tmp_path: Path) -> None:
    bad = [(0, 1), *SCRATCHED, (20_479, 1)]
    image = numbered_image(tmp_path / "disk.img", 20_480)
    log, kept = tmp_path / "reads.log", tmp_path / "kept.map"
    with faulty_device(image, tmp_path, "--read-only", bad=bad) as device:
        options = ["--quiet", "--idirect", "--sector-size=512", f"--log-reads={log}"]
        tool("ddrescue", *options, device.path, str(tmp_path / "copy"), str(kept))
        plan = RescuePlan(BadSectorMap(20_480), RescueSettings())
        descriptor = os.open(device.path, os.O_RDONLY | os.O_DIRECT)
        try:
            ours = carried_out(plan, lambda request: reads_directly(descriptor, request))
        finally:
            os.close(descriptor)
    assert ours == ddrescue_reads(log)
    assert plan.map == decode_mapfile(kept.read_text(), 512, "kept.map")
    assert plan.map == map_of_bad_ranges(20_480, [SectorRange(*run) for run in bad])


def reads_directly(descriptor: int, request: SectorRange) -> bool:
    """Whether the device gives these sectors."""
    with mmap.mmap(-1, request.sector_count * 512) as buffer:
        try:
            return os.preadv(descriptor, [buffer], request.first_sector * 512) == len(buffer)
        except OSError:
            return False
