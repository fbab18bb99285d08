"""From a drive that does not give all of its sectors to the names of the files, in every place that tells them."""

import json
import random
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.sim.block_devices import faulty_file, needs_program, needs_root, tool
from tests.verify.files.making import make_ext4, make_tree

NOISE = random.Random(9).randbytes(200_000)


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    """A file system in which /d/letter.odt begins at `sector_of` it."""
    tree = make_tree(tmp_path / "tree", {"d/letter.odt": NOISE, "whole.txt": b"whole"})
    return make_ext4(tmp_path / "medium.raw", tree, 8, "-b", "1024")


def sector_of(medium: Path) -> int:
    return 2 * int(tool("debugfs", "-R", "bmap /d/letter.odt 0", str(medium)))


@needs_program("mke2fs", "debugfs")
def test_files_with_damage_are_told_on_the_screen_and_in_json(station: Workstation, medium: Path) -> None:
    assert station.run("acquire", medium, "--output", "JB1", "--no-verify").exit_code == 0
    image = station.folder / "JB1.E01"
    data = bytearray(image.read_bytes())
    data[data.index(NOISE[100_000:100_100])] ^= 1
    image.chmod(0o600)
    image.write_bytes(data)
    answer = station.run_json("verify", image, "--files")
    (found,) = answer["files"]["affected"]
    assert (answer["exit_code"], found["paths"], found["state"]) == (6, ["/d/letter.odt"], "allocated")
    assert answer["files"]["partitions"][0]["file_system"] == "ext4"
    assert found["parts"][0]["holding"] == "content"
    lines = station.run("verify", image, "--files").stdout
    assert "1 file holds damaged or unread sectors:" in lines
    assert "allocated  /d/letter.odt" in lines
    assert station.run_json("verify", image)["files"] is None


@needs_program("mke2fs", "debugfs")
def test_a_sound_image_has_no_files_to_look_for(station: Workstation, medium: Path) -> None:
    station.run("acquire", medium, "--output", "JB1", "--no-verify")
    assert "No sector is damaged or unread" in station.run("verify", "JB1.E01", "--files").stdout


def test_segments_alone_tell_nothing_of_files(station: Workstation) -> None:
    assert station.run("verify", "JB1.E01", "--segments-only", "--files").exit_code == 2


@pytest.mark.root
@needs_root
@needs_program("mke2fs", "debugfs")
def test_after_an_acquisition_the_files_with_unread_sectors_are_on_record(
    station: Workstation, medium: Path, tmp_path: Path
) -> None:
    words = ["--number", "1", "--agency", "A", "--examiner", "E"]
    assert station.run("case", "create", "case", *words).exit_code == 0
    assert station.run("exhibit", "add", "JB1", "--description", "d", "--case", "case").exit_code == 0
    sector = sector_of(medium)
    with faulty_file(medium, tmp_path, bad=[[sector, 2]]) as source:
        answer = station.run_json("acquire", source, "--exhibit", "JB1", "--case", "case", "--retries", "0")
    assert (answer["exit_code"], answer["verdict"]) == (5, "PASSED")
    assert [item["paths"] for item in answer["files"]["affected"]] == [["/d/letter.odt"]]
    assert answer["files"]["unread_sectors"] == 2
    folder = station.folder / "case" / "images" / "JB1"
    assert "1 file contains unread sectors." in (folder / "JB1.txt").read_text()
    beside = json.loads((folder / "JB1.verification.json").read_text())
    assert beside["result"]["files"]["affected"][0]["paths"] == ["/d/letter.odt"]
    assert station.run("report", "issue", "JB1", "--case", "case").exit_code == 0
    assert station.run("ledger", "verify", "case").exit_code == 0


@pytest.mark.root
@needs_root
@needs_program("mke2fs", "debugfs")
def test_nobody_looks_for_files_where_that_is_not_wanted(
    station: Workstation, medium: Path, tmp_path: Path
) -> None:
    with faulty_file(medium, tmp_path, bad=[[sector_of(medium), 2]]) as source:
        answer = station.run_json("acquire", source, "--output", "JB1", "--retries", "0", "--no-files")
    assert (answer["exit_code"], answer["files"]) == (5, None)
