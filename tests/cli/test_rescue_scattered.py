"""A gigabyte with five hundred scattered bad sectors, rescued into an E01 that other programs accept."""

import random
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.sim.block_devices import faulty_device, needs_program, needs_root, tool

SECTORS = 1024**3 // 512
ROW = re.compile(r"at sector\(s\): (\d+) - (\d+) number: (\d+)")


@pytest.mark.long
@needs_root
@needs_program("ewfverify", "ewfinfo")
def test_error2_of_a_rescued_image_lists_exactly_the_bad_sectors(station: Workstation, tmp_path: Path) -> None:
    choose = random.Random(11)  # a pattern, not a secret
    bad = sorted(choose.sample(range(SECTORS), 500))
    disk = tmp_path / "disk.img"
    with disk.open("wb") as file:
        file.truncate(SECTORS * 512)
        for sector in bad:
            file.seek(sector * 512)
            file.write(b"x" * 512)
    with faulty_device(disk, tmp_path, bad=[[sector, 1] for sector in bad]) as device:
        answer = station.run_json("acquire", device.path, "--output", "JB1", "--rescue", "--retries", "0")
    assert (answer["exit_code"], answer["verdict"]) == (5, "PASSED")
    tool("ewfverify", "-q", "JB1.E01")
    listed: list[int] = []
    for first, last, _ in ROW.findall(tool("ewfinfo", "-e", "JB1.E01")):
        listed += range(int(first), int(last) + 1)
    assert listed == bad


@needs_root
def test_a_4kn_drive_is_rescued_sector_by_sector(station: Workstation, tmp_path: Path) -> None:
    disk = tmp_path / "disk.img"
    disk.write_bytes(b"".join(b"%016d" % number * 256 for number in range(2048)))
    words = ("--rescue", "--format", "raw", "--retries", "1")
    with faulty_device(disk, tmp_path, "--sector-size", "4096", bad=[[80, 1], [800, 8]]) as device:
        answer = station.run_json("acquire", device.path, "--output", "JB1", *words)
    bad = [{"first_sector": 10, "sector_count": 1}, {"first_sector": 100, "sector_count": 1}]
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (5, "PASSED", bad)
    data = bytearray(disk.read_bytes())
    for item in bad:
        start = item["first_sector"] * 4096
        data[start : start + 4096] = bytes(4096)
    assert (station.folder / "JB1.raw").read_bytes() == bytes(data)
