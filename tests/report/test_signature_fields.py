"""Each of three signatures stands in the field that was made for it, and the file stays what it claims to be."""

import io
from pathlib import Path

import pikepdf
import pytest

from report.pdf.render import render_pdf
from report.signing.values import SigningRole
from tests.report.samples import healthy_record
from tests.report.signing_trial import Laboratory, laboratory
from tests.report.test_pdf import report_of
from tests.report.test_tagged_pdf import elements
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
