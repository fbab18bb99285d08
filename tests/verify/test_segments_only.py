"""Segment files held against their records without decoding: what passes, what fails, what is left open."""

import hashlib
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from image.errors import StoppedError
from image.manifest_file import encode_record, read_manifest
from image.progress import ignore_progress
from tests.sim.acquisitions import Options
from tests.sim.still_clock import StillClock
from tests.verify.evidence import Evidence, disk_content, make_evidence
from verify.request import VerificationRequest
from verify.segment_check import check_segment
from verify.segments_only import verify_segments
from verify.verdict import Method, Verdict, VerificationResult

CONTENT = disk_content(3 * 1024 * 1024)
SPLIT = Options(segment_size_bytes=512 * 1024)


@pytest.fixture
def split(tmp_path: Path) -> Evidence:
    """A set of several segments, its files writable."""
    return make_evidence(tmp_path, CONTENT, SPLIT).writable()


def check(evidence: Evidence, **options: object) -> VerificationResult:
    request = VerificationRequest(evidence.first, **options)  # type: ignore[arg-type]
    return verify_segments(request, clock=StillClock())


def codes(result: VerificationResult) -> list[tuple[str, str | None]]:
    return [(item.code, item.segment) for item in result.findings]


def listed(evidence: Evidence, algorithm: str) -> str:
    """What md5sum and its kin print of the segment files."""
    return "".join(
        f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  {path.name}\n" for path in evidence.segments
    )


@pytest.mark.parametrize("options", [SPLIT, Options(raw=True), Options(raw=True, segment_size_bytes=2**20)])
def test_files_as_the_manifest_says_pass_and_the_media_is_not_claimed(tmp_path: Path, options: Options) -> None:
    evidence = make_evidence(tmp_path, CONTENT, options)
    result = check(evidence)
    assert (result.verdict, result.method) == (Verdict.PASSED, Method.SEGMENTS)
    assert (result.digests, result.stored_digests) == ({}, {})
    recorded = read_manifest(tmp_path / "JB1.manifest.json").segments
    assert [(item.file, item.sha256) for item in result.segments] == [(item.file, item.sha256) for item in recorded]
    assert [(item.sector_count, item.media_sha256) for item in result.segments] == [(0, "")] * len(recorded)


def test_any_changed_byte_fails_and_names_its_file(split: Evidence) -> None:
    path = split.segments[2]
    data = bytearray(path.read_bytes())
    data[12345] ^= 1
    path.write_bytes(data)
    assert codes(check(split)) == [("segment-digest", path.name)]


def test_a_file_that_grew_or_shrank_fails(split: Evidence) -> None:
    for data in (split.first.read_bytes() + b"\0", split.first.read_bytes()[:-5]):
        split.first.write_bytes(data)
        assert codes(check(split)) == [("segment-size", "JB1.E01"), ("segment-digest", "JB1.E01")]


def test_two_swapped_files_fail(split: Evidence) -> None:
    one, two = split.segments[1:3]
    between = one.with_suffix(".between")
    one.rename(between)
    two.rename(one)
    between.rename(two)
    found = codes(check(split))
    assert {name for code, name in found if code == "segment-digest"} == {one.name, two.name}


def test_a_missing_file_leaves_the_verdict_open(split: Evidence) -> None:
    last = split.segments[-1]
    last.unlink()
    result = check(split)
    assert (result.verdict, codes(result)) == (Verdict.INDETERMINATE, [("segment-missing", last.name)])


def test_a_file_that_the_manifest_does_not_list_fails(split: Evidence) -> None:
    number = len(split.segments) + 1
    stranger = split.first.with_suffix(f".E{number:02}")
    stranger.write_bytes(split.first.read_bytes())
    assert codes(check(split)) == [("segment-unlisted", stranger.name)]


def test_segments_in_several_folders_are_found(split: Evidence, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    moved = split.segments[1]
    moved.rename(other / moved.name)
    assert check(split).verdict is Verdict.INDETERMINATE
    result = check(split, also=(other,))
    assert (result.verdict, result.segments[1].folder) == (Verdict.PASSED, str(other))


def test_without_a_manifest_checksum_files_are_what_counts(split: Evidence) -> None:
    sums = listed(split, "md5")
    split.without_manifest()
    assert check(split).verdict is Verdict.INDETERMINATE
    split.first.with_suffix(".md5").write_text(sums)
    passed = check(split)
    assert (passed.verdict, passed.compared_with) == (Verdict.PASSED, ("JB1.md5",))
    split.first.with_suffix(".md5").write_text("".join(sums.splitlines(keepends=True)[1:]))
    assert codes(check(split)) == [("segment-unchecked", "JB1.E01")]


def test_a_file_that_only_the_checksum_file_knows_is_missing(split: Evidence) -> None:
    sums = listed(split, "sha256")
    split.without_manifest()
    split.first.with_suffix(".sha256").write_text(sums)
    last = split.segments[-1]
    last.unlink()
    assert ("segment-missing", last.name) in codes(check(split))


def test_a_checksum_file_that_contradicts_the_manifest_fails(split: Evidence) -> None:
    split.first.with_suffix(".sha256").write_text(f"{'0' * 64}  JB1.E01\n")
    result = check(split)
    assert (result.verdict, codes(result)) == (Verdict.FAILED, [("segment-digest", "JB1.E01")])


def test_an_image_whose_drive_may_hold_more_stays_open(split: Evidence, tmp_path: Path) -> None:
    path = tmp_path / "JB1.manifest.json"
    manifest = read_manifest(path)
    from image.findings import finding

    path.write_bytes(encode_record(replace(manifest, findings=(finding("sectors-not-tried", "a limit"),))))
    assert check(split).verdict is Verdict.INDETERMINATE


def test_a_file_that_cannot_be_read_is_not_said_to_differ(split: Evidence) -> None:
    path = split.segments[1]
    path.unlink()
    os.mkfifo(path)
    result = check(split)
    assert (result.verdict, codes(result)[0]) == (Verdict.INDETERMINATE, ("segment-unreadable", path.name))


def test_reading_from_the_medium_changes_nothing(split: Evidence) -> None:
    result = check(split, from_medium=True, jobs=7)
    assert (result.verdict, result.from_medium) == (Verdict.PASSED, True)


def test_a_stop_ends_it(split: Evidence) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoppedError):
        verify_segments(VerificationRequest(split.first), clock=StillClock(), listener=ignore_progress, stop=stop)


def test_a_segment_is_checked_in_another_process_by_its_line_alone(split: Evidence, tmp_path: Path) -> None:
    records = read_manifest(tmp_path / "JB1.manifest.json").segments
    damaged = split.segments[1]
    damaged.write_bytes(b"")
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        checks = list(pool.map(check_segment, split.segments, records))
    assert [check.findings == () for check in checks] == [path != damaged for path in split.segments]
