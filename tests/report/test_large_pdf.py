"""The largest report: thousands of segments, a hundred thousand unreadable ranges, the whole lists attached."""

import re
import sys
import time
from pathlib import Path

import pikepdf
import pytest

from tests.report.test_pdf import ROOT, looked_at
from tests.sim.measured_run import measured_run

MEBIBYTE = 1024 * 1024
PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from report.content import build_report
from report.document import ReportKind
from report.pdf.render import render_pdf
from report.sections.enclosed import with_enclosed
from tests.report.samples import HEALTHY, ISSUE, damaged_record
from workflow.report_attachments import files_of_image

record = damaged_record(int(sys.argv[1]), int(sys.argv[2]))
acquisition = record.acquisitions[0]
manifest = acquisition.manifest
read = replace(HEALTHY.read, unreadable=manifest.read.unreadable)
attached = tuple(files_of_image(acquisition, replace(manifest, job=HEALTHY.job, read=read, findings=())))
report = with_enclosed(build_report(ReportKind.ACQUISITION, record, ISSUE), attached)
Path(sys.argv[3]).write_bytes(render_pdf(report, attached))
"""


def made(folder: Path, segments: int, ranges: int) -> tuple[Path, int, float]:
    """A report of this size, the highest memory and the seconds that it took."""
    path = folder / "report.pdf"
    started = time.monotonic()
    run = measured_run([sys.executable, "-c", PROGRAM, segments, ranges, path], ROOT)
    assert run.exit_code == 0
    return path, run.peak_bytes, time.monotonic() - started


def require_whole_lists(path: Path, segments: int, ranges: int) -> None:
    """See that the attached files hold what the tables leave out, and that the tables say so."""
    with pikepdf.open(path) as pdf:
        mapfile = pdf.attachments["JB1.map"].get_file().read_bytes()
        checksums = pdf.attachments["JB1.sha256"].get_file().read_bytes()
    assert len(checksums.splitlines()) == segments
    assert len(re.findall(rb"^0x\w+  0x\w+  -$", mapfile, re.MULTILINE)) == ranges
    printed = looked_at("pdftotext", "-layout", path, "-")
    assert f"300 of {ranges}" in printed
    assert len(set(re.findall(r"^ *(JB1\.\d{3,4}) +\d+ ", printed, re.MULTILINE))) == segments


def test_a_long_list_is_cut_on_paper_and_whole_in_the_attachment(tmp_path: Path) -> None:
    path, _, _ = made(tmp_path, 120, 2_000)
    require_whole_lists(path, 120, 2_000)


@pytest.mark.long
def test_thousands_of_segments_and_a_hundred_thousand_ranges_are_printed_in_time(tmp_path: Path) -> None:
    path, peak_bytes, seconds = made(tmp_path, 5_000, 100_000)
    assert seconds < 20
    assert peak_bytes < 300 * MEBIBYTE
    require_whole_lists(path, 5_000, 100_000)
    assert "No syntax or stream encoding errors" in looked_at("qpdf", "--check", path)
