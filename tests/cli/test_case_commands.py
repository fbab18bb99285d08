"""Cases, exhibits and custody through the command line."""

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation

HOSTILE = "Dr \x1b]0;owned\x07 \u202eevil\u2066 \x9b31m"


def _make_case(station: Workstation, *more: object) -> dict[str, Any]:
    words = ("case", "create", "matter", "--number", "2026-17", "--examiner", "A. Doe", "--agency", "Bureau")
    return station.run_json(*words, *more)


@pytest.fixture
def case(station: Workstation, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with the exhibit JB1, found from the current folder upwards."""
    assert _make_case(station)["exit_code"] == 0
    monkeypatch.chdir(station.folder / "matter")
    assert station.run("exhibit", "add", "JB1", "--description", "a laptop disk").exit_code == 0
    return station.folder / "matter"


def test_a_case_is_a_folder_with_its_ledger(station: Workstation) -> None:
    answer = _make_case(station, "--title", "A matter")
    folder = station.folder / "matter"
    assert (answer["case"]["number"], answer["folder"]) == ("2026-17", str(folder))
    assert {item.name for item in folder.iterdir()} >= {"case.db", "images", "reports", "checkpoints"}
    assert "A. Doe" in station.run("case", "show", "--case", folder).stdout


def test_a_second_case_in_the_folder_is_refused(station: Workstation) -> None:
    _make_case(station)
    answer = _make_case(station)
    assert answer["exit_code"] == 8
    assert "already" in answer["error"]["what"]


def test_agency_and_examiner_come_from_the_lab_configuration(station: Workstation, configure: Any) -> None:
    configure('agency = "Lab"\nexaminer = "B. Roe"')
    answer = station.run_json("case", "create", "matter", "--number", "1")
    assert (answer["case"]["agency"], answer["case"]["examiner"]["name"]) == ("Lab", "B. Roe")


def test_without_any_examiner_no_case_is_made(station: Workstation) -> None:
    result = station.run("case", "create", "matter", "--number", "1")
    assert result.exit_code == 2
    assert "--examiner" in result.stderr
    assert not (station.folder / "matter").exists()


def test_known_cases_are_listed_and_a_vanished_one_is_said_to_be(station: Workstation) -> None:
    _make_case(station)
    listed = station.run_json("case", "list")["cases"]
    assert [(item["number"], item["folder"]) for item in listed] == [("2026-17", str(station.folder / "matter"))]
    shutil.rmtree(station.folder / "matter")
    result = station.run("case", "list")
    assert result.exit_code == 0
    assert "no case here" in result.stdout


def test_a_case_is_made_even_where_the_list_of_cases_cannot_be_kept(
    station: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(station.environment, "XDG_STATE_HOME", "/proc/nowhere")
    answer = _make_case(station)
    assert answer["exit_code"] == 0
    assert any("list of cases" in text for text in answer["warnings"])


def test_a_current_folder_that_was_removed_is_one_line(station: Workstation, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    result = station.run("case", "show")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("words", [("case", "show"), ("exhibit", "list"), ("ledger", "verify")])
def test_without_a_case_a_command_says_how_to_name_one(station: Workstation, words: tuple[str, ...]) -> None:
    result = station.run(*words)
    assert result.exit_code == 2
    assert "--case" in result.stderr


def test_a_folder_without_a_case_is_exit_8(station: Workstation) -> None:
    assert station.run("case", "show", "--case", station.folder).exit_code == 8


def test_the_variable_names_the_case(case: Path, station: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("DISKWITNESS_CASE", str(case))
    assert station.run_json("exhibit", "list")["exhibits"][0]["reference"] == "JB1"


def test_an_exhibit_is_shown_with_what_is_not_recorded(case: Path, station: Workstation) -> None:
    shown = station.run("exhibit", "show", "JB1").stdout
    assert "a laptop disk" in shown
    assert "Serial:      Not recorded" in shown


def test_an_exhibit_that_is_not_there_is_one_line(case: Path, station: Workstation) -> None:
    result = station.run("exhibit", "show", "JB9")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "exhibit add" in result.stderr


def test_hostile_text_reaches_the_record_and_not_the_terminal(case: Path, station: Workstation) -> None:
    added = station.run("exhibit", "add", "JB2", "--description", HOSTILE, "--serial", HOSTILE)
    assert added.exit_code == 0
    for words in (("exhibit", "show", "JB2"), ("exhibit", "list"), ("case", "show")):
        result = station.run(*words)
        assert not set("\x1b\x07\x9b\u202e\u2066") & set(result.stdout + result.stderr)
    assert station.run_json("exhibit", "show", "JB2")["record"]["exhibit"]["description"] == HOSTILE


def test_a_custody_chain_is_recorded_with_its_warnings(case: Path, station: Workstation) -> None:
    seized = ("--kind", "seize", "--received-by", "Officer Poe", "--at", "2026-11-01T10:00+01:00")
    assert station.run("custody", "add", "JB1", *seized).exit_code == 0
    handed = (
        "--kind",
        "transfer",
        "--released-by",
        "Officer Poe",
        "--received-by",
        "A. Doe",
        "--reason",
        "imaging",
    )
    assert station.run_json("custody", "add", "JB1", *handed)["warnings"] == []
    strange = ("--kind", "transfer", "--released-by", "Somebody", "--received-by", "Else", "--reason", "?")
    assert station.run_json("custody", "add", "JB1", *strange)["warnings"]
    shown = station.run("custody", "show", "JB1")
    assert shown.stdout.index("seize") < shown.stdout.index("transfer")
    assert "Released by:  Officer Poe" in shown.stdout
    assert "warning:" in shown.stderr


def test_a_transfer_needs_two_named_people(case: Path, station: Workstation) -> None:
    result = station.run("custody", "add", "JB1", "--kind", "transfer", "--received-by", "A. Doe")
    assert result.exit_code == 2
    assert "A. Doe" not in station.run("custody", "show", "JB1").stdout


def test_an_untouched_ledger_passes_and_a_changed_one_is_exit_8(case: Path, station: Workstation) -> None:
    answer = station.run_json("ledger", "verify")
    assert (answer["exit_code"], answer["findings"]) == (0, [])
    with sqlite3.connect(case / "case.db") as database:
        database.execute("PRAGMA writable_schema = ON")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE exhibits SET description = 'another disk'")
    database.close()
    result = station.run("ledger", "verify", case)
    assert result.exit_code == 8
    assert "exhibits" in result.stdout


def test_a_case_of_a_newer_version_is_refused(case: Path, station: Workstation) -> None:
    with sqlite3.connect(case / "case.db") as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()
    for words in (("case", "show"), ("exhibit", "add", "JB3", "--description", "x")):
        result = station.run(*words)
        assert result.exit_code == 8
        assert result.stderr.count("\n") == 1
        assert "newer" in result.stderr
