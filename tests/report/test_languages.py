"""Documents in German and French: the same facts in other words, nothing left in English, and printable."""

import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from casedb.finding_meanings import finding_meanings
from report.document import Labels, Paper, Report, ReportKind
from report.interchange.exported import exported_of
from report.interchange.html_page import render_html
from report.log import render_log
from report.pdf.render import render_pdf
from report.receipt import receipt_text
from report.text import render_text
from report.wording import ENGLISH, say, speaking
from tests.report.samples import CASE, CUSTODY, EXHIBIT, HEALTHY, ISSUE, healthy_record
from tests.report.speech import documents_in, issue_strings, records, speak_marked, strings_of, without_typed_lines
from tests.report.test_pdf import looked_at
from tests.report.told_documents import document_of
from tests.sim.verapdf import require_compliance
from tools.messages import TRANSLATED

WORD = re.compile(r"[A-Za-z]{2,}")
DIGEST = re.compile(r"[0-9a-f]{16,}|\[U\+[0-9A-F]+\]")
NUMBER = re.compile(r"[0-9a-f]{32,}|\d[\d.:+T-]*\d|\d")
IN_NO_LANGUAGE = {"SHA", "MD", "kB", "MB", "GB", "TB", "PB", "min", "UTC", "diskwitness", "Windows", "NTP"}
IN_BOTH = {"image"}
"""Words that are English and French."""
ENGLISH_WORDS = re.compile(
    r"\b(the|of the|was|were|not recorded|entry|sectors|hash values?|image)\b", re.IGNORECASE
)


def foreign_words(report: Report, text: str, record: object) -> set[str]:
    """The Latin words of a marked document that neither the record nor a unit accounts for."""
    told = " ".join((*strings_of(record), *issue_strings(report.issue), *strings_of(ISSUE)))
    return set(WORD.findall(DIGEST.sub("", text))) - set(WORD.findall(told)) - IN_NO_LANGUAGE


def pdf_text(folder: Path, report: Report) -> str:
    """What poppler reads on the pages."""
    path = folder / "report.pdf"
    path.write_bytes(render_pdf(report))
    return looked_at("pdftotext", "-layout", path, "-")


@pytest.mark.parametrize("name", records())
def test_nothing_that_a_document_says_of_its_own_passes_the_catalogue_by(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_marked(monkeypatch)
    record = records()[name]
    for report in documents_in(record, "de"):
        if report.kind is ReportKind.STATEMENT:
            continue
        plain = without_typed_lines(report)
        assert not foreign_words(report, render_text(plain), record), report.kind


@pytest.mark.parametrize("kind", [ReportKind.ACQUISITION, ReportKind.CUSTODY, ReportKind.VERIFICATION])
def test_nothing_on_a_page_passes_the_catalogue_by(
    kind: ReportKind, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    speak_marked(monkeypatch)
    record = records()["disorder"]
    report = without_typed_lines(document_of(kind, record, replace(ISSUE, language="de")))
    assert not foreign_words(report, pdf_text(tmp_path, report), record)


def test_nothing_on_the_page_for_a_browser_passes_the_catalogue_by(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_marked(monkeypatch)
    exported = exported_of(healthy_record(), replace(ISSUE, language="de"), "0.1.0")
    plain = replace(exported, report=without_typed_lines(exported.report))
    page = re.sub(r"(?s)<style>.*?</style>|<[^>]*>", " ", render_html(plain))
    assert not foreign_words(exported.report, page, healthy_record()) - {"amp", "lt", "gt", "quot"}


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("name", records())
def test_numbers_digests_and_times_are_those_of_the_english_document(name: str, language: str) -> None:
    record = records()[name]
    pairs = zip(documents_in(record, ENGLISH), documents_in(record, language), strict=True)
    for english, translated in pairs:
        first, second = (Counter(NUMBER.findall(_figures(item))) for item in (english, translated))
        assert first == second, english.kind


def _figures(report: Report) -> str:
    """The text of a document without the meanings of findings, which English leaves to their codes."""
    with speaking(report.issue.language):
        meanings = [say(meaning) for meaning in finding_meanings().values()]
    text = render_text(report).replace(",000", "000")
    for meaning in meanings:
        text = text.replace(f"{meaning} [", "")
    return text


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_meaning_of_a_finding_stands_before_what_was_seen(language: str) -> None:
    report = document_of(ReportKind.ACQUISITION, records()["damaged"], replace(ISSUE, language=language))
    text = render_text(report)
    with speaking(language):
        meaning = say(finding_meanings()["segment-digest"])
    assert f"{meaning} [the file was changed (" in text


@pytest.mark.parametrize("language", TRANSLATED)
def test_whoever_speaks_no_english_can_read_it(language: str) -> None:
    report = without_typed_lines(
        document_of(ReportKind.CUSTODY, healthy_record(), replace(ISSUE, language=language))
    )
    told = " ".join((*strings_of(healthy_record()), *issue_strings(report.issue)))
    left = [word for word in ENGLISH_WORDS.findall(render_text(report)) if word not in told]
    assert not {word.lower() for word in left} - IN_BOTH


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_document_is_the_same_bytes_when_built_again(language: str) -> None:
    made = [
        render_pdf(document_of(ReportKind.VERIFICATION, healthy_record(), replace(ISSUE, language=language)))
        for _ in range(2)
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_document_states_its_language_everywhere(language: str) -> None:
    issue = replace(ISSUE, language=language)
    with pikepdf.open(io.BytesIO(render_pdf(document_of(ReportKind.RECEIPT, healthy_record(), issue)))) as pdf:
        assert str(pdf.Root.Lang) == language
        packet = bytes(pdf.Root.Metadata.read_bytes()).decode()
    assert f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li>" in packet
    assert f'<html lang="{language}">' in render_html(exported_of(healthy_record(), issue, "0.1.0"))


def test_a_label_has_room_for_its_short_names_in_every_language(tmp_path: Path) -> None:
    for language in TRANSLATED:
        issue = replace(ISSUE, language=language, paper=Paper.LABEL_62X29)
        report = document_of(ReportKind.LABEL, healthy_record(), issue)
        (section,) = report.sections
        (labels,) = section.blocks
        assert isinstance(labels, Labels)
        names = [name for name, _ in labels.labels[0].lines]
        printed = pdf_text(tmp_path, report)
        assert all(name in printed for name in names), names


def test_a_statement_keeps_the_words_of_its_template(tmp_path: Path) -> None:
    issue = replace(ISSUE, language="de")
    text = render_text(document_of(ReportKind.STATEMENT, healthy_record(), issue, statement="us-fre-902-14"))
    assert "penalty of perjury" in text
    assert "Wie dieser Bericht zu prüfen ist" in text


def test_the_receipt_of_a_hand_over_is_in_the_language_that_is_spoken() -> None:
    with speaking("fr"):
        text = receipt_text(CASE, EXHIBIT, CUSTODY[-1], None)
    assert text.startswith("RÉCÉPISSÉ D'UNE PIÈCE")
    assert "Non consigné" in text
    assert "diskwitness ledger verify --checkpoint FILE" in text


def test_the_log_beside_an_image_stays_english() -> None:
    assert "END OF LOG" in render_log(HEALTHY, None)


@pytest.mark.long
@pytest.mark.parametrize("language", TRANSLATED)
def test_every_document_is_pdf_a_3a_and_pdf_ua_1_in_every_language(language: str, tmp_path: Path) -> None:
    paths = []
    for name, record in records().items():
        for report in documents_in(record, language):
            paths.append(tmp_path / f"{name}-{report.kind.value}.pdf")
            paths[-1].write_bytes(render_pdf(report))
    require_compliance(*paths)
