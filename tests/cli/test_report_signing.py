"""Reports signed and checked through the command line, with their case and without."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.cli.conftest import Workstation
from tests.report.test_signature_attacks import painted_over
from tests.sim.signing_authority import PASSPHRASE, SigningAuthority, TimeAuthority, served


@pytest.fixture(scope="module")
def authority() -> SigningAuthority:
    """Whoever certifies the people of the laboratory."""
    return SigningAuthority()


@pytest.fixture
def case(station: Workstation, source: Path, authority: SigningAuthority, configure: Callable[[str], Path]) -> Path:
    """A case with one report, and beside it the keys of three people; its folder is the current one."""
    station.begin_case()
    station.run("acquire", source, "--exhibit", "JB1", "--case", "matter", "--no-second-opinion", "--no-verify")
    os.chdir(station.folder / "matter")
    (station.folder / "ca.pem").write_bytes(authority.pem)
    (station.folder / "pass").write_bytes(PASSPHRASE + b"\n")
    for name in ("examiner", "reviewer", "authoriser"):
        (station.folder / f"{name}.p12").write_bytes(authority.signer(f"The {name}").p12)
    configure(f'[signing]\ntrust = ["{station.folder}/ca.pem"]')
    return station.folder / "matter"


@pytest.fixture
def report(station: Workstation, case: Path) -> Path:
    """A report of the case."""
    return Path(station.run_json("report", "issue", "JB1", "--kind", "custody")["path"])


def sign(station: Workstation, report: Path, role: str, *words: object, who: str | None = None) -> dict[str, Any]:
    """Sign a report in a role."""
    key = ("--p12", f"../{who or role}.p12", "--passphrase-file", "../pass")
    return station.run_json("report", "sign", report, "--as", role, *key, *words)


def codes(answer: dict[str, Any]) -> set[str]:
    """The codes of the findings that are more than a note."""
    return {item["code"] for item in answer["findings"] if item["severity"] != "note"}


def test_an_unsigned_report_passes_by_the_ledger_alone(station: Workstation, report: Path) -> None:
    answer = station.run_json("report", "verify", report)
    assert (answer["verdict"], answer["exit_code"]) == ("PASSED", 0)
    assert answer["report"]["sha256"] == hashlib.sha256(report.read_bytes()).hexdigest()
    assert answer["issued_bytes"] == len(report.read_bytes())


def test_three_people_sign_and_the_ledger_knows_each(station: Workstation, report: Path) -> None:
    before = report.read_bytes()
    path = report
    for role in ("examiner", "reviewer", "authoriser"):
        made = sign(station, path, role)
        path = Path(made["path"])
        assert made["signature"]["role"] == role
        assert made["signature"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.name == f"{report.stem}-signed-examiner-reviewer-authoriser.pdf"
    assert report.read_bytes() == before
    answer = station.run_json("report", "verify", path)
    assert (answer["verdict"], codes(answer)) == ("PASSED", set())
    assert len(answer["recorded_signatures"]) == len(answer["signatures"]) == 3
    assert station.run("ledger", "verify").exit_code == 0


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=lambda curve: curve.name)
def test_a_key_on_a_curve_signs_and_the_report_passes(
    station: Workstation, report: Path, configure: Callable[[str], Path], curve: ec.EllipticCurve
) -> None:
    folder, authority = station.folder, SigningAuthority("Curve CA", curve)
    (folder / "ca.pem").write_bytes(authority.pem)
    (folder / "curved.p12").write_bytes(authority.signer("Erin Examiner").p12)
    configure(f'[signing]\ntrust = ["{folder}/ca.pem"]')
    made = sign(station, report, "examiner", who="curved")
    assert made["level"] == "PAdES-B-LT"
    answer = station.run_json("report", "verify", made["path"])
    assert (answer["verdict"], codes(answer)) == ("PASSED", set())


@pytest.mark.long
def test_signatures_are_stamped_by_the_configured_authority(
    station: Workstation, report: Path, authority: SigningAuthority, configure: Callable[[str], Path]
) -> None:
    folder = station.folder
    settings = f'[signing]\ntrust = ["{folder}/ca.pem"]\n[timestamps]\nauthority = "{folder}/ca.pem"\n'
    clock = TimeAuthority(folder / "tsa", authority.time_stamper())
    with served(clock) as url:
        configure(f'{settings}url = "{url}"')
        made = sign(station, report, "examiner")
    assert made["level"] == "PAdES-B-LTA"
    answer = station.run_json("report", "verify", made["path"])
    assert (answer["verdict"], [item["code"] for item in answer["findings"]]) == ("PASSED", [])
    Path(made["path"]).unlink()
    silent = sign(station, report, "examiner")
    assert (silent["exit_code"], "--without-timestamp" in silent["error"]["do"]) == (2, True)
    assert sign(station, report, "examiner", "--without-timestamp")["level"] == "PAdES-B-LT"


def test_a_painted_page_and_a_changed_byte_fail(station: Workstation, report: Path) -> None:
    signed = Path(sign(station, report, "examiner")["path"])
    good = signed.read_bytes()
    middle = len(report.read_bytes()) // 2
    forged = {
        "painted": painted_over(good),
        "flipped": good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :],
    }
    for name, data in forged.items():
        path = station.folder / f"{name}.pdf"
        path.write_bytes(data)
        answer = station.run_json("report", "verify", path)
        assert (name, answer["verdict"], answer["exit_code"]) == (name, "FAILED", 6)


@pytest.mark.long
def test_a_cut_end_and_appended_bytes_fail(station: Workstation, report: Path) -> None:
    good = Path(sign(station, report, "examiner")["path"]).read_bytes()
    for data in (good + b"%more\n", good[:-1], good[:-2], good[:-900]):
        (station.folder / "x.pdf").write_bytes(data)
        answer = station.run_json("report", "verify", station.folder / "x.pdf")
        assert (answer["verdict"], answer["exit_code"]) == ("FAILED", 6), len(data)


@pytest.mark.long
def test_any_byte_of_the_signed_file_counts_where_the_ledger_is(station: Workstation, report: Path) -> None:
    signed = Path(sign(station, report, "examiner")["path"])
    good, path = signed.read_bytes(), station.folder / "flipped.pdf"
    issued = len(report.read_bytes())
    for place in range(issued, len(good), (len(good) - issued) // 9):
        path.write_bytes(good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :])
        assert station.run("report", "verify", path).exit_code == 6, place


@pytest.mark.long
def test_without_a_case_the_signature_speaks_and_says_so(station: Workstation, report: Path) -> None:
    signed = Path(sign(station, report, "examiner")["path"])
    away = station.folder / "away"
    away.mkdir()
    shutil.copy(signed, away / "signed.pdf")
    shutil.copy(report, away / "plain.pdf")
    os.chdir(away)
    answer = station.run_json("report", "verify", "signed.pdf")
    assert answer["verdict"] == "PASSED"
    assert "report-ledger-unseen" in {item["code"] for item in answer["findings"]}
    assert station.run_json("report", "verify", "plain.pdf")["exit_code"] == 7
    Path(station.environment["XDG_CONFIG_HOME"], "diskwitness", "config.toml").unlink()
    assert codes(station.run_json("report", "verify", "signed.pdf")) == {
        "report-signer-unknown",
        "report-unchecked",
    }
    assert station.run("report", "verify", "signed.pdf", "--trust", "../ca.pem").exit_code == 0


def test_a_report_of_another_case_is_not_this_cases(station: Workstation, report: Path) -> None:
    station.run("case", "create", "../other", "--number", "2026-18", "--examiner", "A. Doe")
    answer = station.run_json("report", "verify", report, "--case", "../other")
    assert answer["exit_code"] in (6, 7)
    assert codes(answer) & {"report-altered", "report-of-another-case"}


@pytest.mark.long
def test_another_certificate_than_the_recorded_one_is_found(
    station: Workstation, report: Path, authority: SigningAuthority
) -> None:
    sign(station, report, "examiner")
    (station.folder / "other.p12").write_bytes(authority.signer("Some One Else").p12)
    forged = station.folder / "forged.pdf"
    sign(station, report, "examiner", "--unrecorded", "--output", forged, who="other")
    answer = station.run_json("report", "verify", forged)
    assert answer["verdict"] == "FAILED"
    assert "report-signer-differs" in codes(answer)


def test_signing_keeps_its_order_and_overwrites_nothing(station: Workstation, report: Path) -> None:
    assert sign(station, report, "reviewer")["exit_code"] == 2
    signed = Path(sign(station, report, "examiner")["path"])
    assert sign(station, signed, "examiner")["exit_code"] == 2
    assert sign(station, report, "examiner")["exit_code"] == 4
    assert sign(station, report, "examiner", "--output", signed)["exit_code"] == 4


def test_a_changed_report_is_not_signed(station: Workstation, report: Path, case: Path) -> None:
    forged = station.folder / "forged.pdf"
    forged.write_bytes(painted_over(report.read_bytes()))
    answer = sign(station, forged, "examiner")
    assert answer["exit_code"] == 8
    assert "report-addition" in answer["error"]["what"]
    assert not list(station.folder.glob("*signed*"))
    assert not list(case.rglob("*.partial"))


@pytest.mark.parametrize("what", ["absent.p12", "ca.pem", "pass"])
def test_a_key_that_is_none_is_one_line(station: Workstation, report: Path, what: str) -> None:
    words = ("--as", "examiner", "--p12", f"../{what}", "--passphrase-file", "../pass")
    result = station.run("report", "sign", report, *words)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_a_passphrase_is_asked_for_only_where_somebody_sits(station: Workstation, report: Path) -> None:
    result = station.run("report", "sign", report, "--as", "examiner", "--p12", "../examiner.p12")
    assert result.exit_code == 2
    assert "--passphrase-file" in result.stderr


def test_what_is_no_pdf_gets_a_verdict_and_no_traceback(station: Workstation, case: Path) -> None:
    for data in (b"", b"%PDF-1.7 nonsense", os.urandom(3000)):
        (station.folder / "x.pdf").write_bytes(data)
        assert station.run("report", "verify", station.folder / "x.pdf").exit_code == 6
    assert station.run("report", "verify", station.folder / "absent.pdf").exit_code == 7
    assert station.run("report", "verify", "/dev/zero").exit_code == 7
