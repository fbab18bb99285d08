"""Cases closed, opened again and listed through the command line."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation

IMAGE = ("--exhibit", "JB1", "--hash", "md5,sha256", "--no-second-opinion")


@pytest.fixture
def case(station: Workstation, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with the exhibit JB1, found from the current folder upwards."""
    folder = station.begin_case()
    monkeypatch.chdir(folder)
    return folder


def closed(station: Workstation) -> dict[str, Any]:
    """The answer of `case close`."""
    answer = station.run_json("case", "close", "--because", "judgment")
    assert answer["exit_code"] == 0
    return answer


def test_closing_prints_a_checkpoint_that_the_ledger_answers_to(case: Path, station: Workstation) -> None:
    answer = closed(station)
    kept = case.parent / "kept.checkpoint"
    kept.write_text(answer["checkpoint"])
    verified = station.run_json("ledger", "verify", "--checkpoint", kept)
    assert verified["exit_code"] == 0
    assert str(kept) in verified["confirmed"]
    assert station.run_json("ledger", "checkpoint")["checkpoint"] == answer["checkpoint"]
    assert station.run_json("case", "close")["was_closed"] is True
    assert station.run_json("ledger", "verify")["entries"] == answer["closing"]["sequence"]


def test_every_command_that_writes_is_refused_before_it_does_anything(case: Path, station: Workstation) -> None:
    closed(station)
    source = case.parent / "disk"
    source.write_bytes(bytes(4096))
    words: tuple[tuple[object, ...], ...] = (
        ("exhibit", "add", "JB2", "--description", "x"),
        ("custody", "add", "JB1", "--kind", "seal", "--seal-in", "S1"),
        ("acquire", source, *IMAGE),
        ("report", "issue", "JB1", "--kind", "custody"),
    )
    for command in words:
        result = station.run(*command)
        assert result.exit_code == 8, command
        assert result.stderr.count("\n") == 1
        assert "the case is closed (entry 5)" in result.stderr
        assert "case reopen --because" in result.stderr
    assert not list((case / "images").iterdir())
    assert not list((case / "reports").iterdir())


def test_a_verification_in_a_closed_case_says_that_it_was_not_recorded(case: Path, station: Workstation) -> None:
    source = case.parent / "disk"
    source.write_bytes(bytes(range(256)) * 16)
    assert station.run("acquire", source, *IMAGE).exit_code == 0
    entries = closed(station)["closing"]["sequence"]
    verified = station.run_json("verify", case / "images" / "JB1" / "JB1.E01", "--no-second-opinion")
    assert (verified["exit_code"], verified["verdict"]) == (0, "PASSED")
    assert any("the case is closed" in text for text in verified["warnings"])
    assert station.run_json("ledger", "verify")["entries"] == entries


def test_a_case_opened_again_is_written_to_and_shows_why(case: Path, station: Workstation) -> None:
    closed(station)
    assert station.run("case", "reopen").exit_code == 2
    assert station.run_json("case", "reopen", "--because", "appeal")["closing"]["is_closed"] is False
    assert station.run("exhibit", "add", "JB2", "--description", "x").exit_code == 0
    assert "appeal" in station.run("case", "show").stdout
    assert station.run("case", "reopen", "--because", "again").exit_code == 8
    assert station.run("ledger", "verify").exit_code == 0


def test_the_list_tells_open_closed_and_missing_cases_and_forgets_on_request(
    case: Path, station: Workstation
) -> None:
    for name in ("second", "third"):
        words = ("case", "create", station.folder / name, "--number", name, "--examiner", "A. Doe")
        assert station.run(*words).exit_code == 0
    closed(station)
    shutil.rmtree(station.folder / "second")
    (station.folder / "third" / "case.db").write_bytes(b"no database" * 100)
    listed = station.run_json("case", "list")["cases"]
    assert {item["number"]: item["state"] for item in listed} == {
        "2026-17": "closed",
        "second": "missing",
        "third": "unusable",
    }
    answer = station.run_json("case", "list", "--prune")
    assert answer["pruned"] == [str(station.folder / "second")]
    assert [item["number"] for item in answer["cases"]] == ["2026-17", "third"]


def test_a_case_that_was_moved_is_put_on_the_list_at_its_new_place(case: Path, station: Workstation) -> None:
    case.rename(case.parent / "moved")
    answer = station.run_json("case", "list", "--add", case.parent / "moved", "--prune")
    assert [item["folder"] for item in answer["cases"]] == [str(case.parent / "moved")]


def test_a_key_is_rotated_in_a_closed_case_too(case: Path, station: Workstation) -> None:
    closed(station)
    answer = station.run_json("ledger", "key", "rotate")
    assert answer["exit_code"] == 0
    assert station.run("ledger", "verify").exit_code == 0
    assert not (case / "case.db").stat().st_mode & 0o222
    assert station.run("case", "reopen", "--because", "appeal").exit_code == 0
