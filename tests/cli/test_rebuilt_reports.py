"""Reports built again from the first entries of the ledger and the settings in their own entry."""

import hashlib
import os
from pathlib import Path

import pytest

from image.errors import UsageError
from report.text import render_text
from tests.cli.conftest import Workstation
from workflow.rebuild_report import rebuild_report

HOSTILE = "<b>x</b> \u202e {exhibit} \x07 [/etc/passwd]"


@pytest.fixture
def case(station: Workstation, source: Path) -> Path:
    """A case with an imaged exhibit that was handed over."""
    station.run("case", "create", "matter", "--number", "2026-17 " + HOSTILE, "--examiner", "A. Doe")
    station.run("exhibit", "add", "JB1", "--description", HOSTILE, "--case", "matter")
    station.run("custody", "add", "JB1", "--kind", "seize", "--received-by", "M. Roy", "--case", "matter")
    station.run("acquire", source, "--exhibit", "JB1", "--case", "matter", "--no-second-opinion")
    os.chdir(station.folder / "matter")
    return station.folder / "matter"


@pytest.mark.parametrize(
    "words",
    [
        ("JB1",),
        ("JB1", "--kind", "custody", "--paper", "Letter"),
        ("JB1", "--kind", "verification"),
        ("JB1", "--kind", "receipt"),
        ("JB1", "--kind", "label", "--paper", "62x29"),
        ("JB1", "--kind", "statement", "--template", "in-bsa-63", "--enter", "expert=" + HOSTILE),
        ("--kind", "summary"),
        ("--kind", "label"),
    ],
)
def test_a_report_is_built_again_when_the_record_has_grown(
    station: Workstation,
    case: Path,
    words: tuple[str, ...],
) -> None:
    issued = station.run_json("report", "issue", *words, "--enter", "purpose=" + HOSTILE, "--text")
    station.run("exhibit", "add", "JB2", "--description", "found later")
    station.run("custody", "add", "JB1", "--kind", "transfer", "--released-by", "M. Roy", "--received-by", "A. Doe")
    station.run("report", "issue", "JB1", "--amendment", "custody", "--kind", "custody")
    again = rebuild_report(case, issued["report"]["report_id"])
    assert render_text(again.report) == issued["text"]
    assert again.is_same is True
    assert again.is_same_program is True
    assert again.content_sha256 == hashlib.sha256(issued["text"].encode()).hexdigest()


def test_a_report_that_was_not_issued_cannot_be_built_again(station: Workstation, case: Path) -> None:
    with pytest.raises(UsageError, match="no report 'JB1-R9'"):
        rebuild_report(case, "JB1-R9")
