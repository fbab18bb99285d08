"""The structure of the PDF: what veraPDF, poppler and qpdf find in it."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from casedb.records import ExhibitRecord
from report.attachments import Attachment, Relationship
from report.document import Letterhead, Paper, Report, ReportKind
from report.pdf.render import render_pdf
from tests.report.documents import documents
from tests.report.samples import ISSUE, damaged_record, healthy_record, many_scripts_record
from tests.report.test_pdf import looked_at, picture, report_of
from tests.sim.verapdf import compliance_failures, require_compliance

SAMPLES = {"healthy": healthy_record, "damaged": lambda: damaged_record(90, 400), "scripts": many_scripts_record}
PAINTING = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh", "BI"}
ATTACHED = (
    Attachment("JB1.sha256", "text/plain", Relationship.SOURCE, "Hash values of the segments", b"00  JB1.001\n"),
    Attachment("checkpoint.txt", "text/plain", Relationship.DATA, "State of the ledger", b"note\n" * 1_000),
    Attachment("empty.json", "application/json", Relationship.SUPPLEMENT, "Nothing (at all) \\", b""),
)


def with_logo(report: Report) -> Report:
    """The same report under a letterhead with a logo."""
    head = Letterhead("A & B <Laboratory>", ("1 Wharf",), None, picture())
    return replace(report, issue=replace(report.issue, letterhead=head))


def written(folder: Path, report: Report, *attached: Attachment, name: str = "report.pdf") -> Path:
    """The PDF of a report as a file."""
    path = folder / name
    path.write_bytes(render_pdf(report, attached))
    return path


def elements(pdf: pikepdf.Pdf, tag: str) -> list[pikepdf.Object]:
    """The elements of the structure with this tag."""
    return [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == f"/{tag}"]


def test_a_report_in_many_scripts_with_logo_and_attachments_is_pdf_a_3a_and_pdf_ua_1(tmp_path: Path) -> None:
    require_compliance(written(tmp_path, with_logo(report_of(many_scripts_record())), *ATTACHED))


@pytest.mark.long
@pytest.mark.parametrize("paper", [Paper.A4, Paper.LETTER])
@pytest.mark.parametrize("record", SAMPLES.values(), ids=SAMPLES.keys())
def test_every_document_on_every_paper_is_pdf_a_3a_and_pdf_ua_1(
    record: Callable[[], ExhibitRecord], paper: Paper, tmp_path: Path
) -> None:
    made = enumerate(documents(record(), paper))
    require_compliance(*(written(tmp_path, item, *ATTACHED, name=f"{n}-{item.kind.value}.pdf") for n, item in made))


def test_the_validator_finds_a_document_without_structure(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "bare.pdf"))
    canvas.drawString(100, 100, "bare")
    canvas.save()
    failures = compliance_failures(tmp_path / "bare.pdf")
    assert "7.1-3: Content shall be marked as Artifact or tagged as real content" in failures
    assert "MarkInfo" in failures


def test_nothing_is_drawn_outside_the_structure_but_artifacts() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(with_logo(report_of(damaged_record(20, 60)))))) as pdf:
        for page in pdf.pages:
            depth = 0
            for instruction in pikepdf.parse_content_stream(page):
                operator = str(instruction.operator)
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
                assert depth > 0 or operator not in PAINTING
                assert depth >= 0
            assert depth == 0


def test_headings_go_down_one_step_at_a_time_and_name_every_section() -> None:
    report = report_of(healthy_record())
    with pikepdf.open(io.BytesIO(render_pdf(report))) as pdf:
        assert len(elements(pdf, "H1")) == 1
        assert len(elements(pdf, "H2")) == len(elements(pdf, "Sect")) == len(report.sections)
        assert str(pdf.Root.Lang) == "en"


@pytest.mark.long
def test_heads_of_tables_say_for_what_they_speak_and_are_said_once(tmp_path: Path) -> None:
    path = written(tmp_path, report_of(damaged_record(150, 1)))
    assert looked_at("pdfinfo", "-struct-text", path).count('"SHA-256 of the file"') == 1
    assert looked_at("pdftotext", path, "-").count("SHA-256 of the file") > 2
    with pikepdf.open(path) as pdf:
        assert {str(head.A.Scope) for head in elements(pdf, "TH")} == {"/Column", "/Row"}
        assert all(len(row.K) > 1 for row in elements(pdf, "TR"))


def test_every_picture_says_in_words_what_it_shows() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(with_logo(report_of(damaged_record(5, 5)))))) as pdf:
        shown = [str(figure.Alt) for figure in elements(pdf, "Figure")]
        assert all(figure.A.BBox for figure in elements(pdf, "Figure"))
    assert "Logo of A & B <Laboratory>" in shown
    assert len(shown) == 4
    assert all(len(text) > 20 for text in shown)


def test_a_line_of_mixed_directions_is_spoken_in_the_order_of_reading() -> None:
    report = report_of(many_scripts_record(), ReportKind.CUSTODY)
    with pikepdf.open(io.BytesIO(render_pdf(report))) as pdf:
        code = b"".join(page.Contents.read_bytes() for page in pdf.pages)
    spoken = [
        bytes.fromhex(item.decode()).decode("utf-16") for item in re.findall(rb"/ActualText <([0-9A-F]+)>", code)
    ]
    assert "קרן قرص صلب داخلي (1 TB) serial WL1AB2C3 من حاسوب محمول" in spoken


def test_attached_files_come_out_as_they_went_in(tmp_path: Path) -> None:
    path = written(tmp_path, report_of(healthy_record()), *ATTACHED)
    looked_at("pdfdetach", "-saveall", "-o", tmp_path, path)
    for item in ATTACHED:
        assert (tmp_path / item.name).read_bytes() == item.content
    with pikepdf.open(path) as pdf:
        assert [str(item.AFRelationship) for item in pdf.Root.AF] == ["/Source", "/Data", "/Supplement"]


def test_the_order_in_which_files_are_attached_does_not_matter() -> None:
    report = report_of(healthy_record(), ReportKind.CUSTODY)
    assert render_pdf(report, ATTACHED) == render_pdf(report, ATTACHED[::-1])


def test_a_report_has_a_named_field_for_each_signature_over_its_line() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(report_of(healthy_record())))) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        assert [str(field.T) for field in fields] == ["Examiner", "Reviewer", "Authoriser"]
        assert [str(field.TU) for field in fields] == [
            f"Digital signature: {part}" for part in ("Examiner", "Reviewer", "Authorised by")
        ]
        assert all(field.FT == "/Sig" and "/V" not in field for field in fields)
        assert [form.K.Obj.T for form in elements(pdf, "Form")] == [field.T for field in fields]
        page = fields[0].P
        assert all(field in page.Annots for field in fields)


def test_the_document_says_who_made_it_when_and_in_which_language_in_both_places() -> None:
    content = render_pdf(report_of(healthy_record()))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        packet = bytes(pdf.Root.Metadata.read_bytes()).decode()
        title = str(pdf.docinfo.Title)
    assert f">{title}</rdf:li>" in packet
    assert "<xmp:CreateDate>2026-03-03T17:00:00+01:00</xmp:CreateDate>" in packet
    assert re.search(rb"/CreationDate \(D:20260303170000\+01'00'\)", content)


def test_a_logo_in_the_colours_of_print_is_brought_into_those_of_the_document(tmp_path: Path) -> None:
    from PIL import Image

    file = io.BytesIO()
    Image.new("CMYK", (40, 20), (0, 200, 0, 0)).save(file, "JPEG")
    head = Letterhead("Laboratory", logo=file.getvalue())
    report = report_of(healthy_record(), ReportKind.CUSTODY)
    with pikepdf.open(io.BytesIO(render_pdf(replace(report, issue=replace(ISSUE, letterhead=head))))) as pdf:
        images = [
            item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        ]
        assert [str(image.ColorSpace) for image in images] == ["/DeviceRGB"]
