"""Moved images: found at their new place, after every segment there was compared with the ledger."""

import random
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Workstation

CONTENT = random.Random(9).randbytes(512 * 1024)


@pytest.fixture
def case(station: Workstation) -> Path:
    """A case with an exhibit that was imaged in several segments."""
    (station.folder / "disk.raw").write_bytes(CONTENT)
    split = ("--segment-size", "200000", "--no-second-opinion")
    folder = station.begin_case("case")
    assert station.run("acquire", "disk.raw", "--exhibit", "JB1", "--case", folder, *split).exit_code == 0
    return folder


def move(folder: Path, case: Path, new_name: str = "JB1") -> Path:
    """Move the image out of the case, perhaps under another name; its first segment."""
    folder.mkdir()
    for path in (case / "images" / "JB1").iterdir():
        shutil.move(path, folder / path.name.replace("JB1", new_name, 1))
    return folder / f"{new_name}.E01"


@pytest.mark.parametrize("name", ["JB1", "archive.7"])
def test_a_moved_image_is_found_at_its_new_place(station: Workstation, case: Path, name: str) -> None:
    old, new = case / "images" / "JB1" / "JB1.E01", move(station.folder / "archive", case, name)
    answer = station.run_json("exhibit", "relocate", "JB1", old, new, "--case", case)
    assert (answer["exit_code"], answer["move"]["old_path"]) == (0, "images/JB1/JB1")
    assert answer["paths"] == [str(new.with_suffix(""))]
    assert (answer["move"]["segment_count"], answer["move"]["verified_by"]) == (4, "segment digests")
    verified = station.run_json("verify", new, "--case", case)
    assert (verified["verdict"], verified["not_recorded"]) == ("PASSED", None)
    record = station.run_json("exhibit", "show", "JB1", "--case", case)["record"]
    assert record["acquisitions"][0]["paths"] == answer["paths"]
    assert station.run("ledger", "verify", case).exit_code == 0
    assert station.run_json("exhibit", "relocate", "JB1", old, new, "--case", case)["exit_code"] == 2


def test_it_may_be_named_by_its_folder_and_move_again_and_back(station: Workstation, case: Path) -> None:
    home = case / "images" / "JB1"
    first = move(station.folder / "one", case)
    assert station.run("exhibit", "relocate", "JB1", home / "JB1.E01", first.parent, "--case", case).exit_code == 0
    shutil.copytree(first.parent, home, dirs_exist_ok=True)
    assert station.run("exhibit", "relocate", "JB1", first, home, "--case", case).exit_code == 0
    record = station.run_json("exhibit", "show", "JB1", "--case", case)["record"]
    assert record["acquisitions"][0]["paths"] == ["images/JB1/JB1"]


@pytest.mark.parametrize(("damage", "code"), [("altered", 6), ("shortened", 6), ("missing", 7), ("manifest", 6)])
def test_what_is_not_the_recorded_image_is_refused_and_not_recorded(
    station: Workstation, case: Path, damage: str, code: int
) -> None:
    new = move(station.folder / "archive", case)
    second, manifest = new.with_suffix(".E02"), new.with_name("JB1.manifest.json")
    for path in (second, manifest):
        path.chmod(0o644)
    match damage:
        case "altered":
            second.write_bytes(second.read_bytes()[:-1] + b"\xff")
        case "shortened":
            second.write_bytes(second.read_bytes()[:-100])
        case "missing":
            second.unlink()
        case "manifest":
            manifest.write_text(manifest.read_text().replace('"examiner": "', '"examiner": "X'))
    before = station.run_json("case", "show", "--case", case)["ledger"]
    old = case / "images" / "JB1" / "JB1.E01"
    answer = station.run_json("exhibit", "relocate", "JB1", old, new, "--case", case)
    assert answer["exit_code"] == code
    assert answer["findings"]
    assert station.run_json("case", "show", "--case", case)["ledger"] == before


def test_a_manifest_that_stayed_behind_is_told(station: Workstation, case: Path) -> None:
    new = move(station.folder / "archive", case)
    new.with_name("JB1.manifest.json").unlink()
    old = case / "images" / "JB1" / "JB1.E01"
    answer = station.run_json("exhibit", "relocate", "JB1", old, new, "--case", case)
    assert answer["exit_code"] == 0
    assert "manifest" in answer["warnings"][0]


def test_an_unknown_image_or_another_exhibit_s_is_refused(station: Workstation, case: Path) -> None:
    new = move(station.folder / "archive", case)
    station.run("exhibit", "add", "JB2", "--description", "other", "--case", case)
    old = case / "images" / "JB1" / "JB1.E01"
    for words, code in (
        (("JB2", old, new), 2),
        (("JB1", "/nowhere/JB1.E01", new), 2),
        (("JB1", old, "/nowhere/JB1.E01"), 3),
        (("JB9", old, new), 2),
    ):
        assert station.run_json("exhibit", "relocate", *words, "--case", case)["exit_code"] == code


def test_an_imported_image_moves_too_read_or_not(station: Workstation, case: Path) -> None:
    for name in ("read", "unread"):
        (station.folder / f"{name}.raw").write_bytes(CONTENT)
    station.run("exhibit", "import", "JB1", "read.raw", "--case", case)
    station.run("exhibit", "import", "JB1", "unread.raw", "--no-verify", "--case", case)
    (station.folder / "archive").mkdir()
    for name in ("read", "unread"):
        shutil.copy(station.folder / f"{name}.raw", station.folder / "archive")
    moved = station.run_json("exhibit", "relocate", "JB1", "read.raw", "archive", "--case", case)
    assert (moved["exit_code"], moved["move"]["verified_by"]) == (0, "segment digests")
    never_read = station.run_json("exhibit", "relocate", "JB1", "unread.raw", "archive", "--case", case)
    assert never_read["exit_code"] == 2
    expected = station.run_json("hash", "disk.raw")["digests"]["sha256"]
    passed = station.run_json("verify", "unread.raw", "--expect", f"sha256:{expected}", "--case", case)
    assert passed["verdict"] == "PASSED"
    moved = station.run_json("exhibit", "relocate", "JB1", "unread.raw", "archive", "--case", case)
    assert (moved["exit_code"], moved["move"]["verified_by"]) == (0, "media digests")
    assert station.run_json("verify", "archive/read.raw", "--case", case)["verdict"] == "PASSED"


def test_parts_of_an_exhibit_stand_below_it(station: Workstation, case: Path) -> None:
    for reference, more in (("JB2", ()), ("JB1/2", ()), ("JB1/1", ()), ("SIM", ("--parent", "JB1/2"))):
        words = ("exhibit", "add", reference, "--description", "part", *more, "--case", case)
        assert station.run(*words).exit_code == 0
    assert station.run_json("exhibit", "show", "JB1/2", "--case", case)["record"]["exhibit"]["parent"] == "JB1"
    listed = station.run("exhibit", "list", "--case", case).stdout.splitlines()[1:]
    assert [re.findall(r"^ *\S+", line)[0] for line in listed] == [
        "JB1",
        "  JB1/2",
        "    SIM",
        "  JB1/1",
        "JB2",
    ]
    assert "JB1/2: part" in station.run("exhibit", "show", "JB1", "--case", case).stdout
    made = station.run_json("acquire", "disk.raw", "--exhibit", "JB1/1", "--no-second-opinion", "--case", case)
    assert made["exit_code"] == 0
    assert (case / "images" / "JB1%2F1" / "JB1%2F1.E01").is_file()
