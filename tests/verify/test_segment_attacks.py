"""The law for sets: none passes of which a segment was deleted, cut, swapped, doubled, renumbered or exchanged."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from image.errors import DiskwitnessError
from image.tools import find_tool, run_tool
from tests.sim.acquisitions import Options
from tests.sim.still_clock import StillClock
from tests.verify.evidence import disk_content, make_evidence
from tests.verify.segment_attacks import SegmentSetBytes, attacks
from tests.verify.test_collection import Listed, listed, named, unpacked
from verify.request import VerificationRequest
from verify.segments_only import verify_segments
from verify.verdict import VerificationResult
from verify.verification import verify_image

MIB = 1024 * 1024
Record = Callable[[str, object], None]
needs_ewfacquire = pytest.mark.skipif(find_tool("ewfacquire") is None, reason="needs the Debian package ewf-tools")


def assert_no_attack_passes(
    original: SegmentSetBytes, folder: Path, record: Record, foreign: SegmentSetBytes | None = None
) -> None:
    """Verify the set after each attack on it: it never passes; before them it does."""
    counted: Counter[str] = Counter()
    passed: list[str] = []
    first = original.write(folder, dict(enumerate(original.segments, 1)))
    assert first is not None
    assert told(first) == "PASSED"
    for what, files in attacks(original, foreign):
        first = original.write(folder, files)
        verdict = told(first) if first is not None else "refused"
        counted.update(("tried", verdict))
        passed += [what] if verdict == "PASSED" else []
    names = ("tried", "FAILED", "INDETERMINATE", "refused", "PASSED")
    record("figures of attacks on segments", {name: counted[name] for name in names})
    assert passed == []


def told(first: Path) -> str:
    """The verdict, or that the set was refused."""
    try:
        return verify_image(VerificationRequest(first, algorithms=("md5",)), clock=StillClock()).verdict.value
    except DiskwitnessError:
        return "refused"


def acquired(folder: Path, image_format: str, seed: int) -> SegmentSetBytes:
    """A set of three segments by ewfacquire; those of two seeds have the same shape."""
    folder.mkdir()
    (folder / "disk.raw").write_bytes(disk_content(5 * MIB // 2, seed))
    arguments = ["-q", "-u", "-f", image_format, "-c", "none", "-S", "1MiB", "-C", "1", "-E", "JB1"]
    run = run_tool(
        "ewfacquire", [*arguments, "-t", str(folder / "JB1"), str(folder / "disk.raw")], timeout_seconds=60
    )
    assert run.exit_status == 0, run.stderr
    found = SegmentSetBytes.read(next(path for path in folder.iterdir() if path.suffix[2:] == "01"))
    assert len(found.segments) == 3
    return found


@needs_ewfacquire
@pytest.mark.parametrize(
    "image_format",
    [
        pytest.param("smart"),
        *(pytest.param(name, marks=pytest.mark.long) for name in ("ewf", "ftk", "ewfx", "linen5", "linen7")),
        *(pytest.param(f"encase{number}", marks=pytest.mark.long) for number in range(1, 8)),
    ],
)
def test_no_segment_of_any_dialect_can_be_tampered_with(
    image_format: str, tmp_path: Path, record_property: Record
) -> None:
    original = acquired(tmp_path / "a", image_format, 1)
    foreign = acquired(tmp_path / "b", image_format, 2)
    assert [len(data) for data in original.segments][:2] == [len(data) for data in foreign.segments][:2]
    (tmp_path / "attacked").mkdir()
    assert_no_attack_passes(original, tmp_path / "attacked", record_property, foreign)


@pytest.mark.parametrize("beside", [(), ("JB1.manifest.json",)], ids=["alone", "with manifest"])
@pytest.mark.parametrize("compression", ["none", pytest.param("fast", marks=pytest.mark.long)])
def test_no_segment_of_our_own_can_be_tampered_with(
    compression: str, beside: tuple[str, ...], tmp_path: Path, record_property: Record
) -> None:
    options, sets = Options(compression, segment_size_bytes=128 * 1024), []
    for seed, name in enumerate(("a", "b")):
        (tmp_path / name).mkdir()
        first = make_evidence(tmp_path / name, disk_content(400 * 1024, seed), options).first
        sets.append(SegmentSetBytes.read(first, *beside))
    (tmp_path / "attacked").mkdir()
    assert len(sets[0].segments) > 1
    assert_no_attack_passes(sets[0], tmp_path / "attacked", record_property, sets[1])


CASES = [
    ("JB1.e01", "JB1.e02", "JB1.e03"),
    ("JB1.E01", "JB1.e02", "jb1.E03"),
    ("jb1.e01", "JB1.E02", "JB1.e03"),
]


@needs_ewfacquire
@pytest.mark.parametrize("names", CASES, ids=" ".join)
def test_a_set_in_any_case_passes_and_is_missed_in_any_case(names: tuple[str, ...], tmp_path: Path) -> None:
    original = acquired(tmp_path / "a", "encase6", 1)
    (tmp_path / "b").mkdir()
    for name, data in zip(names, original.segments, strict=True):
        (tmp_path / "b" / name).write_bytes(data)
    result = verify_image(VerificationRequest(tmp_path / "b" / names[0]), clock=StillClock())
    assert (result.verdict.value, [item.file for item in result.segments]) == ("PASSED", [*names])
    (tmp_path / "b" / names[1]).unlink()
    result = verify_image(VerificationRequest(tmp_path / "b" / names[0]), clock=StillClock())
    missing = [item.segment or "" for item in result.findings if item.code == "segment-missing"]
    assert [name.casefold() for name in missing] == [names[1].casefold()]


@pytest.mark.parametrize("verify", [verify_image, verify_segments])
def test_a_manifest_knows_its_segments_in_any_case(
    verify: Callable[..., VerificationResult], tmp_path: Path
) -> None:
    options = Options("none", segment_size_bytes=128 * 1024)
    evidence = make_evidence(tmp_path, disk_content(250 * 1024), options)
    for path, name in zip(evidence.segments, CASES[1], strict=True):
        path.rename(tmp_path / name)
    assert verify(VerificationRequest(tmp_path / CASES[1][0]), clock=StillClock()).findings == ()
    (tmp_path / CASES[1][2]).unlink()
    result = verify(VerificationRequest(tmp_path / CASES[1][0]), clock=StillClock())
    assert {item.code for item in result.findings} >= {"segment-missing"}
    assert "segment-unlisted" not in {item.code for item in result.findings}


@needs_ewfacquire
def test_two_sets_that_differ_in_case_alone_stay_apart(tmp_path: Path) -> None:
    upper, lower = (acquired(tmp_path / name, "encase6", seed) for seed, name in enumerate(("a", "b")))
    (tmp_path / "c").mkdir()
    for number, (one, other) in enumerate(zip(upper.segments, lower.segments, strict=True), 1):
        (tmp_path / "c" / f"JB1.E0{number}").write_bytes(one)
        (tmp_path / "c" / f"JB1.e0{number}").write_bytes(other)
    assert [told(tmp_path / "c" / name) for name in ("JB1.E01", "JB1.e01")] == ["PASSED", "PASSED"]
    (tmp_path / "c" / "JB1.E03").unlink()
    assert [told(tmp_path / "c" / name) for name in ("JB1.E01", "JB1.e01")] == ["INDETERMINATE", "PASSED"]


def multi_segment_sets() -> list[Listed]:
    """The sound sets of the collection that have several segments."""
    return [item for item in listed("passed") if _has_several(item)]


def _has_several(item: Listed) -> bool:
    """Whether a second segment stands beside the first, or the set is packed as one."""
    if item.path.suffixes[-2:] == [".tar", ".xz"]:
        return True
    second = item.path.name.replace("E01", "E02").replace("s01", "s02")
    return second != item.path.name and item.path.with_name(second).is_file()


@pytest.mark.long
@pytest.mark.parametrize(
    "item",
    multi_segment_sets()
    or [pytest.param(None, marks=pytest.mark.skip(reason="the shared images folder is absent"))],
    ids=named,
)
def test_no_segment_of_a_foreign_set_can_be_tampered_with(
    item: Listed, tmp_path: Path, record_property: Record
) -> None:
    for name in ("unpacked", "attacked"):
        (tmp_path / name).mkdir()
    original = SegmentSetBytes.read(unpacked(item, tmp_path / "unpacked"))
    assert len(original.segments) > 1
    assert_no_attack_passes(original, tmp_path / "attacked", record_property)
