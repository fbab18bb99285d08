"""Images that ewfacquire makes here and now, in every dialect it has, and headers that ewfinfo reads."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from image.description import describe_image
from image.ewf.header import CaseHeader, decode_header, decode_header2, encode_header, encode_header2
from image.tools import find_tool, run_tool
from tests.image.ewf.editing import put_together, take_apart
from tests.sim.still_clock import StillClock
from tests.verify.evidence import disk_content, make_evidence
from verify.request import VerificationRequest
from verify.verdict import Verdict
from verify.verification import verify_image

CONTENT = disk_content(300 * 1024)
pytestmark = pytest.mark.skipif(find_tool("ewfacquire") is None, reason="needs the Debian package ewf-tools")
FORMATS = [
    *(f"encase{number}" for number in range(1, 8)),
    *("ftk", "linen5", "linen6", "linen7", "smart", "ewf", "ewfx"),
]


def acquired(folder: Path, image_format: str, *options: str) -> Path:
    """The first segment of an image that ewfacquire makes."""
    source = folder / "disk.raw"
    source.write_bytes(CONTENT)
    fixed = ["-q", "-u", "-f", image_format, "-t", str(folder / "image"), "-C", "2026-17", "-E", "JB1"]
    run = run_tool("ewfacquire", [*fixed, *options, str(source)], timeout_seconds=60)
    assert run.exit_status == 0, run.stderr
    return next(path for path in folder.iterdir() if path.suffix.lower() in (".e01", ".s01"))


@pytest.mark.parametrize("image_format", FORMATS)
@pytest.mark.parametrize("compression", ["none", "fast", "best"])
def test_every_dialect_passes(image_format: str, compression: str, tmp_path: Path) -> None:
    first = acquired(tmp_path, image_format, "-c", compression, "-d", "sha1")
    result = verify_image(VerificationRequest(first), clock=StillClock())
    assert (result.verdict, result.digests["sha256"]) == (Verdict.PASSED, sha256(CONTENT).hexdigest())
    header = describe_image(first).header
    assert header is not None
    assert (header.case_number, header.exhibit_reference) == ("2026-17", "JB1")


def test_a_split_set_passes(tmp_path: Path) -> None:
    source = CONTENT * 12
    (tmp_path / "big").mkdir()
    path = tmp_path / "big.raw"
    path.write_bytes(source)
    arguments = ["-q", "-u", "-c", "none", "-S", "1MiB", "-t", str(tmp_path / "big" / "image"), str(path)]
    assert run_tool("ewfacquire", arguments, timeout_seconds=60).exit_status == 0
    result = verify_image(VerificationRequest(tmp_path / "big" / "image.E01"), clock=StillClock())
    assert (result.verdict, len(result.segments)) == (Verdict.PASSED, 4)


def test_ewfinfo_shows_our_header(tmp_path: Path) -> None:
    header = CaseHeader(
        case_number="2026-17",
        exhibit_reference="JB1",
        description="Büro, Пример, 例",
        examiner="Ærlig Ø",
        notes="two\tparts",
        model="WDC WD10EZEX",
        serial="WD-1",
        program_version="0.1.0",
        system_version="Linux",
        acquired=datetime(2026, 11, 22, 9, 5, 27, tzinfo=UTC),
        system_date=datetime(2026, 11, 22, 9, 5, 28, tzinfo=UTC),
    )
    evidence = make_evidence(tmp_path, CONTENT).writable()
    start, sections = take_apart(evidence.first)
    texts = {"header": encode_header(header), "header2": encode_header2(header)}
    put_together(
        evidence.first, start, [replace(item, contents=texts.get(item.kind, item.contents)) for item in sections]
    )
    shown = run_tool("ewfinfo", ["-d", "iso8601", str(evidence.first)], timeout_seconds=20).stdout
    rows = dict(line.strip().split(":\t", 1) for line in shown.splitlines() if ":\t" in line)
    found = {name: value.strip() for name, value in rows.items()}
    assert found["Case number"] == "2026-17"
    assert found["Evidence number"] == "JB1"
    assert found["Examiner name"] == "Ærlig Ø"
    assert found["Description"] == "Büro, Пример, 例"
    assert found["Notes"] == "two parts"
    assert found["Model"] == "WDC WD10EZEX"
    assert found["Serial number"] == "WD-1"
    assert found["Acquisition date"].startswith("2026-11-22T")
    assert decode_header2(texts["header2"]).description == header.description
    assert decode_header(texts["header"]).case_number == "2026-17"
