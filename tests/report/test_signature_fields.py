"""Each of three signatures stands in the field that was made for it, and the file stays what it claims to be."""

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from report.document import ReportKind
from report.pdf.render import render_pdf
from report.sections.closing import signatures_section
from report.signing.values import SigningRole
from tests.report.samples import ISSUE, healthy_record
from tests.report.signing_trial import Laboratory, laboratory
from tests.report.test_pdf import looked_at, report_of
from tests.report.test_tagged_pdf import elements
from tests.report.told_documents import document_of
from tests.sim.verapdf import require_compliance

NAMES = ["Examiner", "Reviewer", "Authoriser"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """A laboratory whose people can sign."""
    return laboratory(tmp_path_factory.mktemp("lab"))


@pytest.mark.long
def test_three_signatures_stand_in_the_fields_that_were_made_for_them(lab: Laboratory, tmp_path: Path) -> None:
    pdf, paths = render_pdf(report_of(healthy_record())), []
    for number, role in enumerate(SigningRole):
        pdf = lab.sign(pdf, role)
        paths.append(tmp_path / f"{number}.pdf")
        paths[-1].write_bytes(pdf)
    require_compliance(*paths)
    with pikepdf.open(io.BytesIO(pdf)) as found:
        ours = [field for field in found.Root.AcroForm.Fields if str(field.T) in NAMES]
        assert [str(field.T) for field in ours] == NAMES
        assert all("/V" in field and field.AP.N.BBox for field in ours)
        assert [str(form.K.Obj.T) for form in elements(found, "Form")][:3] == NAMES
    assert [item.field for item in lab.look(pdf).signatures] == NAMES


def test_a_signature_is_seen_in_the_language_of_its_document(lab: Laboratory, tmp_path: Path) -> None:
    report = document_of(ReportKind.CUSTODY, healthy_record(), replace(ISSUE, language="de"))
    report = replace(report, sections=(*report.sections, signatures_section(healthy_record(), {})))
    path = tmp_path / "signed.pdf"
    path.write_bytes(lab.sign(render_pdf(report), SigningRole.EXAMINER))
    assert "Elektronisch signiert" in looked_at("pdftotext", path, "-")
