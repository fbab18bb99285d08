"""Reports that were issued before a court had something of their record taken away."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation
from tests.cli.test_amendments import ORDER, case, entries
from tests.report.test_signature_attacks import painted_over

__all__ = ["case"]

KINDS = ("acquisition", "custody", "verification", "receipt")


def checked(station: Workstation, path: object) -> tuple[dict[str, Any], dict[str, str]]:
    """A report as it is checked: the answer, and what is said of each finding that names it."""
    answer = station.run_json("report", "verify", path)
    return answer, {item["code"]: item["detail"] for item in answer["findings"]}


@pytest.mark.parametrize("kind", KINDS)
def test_a_redaction_since_the_issue_is_named_as_the_reason(case: Path, station: Workstation, kind: str) -> None:
    issued = station.run_json("report", "issue", "JB1", "--kind", kind)
    taken = entries(station)["custody-recorded"][0]
    redacted = station.run_json("ledger", "redact", taken, *ORDER)
    entry = redacted["redactions"][0]["sequence"]
    answer, told = checked(station, issued["path"])
    assert (answer["verdict"], answer["exit_code"]) == ("PASSED", 0)
    assert f"entry {entry} took away entry {taken} (custody-recorded)" in told["report-redacted"]
    assert ORDER[1] in told["report-redacted"]
    assert not {"report-content", "report-content-unchecked"} & told.keys()


def test_a_report_issued_after_a_redaction_is_built_again_without_a_word(case: Path, station: Workstation) -> None:
    station.run("ledger", "redact", entries(station)["custody-recorded"][0], *ORDER)
    issued = station.run_json("report", "issue", "JB1", "--kind", "custody")
    assert checked(station, issued["path"])[1] == {}


def test_a_redaction_in_another_exhibit_is_no_reason(case: Path, station: Workstation) -> None:
    station.run("exhibit", "add", "JB2", "--description", "a phone")
    issued = station.run_json("report", "issue", "JB1", "--kind", "custody")
    station.run("ledger", "redact", entries(station)["exhibit-added"][-1], *ORDER)
    assert checked(station, issued["path"])[1] == {}


def test_a_redaction_excuses_no_changed_byte(case: Path, station: Workstation) -> None:
    issued = Path(station.run_json("report", "issue", "JB1", "--kind", "custody")["path"])
    station.run("ledger", "redact", entries(station)["custody-recorded"][0], *ORDER)
    forged = station.folder / "forged.pdf"
    forged.write_bytes(painted_over(issued.read_bytes()))
    assert checked(station, forged)[0]["verdict"] == "FAILED"
    whole = bytearray(issued.read_bytes())
    whole[len(whole) // 2] ^= 1
    forged.write_bytes(whole)
    assert checked(station, forged)[0]["verdict"] == "FAILED"


def test_a_report_whose_issue_was_redacted_is_not_called_a_forgery(case: Path, station: Workstation) -> None:
    issued = station.run_json("report", "issue", "JB1", "--kind", "custody")
    taken = issued["report"]["sequence"]
    station.run("ledger", "redact", taken, *ORDER)
    answer, told = checked(station, issued["path"])
    assert (answer["verdict"], answer["exit_code"]) == ("INDETERMINATE", 7)
    assert f"took away entry {taken} (report-issued)" in told["report-issue-redacted"]
