"""The finished PDF, looked at with other people's programs (Debian packages qpdf and poppler-utils)."""

import hashlib
import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pymupdf_fonts
import pytest

from casedb.records import ExhibitRecord
from report.content import build_report
from report.document import Facts, Letterhead, Paper, Report, ReportKind
from report.pdf.render import render_pdf
from report.text import render_text
from tests.report.samples import (
    ISSUE,
    at,
    damaged_record,
    healthy_record,
    many_scripts_record,
)

PACKAGES = {
    "qpdf": "qpdf",
    "pdffonts": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdfinfo": "poppler-utils",
    "pdfdetach": "poppler-utils",
    "pdftoppm": "poppler-utils",
}
SAMPLES = {"healthy": healthy_record, "damaged": lambda: damaged_record(150, 400), "scripts": many_scripts_record}
ROOT = Path(__file__).parents[2]
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def picture() -> bytes:
    """A PNG picture of two blue dots."""
    head = struct.pack(">LLBBBBB", 2, 1, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" + 2 * b"\x10\x20\xc0")), (b"IEND", b""))
    chunks = [
        struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
        for name, data in parts
    ]
    return PNG_SIGNATURE + b"".join(chunks)


def looked_at(program: str, *arguments: str | Path) -> str:
    """What another program prints of a file; skips where it is not installed."""
    if shutil.which(program) is None:
        pytest.skip(f"no {program}: Debian package {PACKAGES[program]}")
    run = subprocess.run([program, *arguments], capture_output=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert not run.stderr
    return run.stdout.decode("utf-8", "surrogateescape")


SHEETS = (Paper.A4, Paper.LETTER)
OF_AN_EXHIBIT = (ReportKind.ACQUISITION, ReportKind.CUSTODY, ReportKind.VERIFICATION, ReportKind.RECEIPT)


def report_of(record: ExhibitRecord, kind: ReportKind = ReportKind.ACQUISITION, paper: Paper = Paper.A4) -> Report:
    """A report on this paper."""
    return build_report(kind, record, replace(ISSUE, paper=paper))


def report_of_condition(text: str) -> Report:
    """A report on an exhibit in this condition."""
    record = healthy_record()
    return report_of(replace(record, exhibit=replace(record.exhibit, condition=text)))


def digest_in_new_process(what: str, before: str = "None", environment: dict[str, str] | None = None) -> str:
    """The SHA-256 of a PDF drawn by a new process, perhaps after another one."""
    code = (
        "import hashlib; from tests.report.test_pdf import *\n"
        f"first = {before}\n"
        "first and render_pdf(first)\n"
        f"print(hashlib.sha256(render_pdf({what})).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    return run.stdout.decode().strip()


def written(folder: Path, report: Report) -> Path:
    """The PDF of a report as a file."""
    path = folder / "report.pdf"
    path.write_bytes(render_pdf(report))
    return path


def squeezed(text: str) -> str:
    """A text without its blanks and line breaks."""
    return "".join(text.split())


@pytest.mark.parametrize("paper", SHEETS)
@pytest.mark.parametrize("kind", OF_AN_EXHIBIT)
@pytest.mark.parametrize("record", SAMPLES.values(), ids=SAMPLES.keys())
def test_the_file_is_sound_and_has_every_font_in_it(
    record: Callable[[], ExhibitRecord], kind: ReportKind, paper: Paper, tmp_path: Path
) -> None:
    path = written(tmp_path, report_of(record(), kind, paper))
    assert "No syntax or stream encoding errors" in looked_at("qpdf", "--check", path)
    fonts = looked_at("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(re.search(r"TrueType +\S+ +yes yes yes", line) for line in fonts)


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, "595.276 x 841.89"), (Paper.LETTER, "612 x 792")])
def test_the_pages_have_the_size_that_was_asked_for(paper: Paper, size: str, tmp_path: Path) -> None:
    assert f"Page size:       {size}" in looked_at(
        "pdfinfo", written(tmp_path, report_of(healthy_record(), paper=paper))
    )


def test_every_page_carries_case_exhibit_report_ledger_and_its_number(tmp_path: Path) -> None:
    report = report_of(damaged_record(150, 400))
    report = replace(report, running=replace(report.running, case_number="2026-0113"))
    pages = looked_at("pdftotext", "-layout", written(tmp_path, report), "-").split("\f")[:-1]
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert "Case 2026-0113 Exhibit JB1" in " ".join(page.split())
        assert "R-2026-0113-JB1-1, version 1" in page
        assert f"Ledger: 10 entries, root {report.running.ledger_root[:16]}" in page
        assert f"Page {number} of {len(pages)}" in page
    assert [page.count("END OF REPORT") for page in pages] == [0] * (len(pages) - 1) + [1]


def test_every_fact_of_the_report_is_printed_exactly(tmp_path: Path) -> None:
    report = report_of(healthy_record())
    printed = squeezed(looked_at("pdftotext", "-layout", written(tmp_path, report), "-"))
    blocks = [block for section in report.sections for block in section.blocks if isinstance(block, Facts)]
    values = [fact.value for block in blocks for fact in block.facts if fact.value is not None]
    one_line = [value for value in values if len(value) < 60]
    assert len(one_line) > 60
    assert not [value for value in one_line if squeezed(value) not in printed]


def test_every_number_that_is_printed_is_in_the_text_of_the_same_report(tmp_path: Path) -> None:
    report = report_of(healthy_record(), ReportKind.CUSTODY)
    text = render_text(report)
    printed = looked_at("pdftotext", "-layout", written(tmp_path, report), "-")
    drawn = re.sub(r"Page \d+ of \d+", "", printed)
    assert not set(re.findall(r"\d+", drawn)) - set(re.findall(r"\d+", text))


@pytest.mark.parametrize("paper", SHEETS)
def test_a_line_to_type_stands_on_the_page_of_what_it_is_for(paper: Paper, tmp_path: Path) -> None:
    pairs = (
        ("is the record still what it was", "diskwitness ledger verify"),
        ("unreadable (GNU", "ddrescuelog -t"),
    )
    path = written(tmp_path, report_of(healthy_record(), paper=paper))
    pages = looked_at("pdftotext", "-layout", path, "-").split("\f")
    for why, line in pairs:
        assert [line in page for page in pages if why in page] == [True]


def test_a_table_over_many_pages_has_its_head_on_each(tmp_path: Path) -> None:
    pages = looked_at("pdftotext", "-layout", written(tmp_path, report_of(damaged_record(150, 1))), "-").split("\f")
    with_segments = [page for page in pages if re.search(r"JB1\.\d{3} +20971", page)]
    assert len(with_segments) > 2
    assert all("SHA-256 of the file" in page for page in with_segments)


def test_the_same_report_gives_the_same_bytes_whatever_was_drawn_before() -> None:
    first = render_pdf(report_of(many_scripts_record()))
    render_pdf(report_of(damaged_record(5, 5), ReportKind.CUSTODY))
    assert render_pdf(report_of(many_scripts_record())) == first


def test_joined_letters_are_those_of_this_document_not_of_the_one_before() -> None:
    first, second = (f"report_of_condition({text!a})" for text in ("क्षत्रिय ज्ञान", "हार्ड डिस्क श्री"))
    alone = digest_in_new_process(second)
    assert digest_in_new_process(second, before=first) == alone


def test_the_same_report_gives_the_same_bytes_in_another_process_at_another_time() -> None:
    what = "report_of(many_scripts_record())"
    here = digest_in_new_process(what, environment={"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"})
    there = digest_in_new_process(what, environment={"PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1"})
    assert here == there == hashlib.sha256(render_pdf(report_of(many_scripts_record()))).hexdigest()


def test_settings_for_reportlab_in_the_environment_or_at_home_do_not_change_a_report(tmp_path: Path) -> None:
    (tmp_path / ".reportlab_settings").write_text("pageCompression = 0\ninvariant = 1\ndefaultPageSize = 'LEGAL'\n")
    what = "report_of(many_scripts_record())"
    settings = {"RL_useA85": "1", "RL_invariant": "1", "RL_pageCompression": "0", "HOME": str(tmp_path)}
    assert digest_in_new_process(what, environment=settings) == digest_in_new_process(what)


def test_the_document_bears_the_time_of_its_issue_with_the_offset() -> None:
    report = report_of(healthy_record())
    assert b"/CreationDate (D:20260303170000+01'00')" in render_pdf(report)
    west = replace(ISSUE, issued=replace(at(16), offset_minutes=-210))
    later = build_report(ReportKind.ACQUISITION, healthy_record(), west)
    assert b"/CreationDate (D:20260303123000-03'30')" in render_pdf(later)


def test_hostile_strings_open_no_file_and_are_printed_as_they_are(tmp_path: Path) -> None:
    opened: list[str] = []
    watching = [True]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event in {"open", "urllib.Request", "socket.connect", "subprocess.Popen"}:
            opened.append(f"{event} {arguments[0]}")

    sys.addaudithook(watch)
    content = render_pdf(report_of(damaged_record(5, 5)))
    watching.clear()
    assert not [item for item in opened if "passwd" in item or not item.startswith("open")]
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    printed = squeezed(looked_at("pdftotext", "-layout", path, "-"))
    assert '<imgsrc="file:///etc/passwd"/>&amp;[U+202E][U+0000][U+0007][bell][U+000A]Verdict:' in printed


def test_letters_without_a_glyph_are_named_at_the_end(tmp_path: Path) -> None:
    printed = looked_at("pdftotext", "-layout", written(tmp_path, report_of(many_scripts_record())), "-")
    assert "[U+1F4A9] [U+13A0]" in printed
    assert re.search(r"printed as their numbers\. How many: \d+: U\+13A0", printed)


def test_names_from_right_to_left_can_be_copied_as_they_were_written(tmp_path: Path) -> None:
    path = written(tmp_path, report_of(many_scripts_record(), ReportKind.CUSTODY))
    plain = tmp_path / "plain.pdf"
    looked_at("qpdf", "--stream-data=uncompress", "--decode-level=all", path, plain)
    name = ("\ufeff" + "أحمد بن علي الخطيب").encode("utf-16-be").hex().upper()
    assert name.encode() in plain.read_bytes()


def test_a_logo_is_drawn_and_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    head = Letterhead("Northgate Digital Forensics", logo=picture())
    report = report_of(healthy_record())
    path = written(tmp_path, replace(report, issue=replace(ISSUE, letterhead=head)))
    assert b"/Subtype /Image" in path.read_bytes()
    for wrong in (b"", b"not a picture", PNG_SIGNATURE, picture()[:40], b"%!PS-Adobe-3.0 EPSF-3.0"):
        broken = replace(report, issue=replace(ISSUE, letterhead=replace(head, logo=wrong)))
        with pytest.raises(ValueError, match="logo"):
            render_pdf(broken)


def test_a_font_for_chinese_that_is_not_one_is_passed_by(tmp_path: Path) -> None:
    font = tmp_path / "font.ttf"
    font.write_bytes(b"not a font")
    assert render_pdf(report_of(healthy_record()), cjk_font=font) == render_pdf(report_of(healthy_record()))


def test_a_configured_font_is_asked_for_letters_that_ours_do_not_have(tmp_path: Path) -> None:
    font = tmp_path / "symbols.ttf"
    font.write_bytes(bytes(pymupdf_fonts.myfont("cascadia")))
    record = healthy_record()
    report = report_of(replace(record, exhibit=replace(record.exhibit, condition="marked \u2310")))
    for cjk_font, shown in ((None, "marked [U+2310]"), (font, "marked \u2310")):  # the font of digests, once more
        path = tmp_path / "report.pdf"
        path.write_bytes(render_pdf(report, cjk_font=cjk_font))
        assert squeezed(shown) in squeezed(looked_at("pdftotext", "-layout", path, "-"))


def test_the_documents_can_be_built_without_loading_what_draws_them() -> None:
    code = (
        "import sys, report.content, report.text, report.log, report.pdf;"
        "print(sorted({'reportlab', 'uharfbuzz', 'pymupdf_fonts', 'PIL'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
