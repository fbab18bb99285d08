"""Sets whose segments lie in several folders: found where the manifest or a person says, missed by name."""

import shutil
from pathlib import Path

import pytest

from image.folder_row import FolderRow
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock
from tests.verify.evidence import disk_content
from verify.request import VerificationRequest
from verify.verdict import Verdict, VerificationResult
from verify.verification import verify_image

MIB = 1024 * 1024


@pytest.fixture(params=[True, False], ids=["raw", "e01"])
def first(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first segment of a set whose first folder takes one segment and its second the others."""
    a, b = tmp_path / "a", tmp_path / "b"
    a.mkdir()
    b.mkdir()
    monkeypatch.setattr(FolderRow, "rooms", lambda row: (0, *(2**40 for _ in row.folders[1:])))
    options = Options(raw=request.param, segment_size_bytes=MIB, output_next=(str(b),), compression="none")
    result = acquire_disk(MemoryDisk(disk_content(3 * MIB)), a / "JB1", options=options)
    assert result.manifest is not None
    assert {item.folder for item in result.manifest.segments[1:]} == {str(b)}
    return a / result.manifest.segments[0].file


def verify(image: Path, *also: Path) -> VerificationResult:
    """Verify the image."""
    return verify_image(VerificationRequest(image, also=also), clock=StillClock())


def test_the_segments_are_found_where_the_manifest_says(first: Path) -> None:
    result = verify(first)
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    other = str(first.parent.parent / "b")
    assert [item.folder for item in result.segments] == [None] + [other] * (len(result.segments) - 1)


def test_a_disk_that_is_not_there_is_indeterminate_and_its_segments_are_named(first: Path) -> None:
    other = first.parent.parent / "b"
    names = sorted(path.name for path in other.glob("JB1.[E0]*"))
    other.rename(other.with_name("gone"))
    result = verify(first)
    assert result.verdict is Verdict.INDETERMINATE
    missing = [item for item in result.findings if item.code == "segment-missing"]
    assert [item.segment for item in missing] == names
    assert missing[0].detail == f"{names[0]} is not beside {first.name}, nor in {other}"


def test_a_disk_mounted_elsewhere_is_named_by_the_person(first: Path) -> None:
    other = first.parent.parent / "b"
    other.rename(other.with_name("elsewhere"))
    assert verify(first, other.with_name("elsewhere")).verdict is Verdict.PASSED


def test_the_set_put_together_again_passes(first: Path) -> None:
    other = first.parent.parent / "b"
    for path in other.glob("JB1.[E0]*"):
        shutil.move(path, first.parent / path.name)
    assert verify(first).verdict is Verdict.PASSED


def test_a_changed_byte_in_the_other_folder_fails_with_its_segment(first: Path) -> None:
    last = min((first.parent.parent / "b").glob("JB1.[E0]*"))
    last.chmod(0o644)
    contents = bytearray(last.read_bytes())
    contents[len(contents) // 2] ^= 1
    last.write_bytes(contents)
    result = verify(first)
    assert result.verdict is Verdict.FAILED
    assert last.name in {item.segment for item in result.findings}
