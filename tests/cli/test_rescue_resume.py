"""`acquire --rescue --resume`: after a stop, a kill, a drive that vanished, and on what ddrescue began."""

import hashlib
import signal
import time
from pathlib import Path

import pytest

from image.badmap import BadSectorMap, SectorState
from image.mapfile import decode_mapfile
from tests.cli.conftest import Workstation, kinds_of_events
from tests.cli.failing_drives import digest_without, listed, stranger_to, two_folders
from tests.sim.block_devices import faulty_device, loop_device, needs_program, needs_root, numbered_image, tool

SECTORS = 8192
BAD = [[0, 1], [100, 3], [3000, 300], [8191, 1]]


def map_of(folder: Path, name: str = "JB1") -> BadSectorMap:
    return decode_mapfile((folder / f"{name}.map").read_text(), 512, name)


@needs_root
@pytest.mark.parametrize("image_format", ["raw", "e01"])
def test_a_drive_that_vanished_is_gone_on_with_under_another_name(
    station: Workstation, tmp_path: Path, image_format: str
) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    one, two = two_folders(tmp_path)
    with faulty_device(disk, one, bad=BAD, gone_at=4000) as device:
        words = ("--rescue", "--retries", "0", "--format", image_format)
        first = station.run_json("acquire", device.path, "--output", "JB1", *words)
    assert (first["exit_code"], first["verdict"]) == (9, None)
    kept = map_of(station.folder)
    assert kept.ranges(SectorState.FINISHED)
    assert kept.ranges(SectorState.NON_TRIED)
    with faulty_device(disk, two, bad=BAD) as device:
        answer = station.run_json("acquire", device.path, "--output", "JB1", "--rescue", "--resume")
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (5, "PASSED", listed(BAD))
    assert answer["digests"]["sha256"] == digest_without(disk, BAD)
    assert kinds_of_events(station.manifest()) == ["stopped", "resumed"]
    assert not (station.folder / "JB1.rescue.raw").exists()


@needs_root
def test_another_drive_is_refused(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    other = stranger_to(disk)
    one, two = two_folders(tmp_path)
    with faulty_device(disk, one, gone_at=4000) as device:
        assert station.run("acquire", device.path, "--output", "JB1", "--rescue").exit_code == 9
    before = {path.name: path.read_bytes() for path in station.folder.iterdir()}
    with faulty_device(other, two) as device:
        result = station.run("acquire", device.path, "--output", "JB1", "--rescue", "--resume")
    assert result.exit_code == 3
    assert "reads otherwise" in result.stderr
    assert {path.name: path.read_bytes() for path in station.folder.iterdir()} == before


@pytest.mark.parametrize("image_format", ["raw", "e01"])
@pytest.mark.parametrize("seconds", [0.0, 0.4])
def test_a_killed_rescue_ends_as_if_it_had_never_been_killed(
    station: Workstation, image_format: str, seconds: float
) -> None:
    disk = numbered_image(station.folder / "disk.img", 120_000)
    words = ("acquire", disk, "--output", "JB1", "--rescue", "--format", image_format, "--no-second-opinion")
    process = station.start(*words, "--progress", "json")
    assert process.stderr
    while not process.stderr.readline().startswith("{"):
        pass
    time.sleep(seconds)
    process.kill()
    process.communicate(timeout=60)
    answer = station.run_json(*words, "--resume")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert answer["digests"]["sha256"] == hashlib.sha256(disk.read_bytes()).hexdigest()
    assert not (station.folder / "JB1.rescue.raw").exists()


def test_a_stopped_rescue_says_how_to_go_on_and_nobody_else_may_write_meanwhile(station: Workstation) -> None:
    disk = station.folder / "disk.img"
    with disk.open("wb") as file:
        file.truncate(64 * 1024**3)
    process = station.start("acquire", disk, "--output", "JB1", "--rescue", "--progress", "json")
    assert process.stderr
    while not process.stderr.readline().startswith("{"):
        pass
    second = station.run("acquire", disk, "--output", "JB1", "--rescue", "--resume")
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (second.exit_code, process.returncode) == (4, 9)
    assert "--resume --rescue" in stdout + stderr
    names = {item.name for item in station.folder.iterdir()}
    assert names == {"disk.img", "JB1.rescue.raw", "JB1.map", "JB1.manifest.json.partial"}


@needs_root
@needs_program("ddrescue", "ddrescuelog")
def test_what_ddrescue_began_is_taken_over(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    raw, mapfile = station.folder / "JB1.rescue.raw", station.folder / "JB1.map"
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        tool("ddrescue", "--quiet", "--idirect", "--size=2Mi", "--no-trim", device.path, str(raw), str(mapfile))
        answer = station.run_json("acquire", device.path, "--output", "JB1", "--rescue", "--resume")
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (5, "PASSED", listed(BAD))
    assert answer["digests"]["sha256"] == digest_without(disk, BAD)
    assert kinds_of_events(station.manifest()) == ["taken over", "resumed"]
    assert "rescue-taken-over" in {item["code"] for item in answer["findings"]}


@needs_root
@needs_program("ddrescue", "ddrescuelog")
def test_ddrescue_goes_on_with_our_map_and_we_with_its(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    one, two = two_folders(tmp_path)
    with faulty_device(disk, one, bad=BAD, gone_at=4000) as device:
        assert station.run("acquire", device.path, "--output", "JB1", "--rescue").exit_code == 9
    states = tool("ddrescuelog", "--show-status", "JB1.map")
    assert "non-tried" in states
    with faulty_device(disk, two, bad=BAD) as device:
        options = ("--quiet", "--idirect", "--sector-size=512")
        tool("ddrescue", *options, device.path, "JB1.rescue.raw", "JB1.map")
        assert [item.first_sector for item in map_of(station.folder).bad_ranges()] == [first for first, _ in BAD]
        answer = station.run_json("acquire", device.path, "--output", "JB1", "--rescue", "--resume")
    assert (answer["exit_code"], answer["bad_sectors"]) == (5, listed(BAD))
    assert answer["digests"]["sha256"] == digest_without(disk, BAD)


@needs_root
def test_a_map_that_is_none_is_refused_and_nothing_is_touched(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    with faulty_device(disk, tmp_path, gone_at=4000) as device:
        station.run("acquire", device.path, "--output", "JB1", "--rescue")
        for text in ("", "nonsense\n", "0x0 ? 1\n0x0 0x7FFFFFFFFFFFFE00 +\n", "0x0 ? 1\n0x100 0x200 +\n"):
            device.set_rules(bad=BAD)
            (station.folder / "JB1.map").write_text(text)
            result = station.run("acquire", device.path, "--output", "JB1", "--rescue", "--resume")
            assert result.exit_code == 4, result.stderr
    assert (station.folder / "JB1.rescue.raw").stat().st_size == SECTORS * 512


@needs_root
def test_a_link_in_the_place_of_the_image_leads_to_no_file_of_others(station: Workstation, tmp_path: Path) -> None:
    disk, precious = numbered_image(tmp_path / "disk.img", SECTORS), tmp_path / "precious"
    with faulty_device(disk, tmp_path, gone_at=4000) as device:
        assert station.run("acquire", device.path, "--output", "JB1", "--rescue").exit_code == 9
    (station.folder / "JB1.rescue.raw").rename(precious)
    precious.chmod(0o600)
    (station.folder / "JB1.raw").symlink_to(precious)
    with loop_device(disk) as path:
        result = station.run("acquire", path, "--output", "JB1", "--rescue", "--resume")
    assert result.exit_code == 4
    assert precious.stat().st_mode & 0o777 == 0o600
    assert (station.folder / "JB1.raw").is_symlink()


@needs_root
def test_what_a_rescue_left_in_its_next_folders_is_written_anew_and_others_files_stay(
    station: Workstation, tmp_path: Path
) -> None:
    disk, following, other = numbered_image(tmp_path / "disk.img", SECTORS), tmp_path / "next", tmp_path / "other"
    for folder in (following, other):
        folder.mkdir()
        (folder / "JB1.E02").touch()
    (following / "JB1.E02").unlink()
    words = ("--output", "JB1", "--rescue", "--output-next", str(following))
    with faulty_device(disk, tmp_path, gone_at=4000) as device:
        assert station.run("acquire", device.path, *words).exit_code == 9
    (following / "JB1.E02").touch()
    with loop_device(disk) as path:
        again = ("acquire", path, "--output", "JB1", "--rescue", "--resume")
        assert station.run(*again, "--output-next", str(other)).exit_code == 4
        assert station.run(*again).exit_code == 0
    assert list(following.iterdir()) == []
    assert (other / "JB1.E02").exists()
