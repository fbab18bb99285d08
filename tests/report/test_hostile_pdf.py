"""Documents in which a stranger wrote every word: nothing opened, nothing broken, everything printed as it is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from report.document import Letterhead, Paper, Report, ReportKind
from report.pdf.render import render_pdf
from tests.report.documents import documents, labels
from tests.report.hostile import hostile_record
from tests.report.samples import HOSTILE
from tests.report.test_pdf import looked_at, squeezed
from tests.sim.verapdf import require_compliance

EVENTS = {"open", "urllib.Request", "socket.connect", "subprocess.Popen", "os.system"}
SHOWN = '<imgsrc="file:///etc/passwd"/>&amp;[U+202E][U+0000][U+0007][bell]'


def hostile_documents() -> list[Report]:
    """Every document, its letterhead hostile too."""
    head = Letterhead(HOSTILE, (HOSTILE, HOSTILE), HOSTILE)
    made = [*documents(hostile_record(), entered=HOSTILE), labels(hostile_record(), Paper.LABEL_62X29)]
    return [
        replace(item, issue=replace(item.issue, letterhead=head, issuer=HOSTILE, report_id=HOSTILE))
        for item in made
    ]


@contextmanager
def watched(names: list[str]) -> Iterator[None]:
    """Note what is opened, connected to or run meanwhile."""
    watching = [True]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event in EVENTS:
            names.append(f"{event} {arguments[0]}")

    sys.addaudithook(watch)
    try:
        yield
    finally:
        watching.clear()


def require_sound(folder: Path, reports: list[Report]) -> list[Path]:
    """See that documents print what is hostile in them and open nothing; their files."""
    opened: list[str] = []
    paths = [folder / f"{number}.pdf" for number, _ in enumerate(reports)]
    for path, report in zip(paths, reports, strict=True):
        with watched(opened):
            content = render_pdf(report)
        path.write_bytes(content)
        assert "No syntax or stream encoding errors" in looked_at("qpdf", "--check", path)
        assert looked_at("pdfinfo", path)
        assert SHOWN in squeezed(looked_at("pdftotext", "-raw", path, "-")) or report.issue.paper.is_label
    assert not [item for item in opened if "passwd" in item or not item.startswith("open")]
    return paths


def test_a_hostile_receipt_opens_nothing_and_is_pdf_a_3a_and_pdf_ua_1(tmp_path: Path) -> None:
    receipt = [item for item in hostile_documents() if item.kind is ReportKind.RECEIPT]
    require_compliance(*require_sound(tmp_path, receipt))


@pytest.mark.long
def test_every_hostile_document_opens_nothing_and_is_pdf_a_3a_and_pdf_ua_1(tmp_path: Path) -> None:
    require_compliance(*require_sound(tmp_path, hostile_documents()))


@pytest.mark.parametrize(
    "word",
    [
        "\ud800",
        "\udfff\ud800",
        "\ufffe\uffff",
        "\U0010ffff",
        "\x1b[2J",
        "%PDF-1.7 endstream endobj",
        "(((\\",
        "]]>",
    ],
)
def test_a_word_that_other_formats_stumble_over_is_printed(word: str, tmp_path: Path) -> None:
    report = replace(hostile_documents()[3])
    report = replace(report, title=word, issue=replace(report.issue, issuer=word))
    path = tmp_path / "report.pdf"
    path.write_bytes(render_pdf(report))
    assert "No syntax or stream encoding errors" in looked_at("qpdf", "--check", path)
    assert looked_at("pdfinfo", path).startswith("Title:")
