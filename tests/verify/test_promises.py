"""Every promise made of an image is held against it, and every disagreement has its finding."""

import re
import threading
from dataclasses import replace
from hashlib import md5, sha256
from pathlib import Path

import pytest

from image.errors import ImageNotReadError, StoppedError, UsageError
from image.manifest import Manifest
from image.manifest_file import encode_record, read_manifest
from image.progress import Progress
from image.sectors import SectorRange
from tests.sim.acquisitions import Options
from tests.sim.still_clock import StillClock
from tests.verify.evidence import Evidence, disk_content, make_evidence
from verify.checksums_beside import MAXIMUM_ENTRIES
from verify.request import Expectation, VerificationRequest, parse_expectation
from verify.verdict import Verdict, VerificationResult
from verify.verification import verify_image

CONTENT = disk_content(80 * 1024)
MANY = disk_content(512 * 1024)
SPLIT = Options(compression="none", segment_size_bytes=128 * 1024)
BAD = frozenset({3, 4, 99})


def codes(result: VerificationResult) -> list[str]:
    return [finding.code for finding in result.findings]


@pytest.fixture
def single(tmp_path: Path) -> Evidence:
    return make_evidence(tmp_path, CONTENT, bad=BAD).writable()


@pytest.fixture
def several(tmp_path: Path) -> Evidence:
    return make_evidence(tmp_path, MANY, SPLIT).writable()


@pytest.fixture
def raw(tmp_path: Path) -> Evidence:
    return make_evidence(tmp_path, CONTENT, Options(raw=True)).writable()


def rewritten(evidence: Evidence, **changes: object) -> VerificationResult:
    """Verify beside a manifest with these fields of it changed."""
    path = evidence.folder / "JB1.manifest.json"
    manifest: Manifest = replace(read_manifest(path), **changes)  # type: ignore[arg-type]
    path.write_bytes(encode_record(manifest))
    return evidence.verify()


def test_a_whole_image_passes_with_all_it_was_compared_with(several: Evidence) -> None:
    result = several.verify()
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    assert result.compared_with == ("stored", "manifest", "JB1.sha256")
    assert result.digests["sha256"] == sha256(MANY).hexdigest()
    assert result.segments == read_manifest(several.folder / "JB1.manifest.json").segments
    manifest = (several.folder / "JB1.manifest.json").read_bytes()
    assert result.manifest_sha256 == sha256(manifest).hexdigest()


def test_unreadable_sectors_are_told_and_pass(single: Evidence) -> None:
    result = single.verify()
    assert result.verdict is Verdict.PASSED
    assert result.bad_sectors == (SectorRange(3, 2), SectorRange(99, 1))


def test_a_segment_that_grew_is_named(several: Evidence) -> None:
    with several.segments[1].open("ab") as file:
        file.write(b"x")
    result = several.verify()
    assert result.verdict is Verdict.FAILED
    assert codes(result)[:1] == ["unowned-bytes"]
    assert {finding.segment for finding in result.findings} == {"JB1.E02"}
    assert {"segment-size", "segment-digest"} <= set(codes(result))


@pytest.mark.parametrize("which", [1, -1])
def test_a_deleted_segment_leaves_the_verdict_open(several: Evidence, which: int) -> None:
    several.segments[which].unlink()
    result = several.verify()
    assert (result.verdict, result.digests) == (Verdict.INDETERMINATE, {})
    assert "segment-missing" in codes(result)


def test_segments_that_changed_places_fail(several: Evidence) -> None:
    first, second = several.segments[1:3]
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert several.verify().verdict is Verdict.FAILED


def test_a_segment_the_manifest_does_not_list_fails(raw: Evidence) -> None:
    (raw.folder / "JB1.001").write_bytes(CONTENT[:1024])
    (raw.folder / "JB1.002").write_bytes(CONTENT[1024:])
    result = verify_image(
        VerificationRequest(raw.folder / "JB1.001", manifest=raw.folder / "JB1.manifest.json"), clock=StillClock()
    )
    assert result.verdict is Verdict.FAILED
    assert "segment-unlisted" in codes(result)


def test_a_renamed_set_is_still_the_one_of_its_manifest(several: Evidence) -> None:
    for path in several.folder.iterdir():
        path.rename(path.with_name(path.name.replace("JB1", "renamed")))
    result = replace(several, first=several.folder / "renamed.E01").verify()
    assert (result.verdict, result.compared_with) == (Verdict.PASSED, ("stored", "manifest"))


def test_another_media_size_fails(single: Evidence) -> None:
    manifest = read_manifest(single.folder / "JB1.manifest.json")
    result = rewritten(single, media=replace(manifest.media, size_bytes=512))
    assert "media-size" in codes(result)
    assert result.verdict is Verdict.FAILED


def test_another_digest_fails(single: Evidence) -> None:
    manifest = read_manifest(single.folder / "JB1.manifest.json")
    result = rewritten(single, media=replace(manifest.media, digests={"sha256": "0" * 64}))
    assert codes(result) == ["manifest-digest"]


def test_another_media_range_fails(several: Evidence) -> None:
    manifest = read_manifest(several.folder / "JB1.manifest.json")
    second = replace(manifest.segments[1], media_sha256="0" * 64)
    result = rewritten(several, segments=(manifest.segments[0], second, *manifest.segments[2:]))
    assert codes(result) == ["media-range-digest"]
    assert result.findings[0].sectors == SectorRange(second.first_sector, second.sector_count)


def test_another_set_identifier_fails(single: Evidence) -> None:
    manifest = read_manifest(single.folder / "JB1.manifest.json")
    parameters = replace(manifest.job.parameters, set_identifier="00000000-0000-4000-8000-000000000000")
    assert codes(rewritten(single, job=replace(manifest.job, parameters=parameters))) == ["set-identifier"]


def test_other_unreadable_sectors_fail(single: Evidence) -> None:
    manifest = read_manifest(single.folder / "JB1.manifest.json")
    result = rewritten(single, read=replace(manifest.read, unreadable=(SectorRange(3, 1), SectorRange(99, 1))))
    assert codes(result) == ["unreadable-ranges", "unreadable-ranges"]


@pytest.mark.parametrize("number", [-1, 0, 2**63, 10**30])
@pytest.mark.parametrize("kind", ["raw", "several"])
def test_numbers_of_a_hostile_manifest_are_survived(kind: str, number: int, request: pytest.FixtureRequest) -> None:
    evidence: Evidence = request.getfixturevalue(kind)
    path = evidence.folder / "JB1.manifest.json"
    text = path.read_text()
    for line in {line for line in text.splitlines() if re.search(r'(sector|bytes|count)": \d+', line)}:
        path.write_text(text.replace(line, re.sub(r"\d+(,?)$", rf"{number}\1", line)))
        assert isinstance(evidence.verify(), VerificationResult), line


def test_a_map_that_cannot_be_read_leaves_the_verdict_open(single: Evidence) -> None:
    (single.folder / "JB1.map").write_text("0x0 0x200 nonsense\n")
    result = single.verify()
    assert (result.verdict, codes(result)) == (Verdict.INDETERMINATE, ["map-unreadable"])


@pytest.mark.parametrize("contents", [b"", b"{}", b"\xff\xfe", b'{"kind": "other"}', b"[" * 100_000])
def test_a_manifest_that_cannot_be_read_leaves_the_verdict_open(single: Evidence, contents: bytes) -> None:
    path = single.folder / "JB1.manifest.json"
    path.write_bytes(contents)
    result = single.verify()
    assert (result.verdict, codes(result)) == (Verdict.INDETERMINATE, ["manifest-unreadable"])
    with pytest.raises(ImageNotReadError):
        single.verify(manifest=path)


def test_an_image_whose_acquisition_did_not_end_is_never_whole(single: Evidence) -> None:
    (single.folder / "JB1.manifest.json").rename(single.folder / "JB1.manifest.json.partial")
    result = single.verify()
    assert (result.verdict, codes(result)) == (Verdict.INDETERMINATE, ["acquisition-incomplete"])


def test_a_raw_image_alone_has_nothing_to_compare(raw: Evidence) -> None:
    result = raw.without_manifest().verify()
    assert (result.verdict, codes(result)) == (Verdict.INDETERMINATE, ["sparse-file", "nothing-to-compare"])


@pytest.mark.parametrize("name", ["JB1.md5", "JB1.raw.md5"])
@pytest.mark.parametrize("form", ["{}  JB1.raw\n", "{} *C:\\images\\JB1.raw\r\n", "MD5 (JB1.raw) = {}\n", "{}\n"])
def test_a_checksum_file_is_found_and_believed(raw: Evidence, name: str, form: str) -> None:
    raw.without_manifest()
    (raw.folder / name).write_text(form.format(md5(CONTENT).hexdigest()))
    result = raw.verify()
    assert (result.verdict, result.compared_with) == (Verdict.PASSED, (name,))
    (raw.folder / name).write_text(form.format("0" * 32))
    assert raw.verify().verdict is Verdict.FAILED


def test_what_a_person_expects_is_always_compared(single: Evidence) -> None:
    media = single.verify().digests
    right = parse_expectation(f"SHA-256:{media['sha256'].upper()}")
    wrong = parse_expectation(f"sha512:{'0' * 128}")
    assert single.verify(expectations=(right,)).verdict is Verdict.PASSED
    result = single.verify(expectations=(wrong,))
    assert codes(result) == ["expected-digest"]
    assert "--expect" in result.compared_with


@pytest.mark.parametrize("text", ["sha256", "sha256:12", f"crc:{'0' * 64}", f"md5:{'z' * 32}", f"md5:{'0' * 40}"])
def test_an_expectation_that_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_expectation(text)


def test_chosen_algorithms_alone_are_computed_where_they_can_be_compared(single: Evidence) -> None:
    result = single.verify(algorithms=("sha256",))
    assert (result.verdict, list(result.digests)) == (Verdict.PASSED, ["sha256"])
    assert codes(result) == ["digest-unchecked"]
    alone = single.without_manifest().verify(algorithms=("sha512",))
    assert (alone.verdict, set(alone.digests)) == (Verdict.PASSED, {"sha512", "md5", "sha1"})


def test_reading_from_the_medium_gives_the_same(single: Evidence) -> None:
    result = single.verify(from_medium=True)
    assert (result.verdict, result.from_medium) == (Verdict.PASSED, True)


def test_a_stop_ends_the_verification(single: Evidence) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoppedError):
        verify_image(VerificationRequest(single.first), clock=StillClock(), stop=stop)


@pytest.mark.parametrize("raw_image", [False, True])
def test_a_large_image_is_verified_in_threads(raw_image: bool, tmp_path: Path) -> None:
    content = disk_content(9 * 1024 * 1024)
    evidence = make_evidence(tmp_path, content, Options(raw=raw_image, segment_size_bytes=3 * 1024 * 1024))
    told: list[Progress] = []
    result = verify_image(VerificationRequest(evidence.first), clock=StillClock(), listener=told.append)
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    assert told[-1].bytes_done == told[-1].bytes_total == len(content)
    assert evidence.verify(expectations=(Expectation("sha512", "0" * 128),)).verdict is Verdict.FAILED


def test_a_map_of_ddrescue_beside_a_raw_image_tells_what_is_unreadable(raw: Evidence) -> None:
    raw.without_manifest()
    size = len(CONTENT)
    lines = "0x00000000     +               1", "0x0  0x400  +", "0x400  0x200  -", f"0x600  {size - 0x600:#x}  +"
    (raw.folder / "JB1.map").write_text("\n".join(lines) + "\n")
    assert raw.verify().bad_sectors == (SectorRange(2, 1),)
    (raw.folder / "JB1.map").write_text("\n".join(lines).replace("0x200  -", "0x200  ?") + "\n")
    assert "acquisition-incomplete" in codes(raw.verify())


def test_a_missing_raw_segment_leaves_the_others_checked(tmp_path: Path) -> None:
    split = Options(raw=True, segment_size_bytes=128 * 1024)
    evidence = make_evidence(tmp_path, MANY, split).writable()
    evidence.segments[1].unlink()
    assert evidence.verify().verdict is Verdict.INDETERMINATE
    data = bytearray(evidence.segments[2].read_bytes())
    data[7] ^= 1
    evidence.segments[2].write_bytes(data)
    result = evidence.verify()
    assert result.verdict is Verdict.FAILED
    assert {finding.segment for finding in result.findings} == {"JB1.002", "JB1.004"}


def test_a_segment_that_cannot_be_opened_leaves_the_verdict_open(several: Evidence) -> None:
    second = several.segments[1]
    second.unlink()
    second.mkdir()
    result = several.verify()
    assert result.verdict is Verdict.INDETERMINATE
    assert "segment-unreadable" in codes(result)


def test_a_set_past_e99_passes_and_libewf_agrees(tmp_path: Path) -> None:
    options = Options(compression="none", segment_size_bytes=100 * 1024)
    evidence = make_evidence(tmp_path, disk_content(10 * 1024 * 1024), options)
    assert [path.name for path in evidence.segments[98:101]] == ["JB1.E99", "JB1.EAA", "JB1.EAB"]
    result = evidence.verify(second_opinion=True)
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    evidence.segments[100].unlink()
    assert "JB1.EAB" in {finding.segment for finding in evidence.verify().findings}


@pytest.mark.long
def test_a_folder_full_of_digests_is_not_taken_in(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, disk_content(4096)).without_manifest()
    line = f"{'0' * 64}\n" * (MAXIMUM_ENTRIES // 2)
    for suffix in ("md5", "sha1", "sha256"):
        evidence.first.with_suffix(f".{suffix}").write_text(line)
    found = [item for item in evidence.verify().findings if item.code == "checksum-file"]
    assert [str(MAXIMUM_ENTRIES) in item.detail for item in found] == [True]
