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
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

import report.signing.inside
import workflow.pdf_child
from report.signing.inside import attachments_in
from tests.report.signing_trial import ATTACHED, saved, small_report
from workflow.pdf_child import Believed, examine_apart

NOBODY = Believed(datetime.now(UTC))


def packed(size_bytes: int) -> bytes:
    """So many zeros, packed."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size_bytes >> 20)) + packer.flush()


def with_attachments(
    data: bytes, coded_by: pikepdf.Name | pikepdf.Array = pikepdf.Name.FlateDecode, count: int = 1
) -> bytes:
    """A PDF with so many attached files of these bytes, called coded so."""
    pdf = pikepdf.open(BytesIO(small_report()))
    names = pdf.Root.Names.EmbeddedFiles.Names
    for number in range(count):
        stream = pdf.make_stream(b"")
        stream.write(data, filter=coded_by)
        told = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, UF=f"{number}", EF=pikepdf.Dictionary(F=stream))
        names.extend([pikepdf.String(f"{number:04}"), pdf.make_indirect(told)])
    file = BytesIO()
    pdf.save(file, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
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


@pytest.mark.parametrize(("size_mebibytes", "count"), [(260, 1), (33, 8)])
def test_attachments_that_grow_without_end_are_told_within_bounds(size_mebibytes: int, count: int) -> None:
    found = examine_apart(with_attachments(packed(size_mebibytes << 20), count=count), NOBODY)
    assert found.problem is None
    assert found.attachments_problem == f"it unpacks to more than {256 << 20} bytes"


def test_the_bound_is_of_all_attachments_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report.signing.inside, "MAXIMUM_UNPACKED_BYTES", 3 << 20)
    reader = PdfFileReader(BytesIO(with_attachments(packed(1 << 20), count=4)))
    with pytest.raises(PdfReadError, match="more than"):
        attachments_in(reader)
    monkeypatch.setattr(report.signing.inside, "MAXIMUM_UNPACKED_BYTES", 5 << 20)
    sizes = [item.size_bytes for item in attachments_in(reader)]
    assert sorted(sizes) == [len(ATTACHED), 1 << 20, 1 << 20, 1 << 20, 1 << 20]


@pytest.mark.parametrize(
    ("data", "coded_by", "told"),
    [
        (packed(1 << 20)[:-9], pikepdf.Name.FlateDecode, "ends before its end"),
        (b"no such thing", pikepdf.Name.FlateDecode, "decompressing"),
        (b"<~87cUR~>", pikepdf.Name.ASCII85Decode, "coded by /ASCII85Decode"),
        (packed(1 << 20), pikepdf.Array([pikepdf.Name.FlateDecode] * 2), "coded by /FlateDecode and /FlateDecode"),
    ],
)
def test_an_attachment_that_is_not_coded_as_ours_is_told(
    data: bytes, coded_by: pikepdf.Name | pikepdf.Array, told: str
) -> None:
    found = examine_apart(with_attachments(data, coded_by), NOBODY)
    assert told in (found.attachments_problem or "")


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
