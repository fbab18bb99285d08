"""Nobody signs an empty page: lines of what is signed stand above the first signature."""

from pathlib import Path

import pytest

from report.document import Paper, ReportKind
from report.pdf.render import render_pdf
from tests.report.documents import documents
from tests.report.samples import healthy_record
from tests.report.test_pdf import looked_at


@pytest.mark.parametrize("paper", [Paper.A4, Paper.LETTER])
def test_a_statement_is_signed_where_some_of_it_stands(paper: Paper, tmp_path: Path) -> None:
    signed_pages = 0
    for report in documents(healthy_record(), paper):
        if report.kind is not ReportKind.STATEMENT:
            continue
        path = tmp_path / "statement.pdf"
        path.write_bytes(render_pdf(report))
        for page in looked_at("pdftotext", "-layout", path, "-").split("\f"):
            above, line, _ = page.partition("Signature\n")
            if line:
                signed_pages += 1
                told = [text for text in above.splitlines() if text.strip()]
                assert len(told) >= 6, told
    assert signed_pages >= 5
