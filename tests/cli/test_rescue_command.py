"""`acquire --rescue` through the command line, on failing block devices and on files."""

from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.cli.failing_drives import digest_without, listed
from tests.sim.block_devices import faulty_device, needs_program, needs_root, numbered_image, tool

SECTORS = 4096
BAD = [[0, 1], [100, 3], [1000, 300], [4095, 1]]
RANGES = listed(BAD)


@needs_root
@needs_program("ddrescuelog", "ewfinfo")
@pytest.mark.parametrize("image_format", ["e01", "raw"])
def test_a_failing_drive_is_rescued_and_everything_agrees_to_the_sector(
    station: Workstation, tmp_path: Path, image_format: str
) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    words = ("--rescue", "--retries", "1", "--format", image_format)
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        answer = station.run_json("acquire", device.path, "--output", "JB1", *words)
    assert (answer["exit_code"], answer["verdict"], answer["bad_sectors"]) == (5, "PASSED", RANGES)
    assert answer["digests"]["sha256"] == digest_without(disk, BAD)
    names = {item.name for item in station.folder.iterdir()}
    assert names == {f"JB1.{end}" for end in ENDS} | {"JB1.E01" if image_format == "e01" else "JB1.raw"}
    listed = tool("ddrescuelog", "--list-blocks=-", "--block-size=512", "JB1.map").split()
    assert [int(sector) for sector in listed] == [s for first, count in BAD for s in range(first, first + count)]
    log = (station.folder / "JB1.txt").read_text()
    assert "305 sectors" in log
    if image_format == "e01":
        shown = tool("ewfinfo", "-e", "JB1.E01")
        assert all(f"at sector(s): {first} - {first + count - 1}" in shown for first, count in BAD), shown


ENDS = ("map", "sha256", "txt", "manifest.json", "verification.json")


def test_a_healthy_source_is_rescued_with_all_its_parameters_on_record(station: Workstation, source: Path) -> None:
    limits = ("--max-error-rate", "1MiB", "--max-slow-reads", "9", "--pass-timeout", "3600")
    answer = station.run_json("acquire", source, "--output", "JB1", "--rescue", *limits, "--passes", "sweep,trim")
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    manifest = station.manifest()
    assert manifest["job"]["parameters"]["rescue"] == {
        "passes": ["copy without jumps", "trim"],
        "max_error_rate": 1024 * 1024,
        "max_slow_reads": 9,
        "pass_timeout_seconds": 3600,
        "keep_file": False,
    }
    log = (station.folder / "JB1.txt").read_text()
    assert "copy without jumps, trim" in log
    assert "3600 s" in log
    assert [event["kind"] for event in manifest["read"]["events"]] == ["rescue pass"] * 2


def test_the_rescue_file_stays_when_that_is_wished_or_nothing_was_proved(
    station: Workstation, source: Path
) -> None:
    answer = station.run_json("acquire", source, "--output", "JB1", "--rescue", "--keep-rescue", "--format", "raw")
    assert answer["exit_code"] == 0
    assert not [text for text in answer["warnings"] if "rescue" in text]
    assert (station.folder / "JB1.rescue.raw").read_bytes() == (station.folder / "JB1.raw").read_bytes()
    answer = station.run_json("acquire", source, "--output", "JB2", "--rescue", "--no-verify")
    assert any("JB2.rescue.raw" in text for text in answer["warnings"])
    assert (station.folder / "JB2.rescue.raw").read_bytes() == source.read_bytes()


@needs_root
def test_sectors_that_were_not_tried_leave_the_verdict_open(station: Workstation, tmp_path: Path) -> None:
    disk = numbered_image(tmp_path / "disk.img", SECTORS)
    words = ("--rescue", "--passes", "copy-forwards,copy-backwards,sweep")
    with faulty_device(disk, tmp_path, bad=BAD) as device:
        answer = station.run_json("acquire", device.path, "--output", "JB1", *words)
    assert (answer["exit_code"], answer["verdict"]) == (7, "INDETERMINATE")
    assert "sectors-not-tried" in {item["code"] for item in answer["findings"]}
    assert "*" in (station.folder / "JB1.map").read_text()
    assert (station.folder / "JB1.rescue.raw").exists()
    assert station.run("verify", "JB1.E01").exit_code == 7


@pytest.mark.parametrize(
    "words",
    [
        ("--passes", "trim"),
        ("--keep-rescue",),
        ("--max-slow-reads", "3"),
        ("--rescue", "--on-error", "abort"),
        ("--rescue", "--passes", "polish"),
        ("--rescue", "--pass-timeout", "0"),
    ],
)
def test_options_that_make_no_sense_are_refused(station: Workstation, source: Path, words: tuple[str, ...]) -> None:
    assert station.run("acquire", source, "--output", "JB1", *words).exit_code == 2
    assert not list(station.folder.glob("JB1*"))


def test_the_preflight_counts_the_rescue_file(station: Workstation, source: Path) -> None:
    size = source.stat().st_size
    plain = station.run_json("acquire", source, "--output", "JB1", "--dry-run")["plan"]
    rescue = station.run_json("acquire", source, "--output", "JB1", "--rescue", "--dry-run")["plan"]
    raw = station.run_json("acquire", source, "--output", "JB1", "--rescue", "--dry-run", "--format", "raw")["plan"]
    worst = [plan["outputs"][0]["worst_case_bytes"] for plan in (plain, rescue, raw)]
    assert worst[1:] == [worst[0] + size, size]
