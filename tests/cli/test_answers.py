"""How values are shown to a person and to a program."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from casedb.json_values import json_value
from diskwitness.fact_lines import digest_facts, fact_lines, range_lines, table_lines
from image.findings import Severity
from image.sectors import SectorRange
from image.times import Instant


@dataclass(frozen=True)
class Sample:
    at: Instant
    sectors: tuple[SectorRange, ...]
    path: Path
    severity: Severity
    nothing: None = None


def test_a_record_becomes_an_object() -> None:
    sample = Sample(Instant("2026-11-22T09:00:00Z", 60), (SectorRange(1, 2),), Path("/a"), Severity.GAP)
    assert json_value(sample) == {
        "at": "2026-11-22T10:00:00+01:00",
        "sectors": [{"first_sector": 1, "sector_count": 2}],
        "path": "/a",
        "severity": "gap",
        "nothing": None,
    }


def test_a_value_without_a_form_in_json_is_a_bug() -> None:
    with pytest.raises(TypeError):
        json_value(object())


def test_facts_stand_in_two_columns_and_missing_ones_are_said() -> None:
    assert fact_lines([("Case", "7"), ("Examiner", None), ("Read", True)]) == [
        "Case:     7",
        "Examiner: Not recorded",
        "Read:     yes",
    ]


def test_a_table_too_wide_for_the_terminal_becomes_facts() -> None:
    heads, rows = ("Exhibit", "Description"), [("JB1", "a disk"), ("JB2", None)]
    assert table_lines(heads, rows, 80) == ["Exhibit  Description", "JB1      a disk", "JB2      Not recorded"]
    assert table_lines(heads, rows, 12) == [
        "Exhibit:     JB1",
        "Description: a disk",
        "",
        "Exhibit:     JB2",
        "Description: Not recorded",
    ]


def test_digests_are_spelled_as_in_reports() -> None:
    assert digest_facts({"md5": "00", "sha256": "11"}) == [("MD5", "00"), ("SHA-256", "11")]


def test_many_ranges_are_cut_short_with_their_number() -> None:
    ranges = [SectorRange(10 * index, 1 + index % 2) for index in range(25)]
    lines = range_lines(ranges)
    assert lines[:2] == ["  sector 0", "  sectors 10 to 11"]
    assert lines[-1] == "  and 5 more ranges"
    assert len(lines) == 21
