"""The verification certificate is one page; what does not fit on it stands in the annex from the second page on."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from casedb.records import ExhibitRecord, Finding
from image.findings import finding
from report.document import Paper, ReportKind
from report.pdf.render import render_pdf
from report.sections.enclosed import with_enclosed
from tests.report.samples import HEALTHY, ISSUE, healthy_record, record_of, verified
from tests.report.test_pdf import looked_at
from tests.report.test_tagged_pdf import ATTACHED, with_logo
from tests.report.told_documents import document_of

ANNEX = "Annex: the verification in detail"
FINDINGS: dict[str, tuple[Finding, ...]] = {
    "MATCH": (),
    "MISMATCH": tuple(
        finding(code, "the file was changed", segment="JB1.E17")
        for code in ("segment-digest", "segment-missing", "chunk-checksum", "stored-digest")
        for _ in range(20)
    ),
    "INCOMPLETE": (finding("second-opinion-missing", "libewf is not installed"),),
}


def pages(record: ExhibitRecord, paper: Paper, folder: Path) -> Sequence[str]:
    """The text of each page of the certificate of this record's verification, under a letterhead with a logo."""
    program = replace(
        record.verifications[-1], tool_version="0.1.0", program_sha256="ab" * 32, host="bench-2", operator="dreyes"
    )
    whole = replace(record, verifications=(program,))
    report = with_logo(document_of(ReportKind.VERIFICATION, whole, replace(ISSUE, paper=paper)))
    path = folder / "certificate.pdf"
    path.write_bytes(render_pdf(with_enclosed(report, ATTACHED), ATTACHED))
    return looked_at("pdftotext", "-layout", path, "-").split("\f")


@pytest.mark.parametrize("paper", [Paper.A4, Paper.LETTER])
@pytest.mark.parametrize("word", FINDINGS)
def test_the_certificate_is_one_page_whatever_the_result(word: str, paper: Paper, tmp_path: Path) -> None:
    record = record_of(HEALTHY, verified(HEALTHY, FINDINGS[word]))
    first, second, *_ = pages(record, paper, tmp_path)
    for told in (word, "images/JB1/JB1.E01", *HEALTHY.media.digests["sha1"].split(), "dreyes", "Examiner"):
        assert told in first
    assert "sha256sum -c JB1.sha256" in first
    assert "Signature" in first
    assert ANNEX not in first
    assert ANNEX in second


def test_an_address_of_four_lines_still_leaves_one_page(tmp_path: Path) -> None:
    record = healthy_record()
    assert ANNEX in pages(record, Paper.LETTER, tmp_path)[1]
