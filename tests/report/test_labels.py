"""Exhibit labels: what their codes say, as other programs read them, and that nothing on them is out of place."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from report.document import Paper
from report.pdf.codes import bar_rectangles, qr_modules, qr_rectangles
from report.pdf.render import render_pdf
from tests.report.documents import CHECKPOINT, labels
from tests.report.samples import HOSTILE, OFFICER, damaged_record, healthy_record, many_scripts_record
from tests.report.test_pdf import looked_at
from tests.sim.foreign_programs import run_program
from tests.sim.verapdf import require_compliance

LABELS = (Paper.LABEL_62X29, Paper.LABEL_100X50)


def written(folder: Path, paper: Paper, reference: str = "JB1") -> Path:
    """The labels of two exhibits of this reference."""
    record = healthy_record()
    path = folder / "label.pdf"
    path.write_bytes(
        render_pdf(labels(replace(record, exhibit=replace(record.exhibit, reference=reference)), paper))
    )
    return path


@pytest.mark.parametrize("paper", Paper)
def test_a_scanner_reads_the_reference_and_the_checkpoint(paper: Paper, tmp_path: Path) -> None:
    if shutil.which("zbarimg") is None:
        pytest.skip("no zbarimg: Debian package zbar-tools")
    run_program(
        tmp_path, "pdftoppm", "-r", "300", "-png", "-f", "1", "-l", "1", str(written(tmp_path, paper)), "page"
    )
    page = next(tmp_path.glob("page*.png"))
    read = run_program(tmp_path, "zbarimg", "--quiet", "--nodbus", page.name)
    assert "CODE-128:JB1\n" in read
    assert f"QR-Code:{CHECKPOINT}" in read


@pytest.mark.parametrize("paper", LABELS)
def test_a_label_is_a_page_of_its_size_and_names_no_person(paper: Paper, tmp_path: Path) -> None:
    path = written(tmp_path, paper)
    assert "Pages:           2" in looked_at("pdfinfo", path)
    printed = looked_at("pdftotext", path, "-")
    assert printed.count("JB1") == 2
    assert OFFICER.name not in printed
    assert "WL1AB2C3" in printed


@pytest.mark.parametrize("record", [damaged_record(5, 5), many_scripts_record()], ids=["hostile", "scripts"])
def test_labels_are_pdf_a_3a_and_pdf_ua_1_whatever_stands_on_them(record: object, tmp_path: Path) -> None:
    paths = []
    for paper in (Paper.LABEL_62X29, Paper.A4):
        paths.append(tmp_path / f"{paper.name}.pdf")
        paths[-1].write_bytes(render_pdf(labels(record, paper)))  # type: ignore[arg-type]
    require_compliance(*paths)


def test_a_reference_too_long_for_bars_that_can_be_read_has_none(tmp_path: Path) -> None:
    for reference, pictures in (("JB1", 4), ("X-0123456789-abcdefgh", 2)):
        shown = looked_at("pdfinfo", "-struct", written(tmp_path, Paper.LABEL_62X29, reference))
        assert shown.count("Figure") == pictures


def test_bars_lie_in_their_room_and_begin_and_end_as_the_standard_says() -> None:
    bars = bar_rectangles("JB1", 90, 15, 2.0)
    module = bars[0][2] / 2
    assert [round(width / module) for _, _, width, _ in bars[-3:]] == [3, 1, 2]
    assert max(x + width for x, _, width, _ in bars) <= 90.001


def test_letters_that_code_128_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="Code 128"):
        bar_rectangles("保管", 90, 15, 1)


def test_the_rectangles_of_a_qr_code_cover_its_dark_modules() -> None:
    rows = qr_modules(CHECKPOINT, "M")
    area = sum(width * height for _, _, width, height in qr_rectangles(CHECKPOINT, "M", len(rows)))
    assert area == pytest.approx(sum(map(sum, rows)))


def test_hostile_words_on_a_label_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "label.pdf"
    path.write_bytes(render_pdf(labels(damaged_record(5, 5), Paper.LABEL_100X50)))
    assert HOSTILE[:12] in looked_at("pdftotext", "-layout", path, "-")
