"""Signed reports as documents: still PDF/A-3a and PDF/UA-1, and poppler reads them without a word."""

import shutil
import subprocess
from pathlib import Path

import pytest

from report.pdf.render import render_pdf
from tests.report.samples import damaged_record
from tests.report.signing_trial import EXAMINER, REVIEWER, laboratory
from tests.report.test_pdf import report_of
from tests.report.test_tagged_pdf import ATTACHED
from tests.sim.verapdf import require_compliance
from workflow.report_findings import file_findings


@pytest.mark.long
def test_signed_twice_a_report_is_still_what_it_claims_to_be(tmp_path: Path) -> None:
    lab = laboratory(tmp_path)
    issued = render_pdf(report_of(damaged_record(20, 60)), ATTACHED)
    signed = lab.sign(lab.sign(issued, EXAMINER), REVIEWER)
    found = lab.look(signed)
    assert not list(file_findings(found))
    assert [item.name for item in found.attachments] == sorted(item.name for item in ATTACHED)
    assert found.checkpoint == "note\n" * 1_000
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    require_compliance(path)


@pytest.mark.parametrize("program", ["pdfinfo", "pdffonts", "pdftotext"])
def test_poppler_reads_what_a_signer_is_called(tmp_path: Path, program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed (Debian package poppler-utils)")
    signed = laboratory(tmp_path).sign(render_pdf(report_of(damaged_record(2, 2))), EXAMINER)
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    words = [program, str(path), *(["-"] if program == "pdftotext" else [])]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    assert program != "pdftotext" or "Erin Examiner" in done.stdout
