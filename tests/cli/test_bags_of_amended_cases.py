"""Bags of cases that were redacted, signed or closed: what the record holds, and nothing that left it."""

from pathlib import Path

import pytest

from tests.casedb.test_bundle import is_refused
from tests.cli.conftest import Workstation
from tests.sim.signing_authority import PASSPHRASE, SigningAuthority

NAME = "Ludmilla Featherstonehaugh"


@pytest.fixture
def case(station: Workstation, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with the exhibit JB1, found from the current folder upwards."""
    folder = station.begin_case()
    monkeypatch.chdir(folder)
    return folder


def test_a_bag_of_a_redacted_case_holds_nothing_of_what_was_redacted(case: Path, station: Workstation) -> None:
    person = station.run_json("person", "add", NAME, "--role", "witness")["person"]["person_id"]
    because = ("--authority", "Order 7", "--because", "protection of a witness")
    assert station.run_json("ledger", "redact", person.removeprefix("P"), *because)["exit_code"] == 0
    station.run("case", "close", "--because", "judgment")
    assert station.run_json("case", "export", case, "../bag")["exit_code"] == 0
    for path in (item for item in (case.parent / "bag").rglob("*") if item.is_file()):
        assert NAME.encode() not in path.read_bytes(), path
    assert not is_refused(case.parent / "bag" / "data" / "ledger")
    taken = station.run_json("case", "import", "../bag", "../there")
    assert taken["exit_code"] == 0
    checked = station.run_json("ledger", "verify", "../there")
    assert (checked["exit_code"], checked["redacted"]) == (0, [int(person.removeprefix("P"))])


@pytest.fixture
def signing(case: Path, station: Workstation) -> tuple[object, ...]:
    """The words that sign with the key of an examiner."""
    authority = SigningAuthority()
    (case.parent / "ca.pem").write_bytes(authority.pem)
    (case.parent / "examiner.p12").write_bytes(authority.signer("The examiner").p12)
    (case.parent / "pass").write_bytes(PASSPHRASE + b"\n")
    return ("--as", "examiner", "--p12", "../examiner.p12", "--passphrase-file", "../pass")


def test_a_bag_carries_signed_reports_and_not_one_that_was_changed(
    case: Path, station: Workstation, signing: tuple[object, ...]
) -> None:
    report = station.run_json("report", "issue", "JB1", "--kind", "custody")["path"]
    signed = Path(station.run_json("report", "sign", report, *signing)["path"])
    station.run("case", "close", "--because", "judgment")
    assert station.run_json("case", "export", case, "../bag")["exit_code"] == 0
    assert (case.parent / "bag" / "data" / "reports" / signed.name).read_bytes() == signed.read_bytes()
    assert station.run_json("case", "import", "../bag", "../there")["exit_code"] == 0
    there = case.parent / "there" / "reports" / signed.name
    trusting = ("--case", "../there", "--trust", "../ca.pem")
    assert station.run_json("report", "verify", there, *trusting)["verdict"] == "PASSED"
    signed.chmod(0o644)
    signed.write_bytes(signed.read_bytes() + b"\n")
    refused = station.run_json("case", "export", case, "../second")
    assert (refused["exit_code"], "signed report" in refused["error"]["what"]) == (8, True)
    assert not (case.parent / "second").exists()


def test_a_report_of_a_closed_case_is_not_signed_and_nothing_is_left(
    case: Path, station: Workstation, signing: tuple[object, ...]
) -> None:
    report = station.run_json("report", "issue", "JB1", "--kind", "custody")["path"]
    station.run("case", "close", "--because", "judgment")
    before = sorted((case / "reports").iterdir())
    refused = station.run_json("report", "sign", report, *signing)
    assert refused["exit_code"] == 8
    assert "the case is closed" in refused["error"]["what"]
    assert sorted((case / "reports").iterdir()) == before
