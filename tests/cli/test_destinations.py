"""Destinations that fill up while an image is written, and sets that go on elsewhere, as root."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.sim.block_devices import mounted, needs_program, needs_root, tool
from tests.sim.failing_mounts import failing_folder

pytestmark = [pytest.mark.root, needs_root]


@pytest.fixture
def small(station: Workstation) -> Iterator[Path]:
    """A folder on a file system of 512 KiB."""
    with mounted("tmpfs", station.folder / "small", "-t", "tmpfs", "-o", "size=512k") as folder:
        yield folder


@pytest.mark.parametrize("image_format", ["e01", "raw"])
def test_a_full_destination_is_exit_4_and_looks_like_no_image(
    station: Workstation, source: Path, small: Path, image_format: str
) -> None:
    words = ("--format", image_format, "--compression", "none") if image_format == "e01" else ("--format", "raw")
    answer = station.run_json("acquire", source, "--output", small / "JB1", *words)
    assert (answer["exit_code"], answer["verdict"], answer["image"]) == (4, None, None)
    assert [item["state"] for item in answer["outputs"]] == ["failed"]
    names = {item.name for item in small.iterdir()}
    assert "JB1.manifest.json.partial" in names
    assert not names & {"JB1.manifest.json", "JB1.sha256", "JB1.txt"}
    first = next(small.glob("JB1.E01"), None) or next(small.glob("JB1.raw"))
    assert station.run("verify", first).exit_code == 7


def test_of_two_outputs_one_may_be_lost(station: Workstation, source: Path, small: Path) -> None:
    station.run("case", "create", "matter", "--number", "1", "--examiner", "A. Doe")
    words = ("--output", small / "JB1", "--output", "JB1", "--format", "raw", "--case", "matter")
    answer = station.run_json("acquire", source, *words)
    assert (answer["exit_code"], answer["verdict"]) == (4, "PASSED")
    assert [item["state"] for item in answer["outputs"]] == ["failed", "complete"]
    assert answer["image"]["path"] == str(station.folder / "JB1.raw")
    events = station.manifest()["read"]["events"]
    assert [item["kind"] for item in events] == ["output lost"]
    assert station.run_json("verify", "JB1.raw", "--case", "matter")["ledger_entry"]
    assert station.run("verify", small / "JB1.raw", "--case", "matter").exit_code == 7


MIB = 1024 * 1024
NEXT_WORDS = ("--segment-size", "1MiB", "--compression", "none")


@pytest.fixture
def roomy(station: Workstation) -> Iterator[Path]:
    """A folder on a file system of 4 MiB: room for two segments of 1 MiB and what stands beside them."""
    with mounted("tmpfs", station.folder / "roomy", "-t", "tmpfs", "-o", "size=4m") as folder:
        yield folder


@pytest.fixture
def disk(station: Workstation) -> Path:
    """A source file of 6 MiB of noise, and the folder `more`."""
    path = station.folder / "noise.img"
    path.write_bytes(random.Random(11).randbytes(6 * MIB))
    (station.folder / "more").mkdir()
    return path


@pytest.mark.parametrize("words", [NEXT_WORDS, ("--format", "raw", "--segment-size", "1MiB")], ids=["e01", "raw"])
def test_a_set_goes_on_in_the_next_folder(
    station: Workstation, disk: Path, roomy: Path, words: tuple[str, ...]
) -> None:
    more = station.folder / "more"
    answer = station.run_json("acquire", disk, "--output", roomy / "JB1", "--output-next", more, *words)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    folders = [item["folder"] for item in answer["image"]["segments"]]
    assert folders == [None] * folders.count(None) + [str(more)] * folders.count(str(more))
    assert 2 <= folders.count(None) <= 3
    log = (roomy / "JB1.txt").read_text()
    assert "next folder" in log
    assert "Written to" in log
    for folder in (roomy, more):
        tool("sh", "-c", f"cd {folder} && sha256sum --check --quiet JB1.sha256")
    assert station.run("verify", answer["image"]["path"]).exit_code == 0


@needs_program("ewfverify")
def test_ewfverify_accepts_a_set_over_two_folders(station: Workstation, disk: Path, roomy: Path) -> None:
    more = station.folder / "more"
    assert not station.run("acquire", disk, "--output", roomy / "JB1", "--output-next", more, *NEXT_WORDS).exit_code
    names = [str(path) for folder in (roomy, more) for path in sorted(folder.glob("JB1.E*"))]
    tool("ewfverify", "-q", *names)


def test_without_the_next_disk_the_image_is_indeterminate(station: Workstation, disk: Path, roomy: Path) -> None:
    more = station.folder / "more"
    station.run("acquire", disk, "--output", roomy / "JB1", "--output-next", more, *NEXT_WORDS)
    elsewhere = more.rename(station.folder / "elsewhere")
    answer = station.run_json("verify", roomy / "JB1.E01")
    assert (answer["exit_code"], answer["verdict"]) == (7, "INDETERMINATE")
    missing = [item["segment"] for item in answer["findings"] if item["code"] == "segment-missing"]
    assert missing == sorted(path.name for path in elsewhere.glob("JB1.E*"))
    assert station.run("verify", roomy / "JB1.E01", "--also", elsewhere).exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--output-next", "more", "--output", "more/JB1"), "for an image with one output"),
        (("--output-next", "more", "--segment-size", "0"), "an image in one file cannot go on"),
        (("--output-next", "more", "--format", "raw"), "an image in one file cannot go on"),
        (("--output-next", "more", "--output-next", "./more"), "the same folder is given twice"),
        (("--output-next", "roomy"), "the same folder is given twice"),
    ],
)
def test_folders_that_cannot_be_meant_are_refused_up_front(
    station: Workstation, disk: Path, roomy: Path, words: tuple[str, ...], said: str
) -> None:
    result = station.run("acquire", disk, "--output", roomy / "JB1", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not list(roomy.iterdir())


@pytest.mark.parametrize("occupied", [True, False])
def test_a_next_folder_that_cannot_be_used_is_exit_4_up_front(
    station: Workstation, disk: Path, roomy: Path, occupied: bool
) -> None:
    folder = station.folder / ("more" if occupied else "absent")
    if occupied:
        (folder / "JB1.E03").write_bytes(b"")
    words = ("--output", roomy / "JB1", "--output-next", folder, *NEXT_WORDS)
    assert station.run("acquire", disk, *words).exit_code == 4
    assert not list(roomy.iterdir())


def test_a_first_folder_without_room_for_a_segment_is_exit_4(station: Workstation, disk: Path, roomy: Path) -> None:
    words = ("--output", roomy / "JB1", "--output-next", "more", "--segment-size", "4MiB", "--dry-run")
    result = station.run("acquire", disk, *words)
    assert result.exit_code == 4
    assert "a first segment needs" in result.stderr


def test_a_dry_run_names_the_next_folders(station: Workstation, disk: Path, roomy: Path) -> None:
    words = ("--output", roomy / "JB1", "--output-next", "more", *NEXT_WORDS, "--dry-run")
    plan = station.run_json("acquire", disk, *words)["plan"]
    assert [item["folder"] for item in plan["next_destinations"]] == [str(station.folder / "more")]


def test_a_full_disk_goes_on_with_another_folder(station: Workstation, disk: Path, roomy: Path) -> None:
    assert station.run("acquire", disk, "--output", roomy / "JB1", *NEXT_WORDS).exit_code == 4
    words = ("--output", roomy / "JB1", "--resume", "--output-next", station.folder / "more")
    answer = station.run_json("acquire", disk, *words)
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    assert {item["folder"] for item in answer["image"]["segments"]} == {None, str(station.folder / "more")}


def test_a_rotten_byte_is_failed_with_its_segment_and_sectors(
    station: Workstation, source: Path, tmp_path: Path
) -> None:
    with failing_folder(tmp_path / "failing", rot=[["JB1.E01", 200_000]]) as mount:
        answer = station.run_json("acquire", source, "--output", mount.path / "JB1", "--compression", "none")
    assert (answer["exit_code"], answer["verdict"]) == (6, "FAILED")
    places = {
        (item["segment"], item["first_sector"]) for item in answer["findings"] if item["first_sector"] is not None
    }
    assert ("JB1.E01", 384) in places


@pytest.mark.parametrize("call", [("open", ".manifest.json"), ("read", "JB1.E01")], ids=["manifest", "segment"])
def test_where_a_destination_dies_while_it_is_read_back_the_other_is_proved(
    station: Workstation, source: Path, tmp_path: Path, call: tuple[str, str]
) -> None:
    dead = {"call": call[0], "name": call[1], "errno": "EIO"}
    with failing_folder(tmp_path / "failing", dead=dead) as mount:
        answer = station.run_json("acquire", source, "--output", mount.path / "JB1", "--output", "JB1")
    assert answer["exit_code"] == 4
    assert [item["state"] for item in answer["outputs"]] == ["complete", "complete"]
    assert [item.get("verdict") == "PASSED" for item in answer["outputs"]] == [False, True]
    assert station.run("verify", "JB1.E01").exit_code == 0


@pytest.mark.parametrize("name", [".rescue.raw", "JB1.E01"])
def test_a_failure_to_close_a_file_is_no_failure_of_the_program(
    station: Workstation, source: Path, tmp_path: Path, name: str
) -> None:
    fault = {"call": "close", "name": name, "errno": "EIO"}
    with failing_folder(tmp_path / "failing", faults=[fault]) as mount:
        words = ("acquire", source, "--rescue", "--output", mount.path / "JB1", "--output", "JB1")
        answer = station.run_json(*words)
    assert answer["exit_code"] == (0 if name == ".rescue.raw" else 4)
    assert answer["outputs"][1]["verdict"] == "PASSED"
