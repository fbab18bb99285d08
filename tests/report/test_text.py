"""The text of the reports, kept whole as golden files: `UPDATE_GOLDEN=1 pytest tests/report` writes them anew."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from casedb.records import ExhibitRecord
from report.content import build_report
from report.document import ReportKind
from report.log import render_log
from report.phrases import NOT_RECORDED
from report.text import render_text
from tests.report.samples import (
    ISSUE,
    damaged_manifest,
    damaged_record,
    healthy_record,
    many_scripts_record,
)

GOLDEN = Path(__file__).parent / "golden"


def check(name: str, text: str) -> None:
    """Compare a text with its golden file, or write that."""
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "kind", "record"),
    [
        ("acquisition-healthy.txt", ReportKind.ACQUISITION, healthy_record()),
        ("custody-healthy.txt", ReportKind.CUSTODY, healthy_record()),
        ("acquisition-damaged.txt", ReportKind.ACQUISITION, damaged_record(12, 9)),
        ("custody-scripts.txt", ReportKind.CUSTODY, many_scripts_record()),
    ],
)
def test_the_text_of_a_report_is_the_golden_one(name: str, kind: ReportKind, record: ExhibitRecord) -> None:
    check(name, render_text(build_report(kind, record, ISSUE)))


def test_the_log_is_the_golden_one() -> None:
    record = healthy_record()
    manifest = record.acquisitions[0].manifest
    assert manifest is not None
    check("log-healthy.txt", render_log(manifest, record.verifications[0].result))


def test_the_log_lists_every_unreadable_range_up_to_ten_thousand() -> None:
    text = render_log(damaged_manifest(2, 10_050), None)
    listed = [line for line in text.splitlines() if line.startswith("  ") and line.split()[-1].isdigit()]
    manifest = damaged_manifest(2, 10_050)
    offsets = {str(item.first_sector * 512) for item in manifest.read.unreadable}
    assert len({line.split()[-1] for line in listed} & offsets) == 10_000
    assert "10000 of 10050 ranges are printed here" in text


def test_the_log_of_an_image_that_was_not_verified_does_not_say_passed() -> None:
    text = render_log(damaged_manifest(2, 3), None)
    assert "Verification: NONE" in text
    assert "*** Verification: PASSED" not in text


def test_a_hostile_string_cannot_begin_a_line_of_its_own() -> None:
    text = render_text(build_report(ReportKind.ACQUISITION, damaged_record(3, 3), ISSUE))
    assert not [line for line in text.splitlines() if line.startswith("Verdict")]
    assert "\u202e" not in text
    assert "[U+202E]" in text
    text.encode("utf-8")


def test_what_is_missing_prints_as_not_recorded() -> None:
    text = render_text(build_report(ReportKind.CUSTODY, healthy_record(), ISSUE))
    assert [line.split()[-2:] for line in text.splitlines() if line.startswith("  Witness")] == [
        NOT_RECORDED.split()
    ]


def test_a_value_of_blanks_is_not_recorded_either() -> None:
    record = healthy_record()
    report = build_report(ReportKind.CUSTODY, replace(record, exhibit=replace(record.exhibit, make=" ")), ISSUE)
    lines = [line for line in render_text(report).splitlines() if line.startswith("  Make:")]
    assert [line.removeprefix("  Make:").strip() for line in lines] == [NOT_RECORDED]
