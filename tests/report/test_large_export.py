"""The largest record in the forms for other programs: thousands of segments, 100,000 unreadable ranges."""

import sys
from pathlib import Path

import pytest

from report.interchange.formats import ExportFormat
from tests.report.test_pdf import ROOT
from tests.sim.measured_run import MeasuredRun, measured_run

MEBIBYTE = 1024 * 1024
PROGRAM = """
import sys
from pathlib import Path
from report.interchange.exported import exported_of
from report.interchange.formats import ExportFormat, render_export
from tests.report.samples import ISSUE, damaged_record

exported = exported_of(damaged_record(int(sys.argv[1]), int(sys.argv[2])), ISSUE, "0.1.0")
Path(sys.argv[4]).write_bytes(render_export(exported, ExportFormat(sys.argv[3])))
"""


def made(path: Path, form: ExportFormat, segments: int, ranges: int) -> MeasuredRun:
    """An export of a record of this size, and what it took."""
    run = measured_run([sys.executable, "-c", PROGRAM, segments, ranges, form.value, path], ROOT)
    assert run.exit_code == 0
    return run


@pytest.mark.parametrize("form", ExportFormat)
def test_an_export_of_many_segments_names_each_of_them(form: ExportFormat, tmp_path: Path) -> None:
    made(tmp_path / "export", form, 120, 2_000)
    text = (tmp_path / "export").read_text(encoding="utf-8")
    assert not [number for number in range(1, 121) if f"JB1.{number:03d}" not in text]


@pytest.mark.long
@pytest.mark.parametrize("form", ExportFormat)
def test_the_largest_export_is_written_in_time_and_memory(form: ExportFormat, tmp_path: Path) -> None:
    run = made(tmp_path / "export", form, 5_000, 100_000)
    assert run.processor_seconds < 20
    assert run.peak_bytes < 300 * MEBIBYTE
    assert (tmp_path / "export").stat().st_size < 64 * MEBIBYTE
