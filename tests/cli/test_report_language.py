"""Documents in another language, from the command line: asked for, configured, refused, and made again."""

import hashlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from casedb.as_of import record_as_of
from report.pdf.render import render_pdf
from report.text import render_text
from report.wording import LANGUAGES
from tests.cli.conftest import Workstation
from tests.report.test_pdf import looked_at
from workflow.case_opening import read_case
from workflow.laboratory import Reports
from workflow.rebuild_report import rebuild_report, record_for
from workflow.report_attachments import attachments_of

Configure = Callable[[str], Path]


def issued(station: Workstation, *words: str) -> dict[str, Any]:
    """An issued report with its text."""
    return station.run_json("report", "issue", *words, "--text")


@pytest.mark.parametrize(
    ("language", "title", "missing"),
    [("de", "Sicherungsbericht", "Nicht aufgezeichnet"), ("fr", "Rapport d'acquisition", "Non consigné")],
)
def test_a_report_in_another_language_is_built_again_from_the_ledger_and_verified(
    station: Workstation, case: Path, language: str, title: str, missing: str
) -> None:
    made = issued(station, "JB1", "--language", language)
    assert title in made["text"]
    assert missing in made["text"]
    station.run("exhibit", "add", "JB2", "--description", "found later")
    again = rebuild_report(case, made["report"]["report_id"])
    assert render_text(again.report) == made["text"]
    assert (again.is_same, again.is_same_program) == (True, True)
    assert again.facts.settings["language"] == language
    assert station.run_json("report", "verify", made["path"])["verdict"] == "PASSED"


def test_the_same_bytes_come_of_a_german_report_that_is_built_again(station: Workstation, case: Path) -> None:
    made = issued(station, "JB1", "--kind", "verification", "--language", "de")
    with pikepdf.open(made["path"]) as pdf:
        assert str(pdf.Root.Lang) == "de"
    again = rebuild_report(case, made["report"]["report_id"])
    with read_case(case) as store, closing(record_as_of(store, again.facts.ledger_size)) as then:
        attachments = attachments_of(again.report, record_for(then, "JB1"), then)
    content = render_pdf(again.report, attachments)
    assert content == Path(made["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == made["report"]["sha256"]


def test_the_checkpoint_in_a_german_report_is_found_by_the_ledger(station: Workstation, case: Path) -> None:
    made = issued(station, "JB1", "--kind", "custody", "--language", "de")
    looked_at("pdfdetach", "-savefile", "checkpoint.txt", "-o", "checkpoint.txt", made["path"])
    assert station.run("ledger", "verify", "--checkpoint", "checkpoint.txt").exit_code == 0


def test_the_configured_language_holds_where_none_is_asked_for(
    station: Workstation, case: Path, configure: Configure
) -> None:
    configure('[reports]\nlanguage = "fr"\n')
    assert "Chaîne de possession" in issued(station, "JB1", "--kind", "custody")["text"]
    english = issued(station, "JB1", "--kind", "custody", "--language", "en", "--amendment", "in English")
    assert "Chain of custody" in english["text"]
    given = ("custody", "add", "JB1", "--kind", "transfer", "--released-by", "A. Doe", "--received-by", "M. Roy")
    assert "RÉCÉPISSÉ D'UNE PIÈCE" in station.run(*given).stdout


def test_a_statement_is_in_the_language_that_its_template_is_written_in(
    station: Workstation, case: Path, configure: Configure
) -> None:
    configure('[reports]\nlanguage = "de"\n')
    words = ("JB1", "--kind", "statement", "--template", "us-fre-902-14")
    text = issued(station, *words)["text"]
    assert "How to check this report" in text
    refused = station.run("report", "issue", *words, "--language", "de", "--amendment", "in German")
    assert refused.exit_code == 2
    assert "the template us-fre-902-14 is written in 'en'" in refused.stderr
    free = issued(station, "JB1", "--kind", "statement", "--template", "free", "--enter", "text=Ich war dabei.")
    assert "Wie dieser Bericht zu prüfen ist" in free["text"]


def test_a_language_that_is_not_known_is_refused_in_one_line_and_nothing_is_issued(
    station: Workstation, case: Path, configure: Configure
) -> None:
    refused = station.run("report", "issue", "JB1", "--language", "xx")
    assert refused.exit_code == 2
    assert "'xx' is not one of 'en', 'de', 'fr'" in refused.stderr
    configure('[reports]\nlanguage = "../de"\n')
    refused = station.run("report", "issue", "JB1")
    assert refused.exit_code == 2
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "reports.language" in refused.stderr
    assert not list(case.glob("reports/*"))


def test_the_configuration_knows_the_languages_that_there_are() -> None:
    hints = Reports.__annotations__["language"]
    assert [item for item in LANGUAGES if f'"{item}"' in str(hints) or f"'{item}'" in str(hints)] == [*LANGUAGES]


def test_text_and_page_of_an_export_are_in_the_language_and_the_forms_for_programs_are_not(
    station: Workstation, case: Path
) -> None:
    words = ("report", "export", "JB1", "--language", "de", "--format")
    for form in ("text", "html", "case", "dfxml"):
        assert station.run(*words, form).exit_code == 0
    assert "Aufzeichnung zu einem Asservat" in Path("reports/JB1.record.txt").read_text(encoding="utf-8")
    page = Path("reports/JB1.html").read_text(encoding="utf-8")
    assert '<html lang="de">' in page
    assert "ENDE DER AUFZEICHNUNG" in page
    assert "Asservat" not in Path("reports/JB1.case.jsonld").read_text(encoding="utf-8")
    assert "Asservat" not in Path("reports/JB1.dfxml").read_text(encoding="utf-8")
