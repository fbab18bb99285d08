"""Issuing reports through the command line."""

import hashlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Workstation


@pytest.mark.parametrize("kind", ["acquisition", "custody", "verification", "label"])
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


@pytest.mark.parametrize(
    "words",
    [
        ("JB9",),
        ("JB1", "--kind", "poster"),
        ("JB1", "--paper", "A3"),
        (),
        ("--kind", "custody"),
        ("JB1", "--kind", "summary"),
        ("JB1", "--kind", "receipt"),
        ("JB1", "--kind", "verification", "--entry", "2"),
        ("JB1", "--entry", "7"),
        ("JB1", "--kind", "statement"),
        ("JB1", "--kind", "statement", "--template", "../config"),
        ("JB1", "--template", "free"),
        ("JB1", "--paper", "62x29"),
        ("JB1", "--enter", "purpose"),
        ("JB1", "--enter", "colour=blue"),
        ("JB1", "--enter", "purpose=" + 10_001 * "x"),
    ],
)
def test_a_wrong_request_is_exit_2(station: Workstation, case: Path, words: tuple[str, ...]) -> None:
    result = station.run("report", "issue", *words)
    assert result.exit_code == 2
    assert not list((case / "reports").iterdir())


def test_no_report_is_made_of_a_rewritten_record(station: Workstation, case: Path) -> None:
    with closing(sqlite3.connect(case / "case.db")) as database, database:
        database.execute("UPDATE exhibits SET description = 'another disk'")
    answer = station.run_json("report", "issue", "JB1", "--case", case)
    assert answer["exit_code"] == 8
    assert "ledger verify" in answer["error"]["do"]
    assert list((case / "reports").iterdir()) == []


def test_a_report_is_issued_again_only_with_a_reason(station: Workstation, case: Path) -> None:
    station.run("report", "issue", "JB1")
    refused = station.run("report", "issue", "JB1")
    assert refused.exit_code == 2
    assert "JB1-R1" in refused.stderr
    assert "--amendment" in refused.stderr
    again = station.run_json("report", "issue", "JB1", "--amendment", "a name was misspelt")["report"]
    told = {name: again[name] for name in ("report_id", "version", "supersedes", "amendment")}
    assert told == {
        "report_id": "JB1-R2",
        "version": 2,
        "supersedes": "JB1-R1",
        "amendment": "a name was misspelt",
    }
    assert station.run("report", "issue", "JB1", "--kind", "custody").exit_code == 0


def test_a_label_is_printed_again_without_a_reason(station: Workstation, case: Path) -> None:
    assert station.run("report", "issue", "JB1", "--kind", "label").exit_code == 0
    assert station.run("report", "issue", "JB1", "--kind", "label", "--paper", "100x50").exit_code == 0
    assert station.run("report", "issue", "--kind", "label", "--paper", "Letter").exit_code == 0


def test_the_summary_is_about_every_exhibit(station: Workstation, case: Path) -> None:
    station.run("exhibit", "add", "JB2", "--description", "a memory stick")
    station.run("report", "issue", "JB1")
    issued = station.run_json("report", "issue", "--kind", "summary", "--text")
    assert issued["report"]["report_id"] == "R1"
    assert issued["report"]["exhibit"] is None
    for told in ("JB1", "JB2", "a memory stick", "not acquired", "JB1-R1"):
        assert told in issued["text"]
    assert station.run_json("report", "issue", "--kind", "summary", "--amendment", "JB3")["report"]["version"] == 2
    assert station.run("ledger", "verify").exit_code == 0


def test_each_hand_over_has_a_receipt_of_its_own(station: Workstation, case: Path) -> None:
    station.run("custody", "add", "JB1", "--kind", "seize", "--received-by", "M. Roy")
    station.run("custody", "add", "JB1", "--kind", "transfer", "--released-by", "M. Roy", "--received-by", "A. Doe")
    latest = station.run_json("report", "issue", "JB1", "--kind", "receipt", "--text")
    assert "handed over" in latest["text"]
    seized = station.run_json("custody", "show", "JB1")["custody"][-2]["sequence"]
    earlier = station.run_json("report", "issue", "JB1", "--kind", "receipt", "--entry", seized, "--text")
    assert (latest["report"]["about"], earlier["report"]["about"]) == (str(seized + 1), str(seized))
    assert station.run("report", "issue", "JB1", "--kind", "receipt").exit_code == 2


def test_what_is_entered_is_printed_and_the_laboratorys_own_words_too(
    station: Workstation, case: Path, configure: Any
) -> None:
    configure('[reports.entered]\nmethod = "SOP 12, version 3"\nauthoriser = "B. Quist"')
    shown = station.run("report", "issue", "JB1", "--text", "--enter", "purpose=Was it wiped?").stdout
    assert "SOP 12, version 3" in shown
    assert "Authorised by: B. Quist" in shown
    assert "Was it wiped?" in shown


@pytest.mark.parametrize("template", ["us-fre-902-14", "us-fre-902-11", "in-bsa-63", "uk-cja-9", "free"])
def test_a_statement_is_a_draft_with_the_hash_values_of_the_record(
    station: Workstation, case: Path, source: Path, template: str
) -> None:
    words = ("--kind", "statement", "--template", template, "--enter", "declarant=A. Doe", "--text")
    shown = station.run("report", "issue", "JB1", *words).stdout
    assert "DRAFT - to be reviewed by counsel" in shown
    assert "A. Doe" in shown
    assert hashlib.sha256(source.read_bytes()).hexdigest() in "".join(shown.split())


def test_a_statement_is_refused_where_the_last_verification_did_not_pass(station: Workstation, case: Path) -> None:
    image = case / "images" / "JB1" / "JB1.E01"
    content = bytearray(image.read_bytes())
    content[len(content) // 2] ^= 1
    image.chmod(0o600)
    image.write_bytes(content)
    assert station.run("verify", image).exit_code == 6
    refused = station.run("report", "issue", "JB1", "--kind", "statement", "--template", "free")
    assert refused.exit_code == 2
    assert "FAILED" in refused.stderr
    shown = station.run("report", "issue", "JB1", "--kind", "verification", "--text").stdout
    assert "*** MISMATCH ***" in shown


def test_a_statement_is_refused_where_the_last_verification_is_old(
    station: Workstation, case: Path, configure: Any
) -> None:
    configure("[reports]\nstatement_days = 0")
    refused = station.run("report", "issue", "JB1", "--kind", "statement", "--template", "free")
    assert refused.exit_code == 2
    assert "0 days" in refused.stderr


def test_a_laboratory_has_templates_of_its_own(station: Workstation, case: Path, configure: Any) -> None:
    folder = configure("").parent / "statements"
    folder.mkdir()
    text = 'title = "House form"\ndraft = false\n[[parts]]\ntitle = "One"\nparagraphs = ["Exhibit {exhibit}."]\n'
    (folder / "house.toml").write_text(text)
    shown = station.run("report", "issue", "JB1", "--kind", "statement", "--template", "house", "--text").stdout
    assert "House form" in shown
    assert "Exhibit JB1." in shown
    assert "DRAFT" not in shown
    (folder / "house.toml").write_text(text.replace("{exhibit}", "{spell}"))
    wrong = station.run("report", "issue", "JB1", "--kind", "statement", "--template", "house")
    assert wrong.exit_code == 2
    assert "spell" in wrong.stderr


def test_an_image_made_elsewhere_is_in_certificate_and_summary(
    station: Workstation, case: Path, source: Path
) -> None:
    station.run("exhibit", "add", "JB2", "--description", "a drive imaged by others")
    image = station.folder / "JB2.raw"
    image.write_bytes(source.read_bytes())
    digest = hashlib.sha256(image.read_bytes()).hexdigest()
    rows = re.compile(rf"^  (?:SHA-256 |JB2\.raw ).*{digest} +(\S.*)$", re.MULTILINE)
    station.run("exhibit", "import", "JB2", image)
    first = station.run("report", "issue", "JB2", "--kind", "verification", "--text").stdout
    assert "*** INCOMPLETE ***" in first
    assert rows.findall(first) == ["not compared", "not compared"]
    assert station.run("verify", image).exit_code == 0
    second = station.run("report", "issue", "JB2", "--kind", "verification", "--text").stdout
    assert "*** MATCH ***" in second
    assert rows.findall(second) == ["agrees", "agrees"]
    summary = station.run("report", "issue", "--kind", "summary", "--text").stdout
    assert "image made elsewhere" in summary
    assert summary.count(digest) == 2
