"""Images made elsewhere become part of the record: each fact with its origin, and nothing believed unread."""

import hashlib
import random
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation
from tests.sim.foreign_programs import run_program

CONTENT = random.Random(7).randbytes(256 * 1024)


@pytest.fixture
def case(station: Workstation) -> Path:
    """A case with an exhibit, and the content of a drive beside it."""
    folder = station.folder / "case"
    (station.folder / "disk.raw").write_bytes(CONTENT)
    for words in (
        ("case", "create", folder, "--number", "7", "--agency", "Lab", "--examiner", "Dana Reyes"),
        ("exhibit", "add", "JB1", "--description", "Drive", "--serial", "WL1", "--case", folder),
    ):
        assert station.run(*words).exit_code == 0
    return folder


def ewfacquire(folder: Path, *more: str) -> Path:
    """An E01 by ewfacquire, its screen kept as a log."""
    fields = ("-C", "7", "-E", "JB1", "-e", "Dana Reyes", "-D", "stick", "-N", "n", *more)
    screen = run_program(folder, "ewfacquire", "-u", *fields, "-t", "JB1", "disk.raw")
    (folder / "JB1.log.txt").write_text(screen)
    return folder / "JB1.E01"


def test_an_image_by_ewfacquire_is_verified_and_recorded_with_its_log(station: Workstation, case: Path) -> None:
    image = ewfacquire(station.folder)
    answer = station.run_json(
        "exhibit", "import", "JB1", image, "--log", "JB1.log.txt", "--blocker", "T8", "--case", case
    )
    assert (answer["exit_code"], answer["verdict"]) == (0, "PASSED")
    facts = {(item["name"], item["origin"]): item["value"] for item in answer["import"]["facts"]}
    assert facts["examiner", "image header"] == "Dana Reyes"
    assert facts["program", "log JB1.log.txt"].startswith("ewfacquire 20")
    assert facts["size_bytes", "log JB1.log.txt"] == str(len(CONTENT))
    assert facts["write_blocker", "entered by a person"] == "T8"
    assert answer["import"]["disagreements"] == []
    record = station.run_json("exhibit", "show", "JB1", "--case", case)["record"]
    [imported], [verification], [log] = record["imports"], record["verifications"], record["attachments"]
    assert imported["segments"][0]["sha256"] == hashlib.sha256(image.read_bytes()).hexdigest()
    assert verification["acquisition"] == imported["sequence"] == log["event"]
    assert "zone not stated" in station.run("exhibit", "show", "JB1", "--case", case).stdout
    assert station.run("ledger", "verify", case).exit_code == 0


def test_an_imported_image_that_changes_afterwards_is_found_out(station: Workstation, case: Path) -> None:
    (station.folder / "JB1.raw").write_bytes(CONTENT)
    bare = station.run_json("exhibit", "import", "JB1", "JB1.raw", "--case", case)
    assert (bare["exit_code"], bare["verdict"]) == (7, "INDETERMINATE")
    assert station.run_json("verify", "JB1.raw", "--case", case)["verdict"] == "PASSED"
    (station.folder / "JB1.raw").write_bytes(CONTENT[:-1] + b"x")
    answer = station.run_json("verify", "JB1.raw", "--case", case)
    assert (answer["exit_code"], answer["verdict"]) == (6, "FAILED")


def test_the_files_of_an_imported_image_are_compared_with_those_of_its_import(
    station: Workstation, case: Path
) -> None:
    image = ewfacquire(station.folder)
    number = station.run_json("exhibit", "import", "JB1", image, "--case", case)["import"]["ledger_entry"]
    for options in ((), ("--segments-only",)):
        answer = station.run_json("verify", image, *options, "--case", case)
        assert (answer["verdict"], f"ledger entry {number}" in answer["compared_with"]) == ("PASSED", True)
    image.write_bytes(image.read_bytes() + b"x")
    for options in ((), ("--segments-only",)):
        answer = station.run_json("verify", image, *options, "--case", case)
        assert (answer["verdict"], answer["exit_code"]) == ("FAILED", 6)
        assert "segment-digest" in {item["code"] for item in answer["findings"]}


def test_a_segment_that_an_imported_image_lost_or_gained_is_named(station: Workstation, case: Path) -> None:
    for number in range(3):
        (station.folder / f"JB1.00{number + 1}").write_bytes(CONTENT[number * 65536 : (number + 1) * 65536])
    assert station.run_json("exhibit", "import", "JB1", "JB1.001", "--case", case)["exit_code"] == 7
    only = ("--segments-only", "--case", case)
    assert station.run_json("verify", "JB1.001", *only)["verdict"] == "PASSED"
    (station.folder / "JB1.004").write_bytes(b"x" * 512)
    assert [item["code"] for item in station.run_json("verify", "JB1.001", *only)["findings"]] == [
        "segment-unlisted"
    ]
    for name in ("JB1.003", "JB1.004"):
        (station.folder / name).unlink()
    answer = station.run_json("verify", "JB1.001", *only)
    assert [(item["code"], item["segment"]) for item in answer["findings"]] == [("segment-missing", "JB1.003")]


def test_what_two_disagree_in_is_a_warning(station: Workstation, case: Path) -> None:
    image = ewfacquire(station.folder)
    log = station.folder / "other.info"
    lines = ("GUYMAGER ACQUISITION INFO FILE", "Device size : 512 (x)", "   Serial Number:  WL2", "Case number : 8")
    log.write_text("\n".join(lines))
    answer = station.run_json("exhibit", "import", "JB1", image, "--log", log, "--case", case)
    assert answer["exit_code"] == 0
    assert {line.partition(":")[0] for line in answer["import"]["disagreements"]} == {
        "Case number",
        "Serial number",
        "Size in bytes",
    }
    assert any("the exhibit's label says 'WL1', log other.info says 'WL2'" in line for line in answer["warnings"])


def test_a_log_whose_digest_is_not_that_of_the_image_fails_it(station: Workstation, case: Path) -> None:
    image = ewfacquire(station.folder)
    log = station.folder / "JB1.info"
    log.write_text(f"GUYMAGER ACQUISITION INFO FILE\nMD5 hash : {'0' * 32}\n")
    answer = station.run_json("exhibit", "import", "JB1", image, "--log", log, "--case", case)
    assert (answer["exit_code"], answer["verdict"]) == (6, "FAILED")
    assert station.run_json("exhibit", "show", "JB1", "--case", case)["record"]["imports"]


def test_our_own_image_made_without_a_case_becomes_a_whole_acquisition(station: Workstation, case: Path) -> None:
    split = ("--segment-size", "100000", "--no-second-opinion")
    made = station.run_json("acquire", "disk.raw", "--output", "loose", *split)
    assert made["exit_code"] == 0
    assert station.run_json("exhibit", "import", "JB1", "loose.E01", "--case", case)["verdict"] == "PASSED"
    record = station.run_json("exhibit", "show", "JB1", "--case", case)["record"]
    [acquisition], [imported] = record["acquisitions"], record["imports"]
    sha256 = hashlib.sha256((station.folder / "loose.manifest.json").read_bytes()).hexdigest()
    assert acquisition["manifest_sha256"] == imported["manifest_sha256"] == sha256
    assert (acquisition["state"], acquisition["started_sequence"]) == ("complete", imported["sequence"])
    assert [event["kind"] for event in record["custody"]] == ["acquire", "verify"]
    verified = station.run_json("verify", "loose.E01", "--case", case)
    assert (verified["verdict"], verified["ledger_entry"] > imported["sequence"]) == ("PASSED", True)
    assert station.run("ledger", "verify", case).exit_code == 0
    assert station.run("report", "issue", "JB1", "--case", case).exit_code == 0


def test_an_image_is_imported_once(station: Workstation, case: Path) -> None:
    station.run("acquire", "disk.raw", "--output", "loose", "--no-second-opinion", "--format", "raw")
    assert station.run_json("exhibit", "import", "JB1", "loose.raw", "--case", case)["exit_code"] == 0
    assert station.run_json("exhibit", "import", "JB1", "loose.raw", "--case", case)["exit_code"] == 2
    (station.folder / "elsewhere").mkdir()
    for path in station.folder.glob("loose.*"):
        path.rename(station.folder / "elsewhere" / path.name)
    again = station.run_json("exhibit", "import", "JB1", "elsewhere/loose.raw", "--case", case)
    assert again["exit_code"] == 2
    assert "relocate" in again["error"]["do"]


def test_without_reading_nothing_is_proven_and_it_says_so(station: Workstation, case: Path) -> None:
    image = ewfacquire(station.folder)
    answer = station.run_json("exhibit", "import", "JB1", image, "--no-verify", "--case", case)
    assert (answer["exit_code"], answer["verdict"]) == (0, None)
    assert any("was not read" in line for line in answer["warnings"])
    assert station.run_json("exhibit", "show", "JB1", "--case", case)["record"]["verifications"] == []


def test_the_map_of_a_ddrescue_says_what_was_not_read(station: Workstation, case: Path) -> None:
    run_program(station.folder, "ddrescue", "disk.raw", "JB1.raw", "rescue.map")
    text = (
        (station.folder / "rescue.map")
        .read_text()
        .replace("0x00040000  +", "0x00030000  +\n0x00030000  0x00010000  -")
    )
    (station.folder / "rescue.map").write_text(text)
    answer = station.run_json("exhibit", "import", "JB1", "JB1.raw", "--log", "rescue.map", "--case", case)
    facts = {
        item["name"]: item["value"] for item in answer["import"]["facts"] if item["origin"] == "map rescue.map"
    }
    assert (facts["bad_sectors"], facts["state"]) == ("128", "Finished")
    assert facts["program"].startswith("GNU ddrescue 1.")
    assert answer["bad_sectors"] == [{"first_sector": 384, "sector_count": 128}]


def test_what_cannot_be_imported_leaves_the_case_as_it_was(station: Workstation, case: Path) -> None:
    before = station.run_json("case", "show", "--case", case)["ledger"]
    (station.folder / "half.raw").write_bytes(CONTENT)
    (station.folder / "half.manifest.json.partial").write_bytes(b"{}")
    (station.folder / "link.txt").symlink_to("/etc/hostname")
    (station.folder / "whole.raw").write_bytes(CONTENT)
    for code, words in (
        (7, ("JB1", "half.raw")),
        (3, ("JB1", "nothing.raw")),
        (2, ("JB9", "whole.raw")),
        (7, ("JB1", "whole.raw", "--log", "nothing.info")),
        (3, ("JB1", "whole.raw", "--log", "link.txt")),
    ):
        assert station.run_json("exhibit", "import", *words, "--case", case)["exit_code"] == code, words
    assert station.run_json("case", "show", "--case", case)["ledger"] == before
