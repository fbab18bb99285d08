"""Going on where several things came together: a lost output, a lost drive, a case, a split set."""

import hashlib
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation, kinds_of_events, manifest_of
from tests.cli.failing_drives import digest_without, listed
from tests.sim.block_devices import faulty_device, mounted, needs_root, numbered_image, tool

pytestmark = [pytest.mark.root, needs_root]
SECTORS = 24_576
DIES_AT = 20_000
BAD = [[0, 1], [3000, 40], [9000, 2]]
BAD_RANGES = listed(BAD)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A disk of 12 MiB in which every sector carries its number."""
    return numbered_image(tmp_path / "disk.img", SECTORS)


def kinds(stem: Path) -> list[str]:
    """The kinds of the events of an image."""
    return kinds_of_events(manifest_of(stem))


def test_two_outputs_go_on_together_after_one_was_lost_and_the_drive_as_well(
    station: Workstation, image: Path, tmp_path: Path
) -> None:
    large = station.folder / "large"
    large.mkdir()
    with (
        mounted("tmpfs", station.folder / "small", "-t", "tmpfs", "-o", "size=4m") as small,
        faulty_device(image, tmp_path, bad=BAD, gone_at=DIES_AT) as device,
    ):
        outputs = ("--output", large / "JB1", "--output", small / "JB1")
        first = station.run_json("acquire", device.path, *outputs, "--format", "raw", "--retries", "0")
        assert (first["exit_code"], [item["state"] for item in first["outputs"]]) == (9, ["partial", "failed"])
        device.set_rules(bad=BAD)
        tool("mount", "-o", "remount,size=64m", str(small))
        answer = station.run_json("acquire", device.path, *outputs, "--resume", "--no-second-opinion")
        assert (answer["exit_code"], answer["bad_sectors"]) == (5, BAD_RANGES)
        for folder in (large, small):
            whole = hashlib.sha256((folder / "JB1.raw").read_bytes()).hexdigest()
            assert whole == answer["digests"]["sha256"] == digest_without(image, BAD)
        assert kinds(small / "JB1") == kinds(large / "JB1") == ["output lost", "stopped", "resumed"]


@pytest.mark.parametrize("image_format", ["raw", "e01"])
def test_a_rescue_in_a_case_that_lost_its_drive_half_way_is_in_ledger_and_report(
    station: Workstation, image: Path, tmp_path: Path, image_format: str
) -> None:
    station.begin_case()
    with faulty_device(image, tmp_path, bad=BAD, gone_at=DIES_AT) as device:
        words = ("acquire", device.path, "--exhibit", "JB1", "--case", "matter", "--no-second-opinion")
        first = station.run_json(*words, "--rescue", "--retries", "0", "--format", image_format)
        assert first["exit_code"] == 9
        assert station.run("ledger", "verify", "matter").exit_code == 0
        device.set_rules(bad=BAD)
        answer = station.run_json(*words, "--rescue", "--resume", "--retries", "0")
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (5, "PASSED", BAD_RANGES)
    assert station.run("ledger", "verify", "matter").exit_code == 0
    shown = station.run_json("exhibit", "show", "JB1", "--case", "matter")["record"]
    assert [item["state"] for item in shown["acquisitions"]] == ["complete"]
    notes = [item["note"] for item in shown["custody"] if item["kind"] == "acquire"]
    assert [note.startswith("resumed at sector") for note in notes] == [False, True]
    printed = station.run("report", "issue", "JB1", "--case", "matter", "--text").stdout
    assert "43 sectors in 3 ranges" in printed
    assert "Rescue, passes" in printed
    assert "with the map as it was saved" in printed


def test_in_a_case_only_a_retry_is_resumed_as_one(station: Workstation, image: Path, tmp_path: Path) -> None:
    station.begin_case()
    with faulty_device(image, tmp_path, bad=BAD) as device:
        words = ("acquire", device.path, "--exhibit", "JB1", "--case", "matter", "--no-second-opinion")
        assert station.run(*words, "--retries", "0").exit_code == 5
        retry = ("--retry-bad", "matter/images/JB1/JB1.E01")
        refused = station.run(*words, *retry, "--resume")
        assert (refused.exit_code, "is no retry of" in refused.stderr) == (2, True)
        device.set_rules(bad=BAD, gone_at=3000)
        assert station.run(*words, *retry).exit_code == 9
        device.set_rules(bad=BAD[:1])
        answer = station.run_json(*words, *retry, "--resume")
    assert (answer["exit_code"], answer["bad_sectors"]) == (5, BAD_RANGES[:1])
    assert station.run("ledger", "verify", "matter").exit_code == 0
    printed = station.run("report", "issue", "JB1", "--case", "matter", "--text").stdout
    assert "Bad sectors tried again, of" in printed


@pytest.mark.parametrize(("image_format", "first_segment"), [("raw", "JB1.001"), ("e01", "JB1.E01")])
def test_the_bad_sectors_of_a_split_set_are_tried_again(
    station: Workstation, image: Path, tmp_path: Path, image_format: str, first_segment: str
) -> None:
    still_bad = [[3010, 5]]
    with faulty_device(image, tmp_path, bad=BAD) as device:
        words = ("--format", image_format, "--segment-size", "3MiB", "--compression", "none", "--retries", "0")
        station.run("acquire", device.path, "--output", "JB1", *words, "--no-verify")
        before = {path.name: path.read_bytes() for path in station.folder.iterdir()}
        device.set_rules(bad=still_bad)
        answer = station.run_json("acquire", device.path, "--retry-bad", first_segment, "--no-second-opinion")
    assert (answer["exit_code"], answer["verdict"]) == (5, "PASSED")
    assert answer["bad_sectors"] == [{"first_sector": 3010, "sector_count": 5}]
    assert answer["digests"]["sha256"] == digest_without(image, still_bad)
    names = [item["file"] for item in answer["image"]["segments"]]
    assert names == [f"JB1-2.{part}" for part in segment_parts(image_format, len(names))]
    assert len(names) >= 4
    assert {name: (station.folder / name).read_bytes() for name in before} == before


def segment_parts(image_format: str, count: int) -> list[str]:
    """The endings of the names of a set with so many segments."""
    numbers = range(1, count + 1)
    return [f"{number:03d}" for number in numbers] if image_format == "raw" else [f"E{n:02d}" for n in numbers]
