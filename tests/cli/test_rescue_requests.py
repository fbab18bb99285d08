"""What a rescue asks of the drive, counted by the drive: nothing before it begins, no more than ddrescue does."""

from pathlib import Path

from tests.cli.conftest import Workstation
from tests.sim.block_devices import faulty_device, needs_program, needs_root, numbered_image, tool

SECTORS = 16384
BAD = [[3, 1], [5000, 2], [9001, 1], [SECTORS - 9, 1]]


@needs_root
@needs_program("ddrescue")
def test_a_rescue_asks_the_drive_for_what_ddrescue_asks_it_for(station: Workstation, tmp_path: Path) -> None:
    disk, log = numbered_image(tmp_path / "disk.img", SECTORS), tmp_path / "log"
    with faulty_device(disk, tmp_path, bad=BAD, log=str(log)) as device:
        log.write_text("")
        tool("ddrescue", "-d", "-b512", "-q", "-r0", device.path, "theirs.raw", "theirs.map")
        theirs = log.read_text().splitlines()
        log.write_text("")
        words = ("--format", "raw", "--rescue", "--retries", "0")
        answer = station.run_json("acquire", device.path, "--output", "JB1", *words)
        ours = log.read_text().splitlines()
    assert answer["exit_code"] == 5
    assert sorted(ours) == sorted(theirs)


@needs_root
def test_what_lies_on_a_rescued_medium_is_told_by_what_was_rescued(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    with disk.open("r+b") as file:
        file.write(b"\xeb\x52\x90NTFS    ")
    with faulty_device(disk, tmp_path, bad=[[5000, 2]]) as device:
        station.run_json("acquire", device.path, "--output", "JB1", "--rescue")
    manifest = station.manifest()
    assert manifest["job"]["source"]["signatures"] == ["NTFS"]
