"""The mark at the end of a document never stands alone on the last page."""

from dataclasses import replace
from pathlib import Path

from report.document import Facts, Paragraph, Report, Section
from tests.report.samples import healthy_record
from tests.report.test_pdf import looked_at, report_of, written


def lines_long(count: int) -> Report:
    """A document of so many short paragraphs."""
    told = tuple(Paragraph(f"paragraph {number} of it") for number in range(count))
    return replace(report_of(healthy_record()), head=Facts(()), sections=(Section("All of it", told),))


def page_count(folder: Path, count: int) -> int:
    """How many pages such a document fills."""
    told = looked_at("pdfinfo", written(folder, lines_long(count)))
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pages:"))


def test_where_a_page_is_just_full_the_last_lines_go_with_the_mark(tmp_path: Path) -> None:
    fits, overflows = 1, 128
    while overflows - fits > 1:
        middle = (fits + overflows) // 2
        fits, overflows = (middle, overflows) if page_count(tmp_path, middle) == 1 else (fits, middle)
    last = looked_at("pdftotext", "-f", "2", written(tmp_path, lines_long(overflows)), "-")
    assert "END OF REPORT" in last
    assert f"paragraph {overflows - 1} of it" in last
