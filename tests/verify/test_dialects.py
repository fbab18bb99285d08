"""Small images of other dialects: they pass, tell their case data, and no changed byte passes unnoticed."""

import shutil
from pathlib import Path

import pytest

from image.description import describe_image
from tests.verify.evidence import Evidence
from tests.verify.test_flips import flips
from verify.verdict import Verdict

FOLDER = Path(__file__).resolve().parents[1] / "data" / "ewfacquire"
IMAGES = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".md")
MEDIA = (b"diskwitness\n" * 4096)[:40960].ljust(65536, b"\0")
SHA256 = "c56cd8744f6de0204456edbdaf739a3c560a82421582eef61cb072624540a1db"


@pytest.fixture
def evidence(request: pytest.FixtureRequest, tmp_path: Path) -> Evidence:
    name: str = request.param
    shutil.copy(FOLDER / name, tmp_path / name)
    return Evidence(tmp_path, tmp_path / name, MEDIA)


def test_there_are_images_of_nine_dialects() -> None:
    assert len(IMAGES) == 9


@pytest.mark.parametrize("evidence", IMAGES, indirect=True)
def test_every_dialect_passes_and_tells_its_case_data(evidence: Evidence) -> None:
    result = evidence.verify()
    assert (result.verdict, result.findings, result.digests["sha256"]) == (Verdict.PASSED, (), SHA256)
    header = describe_image(evidence.first).header
    assert header is not None
    told = (header.case_number, header.exhibit_reference, header.examiner, header.description, header.notes)
    assert told == ("2026-17", "JB1", "J. Baker", "Laptop drive", "none")
    assert header.acquired is not None
    assert (header.acquired.year, header.acquired.month) == (2026, 11)


@pytest.mark.parametrize("evidence", IMAGES, indirect=True)
@pytest.mark.parametrize("stride", [pytest.param(17), pytest.param(1, marks=pytest.mark.long)])
def test_a_changed_byte_that_passes_is_slack_of_compressed_data(evidence: Evidence, stride: int) -> None:
    passed = [item for _, _, item in flips(evidence, 0, stride) if item and item.verdict is Verdict.PASSED]
    assert {item.digests["sha256"] for item in passed} <= {SHA256}
    assert len(passed) <= 3 + evidence.first.stat().st_size // stride // 10
