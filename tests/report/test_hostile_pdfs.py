"""Hostile PDFs: examined by a process of its own, which has limits and reaches nothing."""

import os
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

import workflow.pdf_child
from tests.report.signing_trial import saved, small_report
from workflow.pdf_child import Believed, examine_apart

NOBODY = Believed(datetime.now(UTC))


def bomb(size_bytes: int) -> bytes:
    """A PDF whose attached file is short, and long once it is decoded."""
    pdf = pikepdf.open(BytesIO(small_report()))
    stream = pdf.Root.Names.EmbeddedFiles.Names[1].EF.F
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(size_bytes >> 20)) + packer.flush()
    stream.write(packed, filter=pikepdf.Name.FlateDecode)
    file = BytesIO()
    pdf.save(file, compress_streams=False)
    return file.getvalue()


def looped() -> bytes:
    """A PDF whose list of attachments leads into itself."""
    pdf = pikepdf.open(BytesIO(small_report()))
    tree = pdf.make_indirect(pikepdf.Dictionary(Names=pikepdf.Array()))
    tree.Kids = pikepdf.Array([tree])
    pdf.Root.Names.EmbeddedFiles = tree
    return saved(pdf)


def test_a_good_report_is_examined_apart() -> None:
    found = examine_apart(small_report(), NOBODY)
    assert (found.problem, found.revision_count, len(found.attachments)) == (None, 1, 1)


def test_an_attachment_that_grows_without_end_is_told_within_bounds() -> None:
    found = examine_apart(bomb(260 << 20), NOBODY)
    assert found.problem or found.attachments_problem


def test_a_list_that_leads_into_itself_ends() -> None:
    assert examine_apart(looped(), NOBODY).attachments_problem


@pytest.mark.long
def test_nesting_and_loops_of_tables_end() -> None:
    nested = (
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\ntrailer <</Root 1 0 R /Size 2>>\n"
    )
    looping = small_report().replace(b"/Size", b"/Prev 805 /Size", 1)
    for data in (nested + b"startxref\n9\n%%EOF\n", looping, b"%PDF-1.7\n" * 100_000):
        started = time.monotonic()
        examine_apart(data, NOBODY)
        assert time.monotonic() - started < 60


def test_one_that_takes_too_long_is_given_up() -> None:
    found = examine_apart(small_report(), NOBODY, patience_seconds=0.001)
    assert found.problem is not None
    assert "longer than" in found.problem


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Path("/etc/hostname").read_text(),
        lambda: Path("/tmp/dw-written").write_text("x"),
        lambda: os.system("true"),
        lambda: __import__("socket").create_connection(("127.0.0.1", 9)),
    ],
)
def test_the_process_reaches_nothing(attempt: Callable[[], object]) -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            workflow.pdf_child._confine()
            attempt()
            os.write(writer, b"reached")
        except PermissionError:
            os.write(writer, b"refused")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"refused"
