"""Photographs and documents: copied by digest, recorded, and found out when they are not what they were."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@pytest.fixture
def case(station: Workstation) -> Path:
    """A case with an exhibit, in the current folder."""
    return station.begin_case("case")


def attach(station: Workstation, case: Path, *words: object) -> dict[str, Any]:
    return station.run_json("exhibit", "attach", "JB1", *words, "--case", case)


def test_a_photograph_is_copied_by_its_digest_and_shown(station: Workstation, case: Path) -> None:
    photo = station.folder / "front of <b>JB1 & <img src=x>.weird"
    photo.write_bytes(PNG)
    answer = attach(station, case, photo, "--description", "front, seal visible")
    sha256 = hashlib.sha256(PNG).hexdigest()
    [item] = answer["attachments"]
    assert item["file"] == f"attachments/{sha256}.png"
    assert (item["media_type"], item["size_bytes"], item["name"]) == ("image/png", len(PNG), photo.name)
    assert (case / item["file"]).read_bytes() == PNG
    assert not (case / item["file"]).stat().st_mode & 0o222
    shown = station.run("exhibit", "show", "JB1", "--case", case).stdout
    assert photo.name in shown
    assert sha256 in shown
    assert "front, seal visible" in shown


def test_it_may_belong_to_an_event_of_the_same_exhibit_alone(station: Workstation, case: Path) -> None:
    (station.folder / "a.txt").write_text("receipt\n")
    event = station.run_json("custody", "add", "JB1", "--kind", "seize", "--received-by", "Hale", "--case", case)
    number = event["event"]["sequence"]
    assert attach(station, case, "a.txt", "--event", number)["attachments"][0]["event"] == number
    assert attach(station, case, "a.txt", "--event", 1)["exit_code"] == 2
    assert attach(station, case, "a.txt", "--event", 999)["exit_code"] == 2


def test_the_same_file_twice_is_kept_once_and_recorded_twice(station: Workstation, case: Path) -> None:
    for name in ("one.png", "two.png"):
        (station.folder / name).write_bytes(PNG)
    answer = attach(station, case, "one.png", "two.png")
    assert [item["name"] for item in answer["attachments"]] == ["one.png", "two.png"]
    assert len(list((case / "attachments").iterdir())) == 1


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "missing", "empty"])
def test_what_is_no_plain_file_is_refused_and_leaves_nothing(station: Workstation, case: Path, kind: str) -> None:
    path = station.folder / "thing"
    match kind:
        case "link":
            path.symlink_to("/etc/hostname")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "empty":
            path.touch()
    answer = attach(station, case, path)
    assert answer["exit_code"] == 3
    assert not list((case / "attachments").iterdir())
    assert station.run_json("exhibit", "show", "JB1", "--case", case)["record"]["attachments"] == []


def test_a_file_above_the_bound_is_refused(station: Workstation, case: Path) -> None:
    with (station.folder / "large").open("wb") as file:
        file.truncate(1024**3 + 1)
    assert attach(station, case, "large")["exit_code"] == 3


def test_ledger_verify_tells_present_missing_and_altered_files(station: Workstation, case: Path) -> None:
    (station.folder / "a.png").write_bytes(PNG)
    (station.folder / "b.txt").write_text("note\n")
    attached = attach(station, case, "a.png", "b.txt")["attachments"]
    photo, note = (case / item["file"] for item in attached)
    whole = station.run_json("ledger", "verify", case)
    assert (whole["exit_code"], {item["state"] for item in whole["attachments"]}) == (0, {"present"})
    note.unlink()
    gone = station.run_json("ledger", "verify", case)
    assert (gone["exit_code"], [item["state"] for item in gone["attachments"]]) == (0, ["present", "missing"])
    photo.chmod(0o644)
    photo.write_bytes(PNG[:-1] + b"x")
    altered = station.run_json("ledger", "verify", case)
    assert (altered["exit_code"], altered["attachments"][0]["state"]) == (8, "differs")
    assert attach(station, case, "a.png")["exit_code"] == 8


def test_a_link_in_the_place_of_the_folder_or_a_file_is_not_followed(station: Workstation, case: Path) -> None:
    (station.folder / "a.png").write_bytes(PNG)
    [item] = attach(station, case, "a.png")["attachments"]
    place = case / item["file"]
    place.unlink()
    place.symlink_to(station.folder / "a.png")
    assert station.run_json("ledger", "verify", case)["attachments"][0]["state"] == "unreadable"
    place.unlink()
    (case / "attachments").rmdir()
    (case / "attachments").symlink_to(station.folder)
    assert attach(station, case, "a.png")["exit_code"] == 8


def test_a_file_that_changes_while_it_is_read_is_refused(
    station: Workstation, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = station.folder / "growing.txt"
    path.write_text("one\n")
    read = os.read

    def read_while_another_writes(descriptor: int, size: int) -> bytes:
        block = read(descriptor, size)
        if block == b"one\n":
            path.write_text("two\n")
        return block

    monkeypatch.setattr(os, "read", read_while_another_writes)
    answer = attach(station, case, path)
    assert answer["exit_code"] == 3
    assert "changed" in answer["error"]["what"]
