"""Issuing reports through the command line."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation


@pytest.fixture
def case(station: Workstation, source: Path) -> Path:
    """A case with one exhibit, imaged and verified; its folder is the current one."""
    station.run("case", "create", "matter", "--number", "2026-17", "--examiner", "A. Doe")
    station.run("exhibit", "add", "JB1", "--description", "a laptop disk", "--case", "matter")
    station.run("acquire", source, "--exhibit", "JB1", "--case", "matter", "--no-second-opinion")
    os.chdir(station.folder / "matter")
    return station.folder / "matter"


@pytest.mark.parametrize("kind", ["acquisition", "custody"])
def test_a_report_is_a_pdf_that_the_ledger_knows(station: Workstation, case: Path, kind: str) -> None:
    answer = station.run_json("report", "issue", "JB1", "--kind", kind)
    content = Path(answer["path"]).read_bytes()
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == answer["report"]["sha256"]
    assert Path(answer["path"]).parent == case / "reports"
    reports = station.run_json("exhibit", "show", "JB1")["record"]["reports"]
    assert reports == [answer["report"]]
    assert station.run("ledger", "verify").exit_code == 0


def test_a_second_report_stands_beside_the_first(station: Workstation, case: Path) -> None:
    first = station.run_json("report", "issue", "JB1")
    second = station.run_json("report", "issue", "JB1", "--amendment", "typing error")
    assert first["path"] != second["path"]
    assert Path(first["path"]).exists()
    assert "typing error" in station.run("report", "issue", "JB1", "--amendment", "typing error", "--text").stdout


def test_the_text_of_a_report_names_case_verdict_and_digest(station: Workstation, case: Path, source: Path) -> None:
    shown = station.run("report", "issue", "JB1", "--text").stdout
    assert hashlib.sha256(source.read_bytes()).hexdigest() in shown
    assert "2026-17" in shown
    assert "PASSED" in shown


def test_the_letterhead_is_the_laboratorys(station: Workstation, case: Path, configure: Any) -> None:
    configure('agency = "Bureau of Examples"\npaper = "Letter"\n[letterhead]\naddress = ["1 Main Street"]')
    shown = station.run("report", "issue", "JB1", "--text").stdout
    assert "Bureau of Examples" in shown
    assert "1 Main Street" in shown


@pytest.mark.parametrize("logo", ["absent.png", "case.db"])
def test_a_logo_that_cannot_be_printed_issues_nothing(
    station: Workstation, case: Path, configure: Any, logo: str
) -> None:
    configure(f'[letterhead]\nlogo = "{logo}"')
    result = station.run("report", "issue", "JB1")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert not list((case / "reports").iterdir())
    assert station.run_json("exhibit", "show", "JB1")["record"]["reports"] == []


def test_a_file_that_exists_is_not_replaced_and_nothing_is_recorded(station: Workstation, case: Path) -> None:
    (case / "x.pdf").write_text("mine")
    assert station.run("report", "issue", "JB1", "--output", "x.pdf").exit_code == 4
    assert station.run("report", "issue", "JB1", "--output", "absent/x.pdf").exit_code == 4
    assert (case / "x.pdf").read_text() == "mine"
    assert station.run_json("exhibit", "show", "JB1")["record"]["reports"] == []
    assert not list(case.glob("*.partial"))


@pytest.mark.parametrize("words", [("JB9",), ("JB1", "--kind", "label"), ("JB1", "--paper", "A3")])
def test_a_wrong_request_is_exit_2(station: Workstation, case: Path, words: tuple[str, ...]) -> None:
    assert station.run("report", "issue", *words).exit_code == 2


def test_no_report_is_made_of_a_rewritten_record(station: Workstation, case: Path) -> None:
    with closing(sqlite3.connect(case / "case.db")) as database, database:
        database.execute("UPDATE exhibits SET description = 'another disk'")
    answer = station.run_json("report", "issue", "JB1", "--case", case)
    assert answer["exit_code"] == 8
    assert "ledger verify" in answer["error"]["do"]
    assert list((case / "reports").iterdir()) == []
