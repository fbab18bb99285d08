"""The second opinion: libewf decodes the image too, in processes of its own."""

import hashlib
import random
import string
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from acquire.imager import acquire_image
from acquire.reader import Reader, ReadSettings
from image.findings import Severity
from image.opening import open_image
from image.progress import ignore_progress
from image.sectors import SectorRange
from tests.sim.acquisitions import HEADER, Options, request_for
from tests.sim.ewf2_writer import write_ex01
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock
from tests.verify.evidence import disk_content, make_evidence
from verify.request import VerificationRequest
from verify.second_opinion import NOTHING_TO_ASK, ask_second_opinion
from verify.verdict import Verdict
from verify.verification import verify_image

MIB = 1024 * 1024
CONTENT = disk_content(3 * 1024 * 1024)


def test_libewf_agrees_about_a_sound_image(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT, Options(segment_size_bytes=512 * 1024))
    result = verify_image(VerificationRequest(evidence.first, second_opinion=True), clock=StillClock())
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    assert result.second_opinion is not None
    assert result.second_opinion.endswith("same media data in 1 of 1 ranges of 64 MiB")


def test_what_it_decodes_otherwise_is_named_by_its_sectors(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT)
    with open_image(evidence.first) as image:
        told = ask_second_opinion(image, ["0" * 64], ignore_progress, threading.Event())
        (finding,) = image.findings.as_tuple()
    assert told is not None
    assert "same media data in 0 of 1 ranges" in told
    assert (finding.code, finding.sectors) == ("second-opinion", SectorRange(0, len(CONTENT) // 512))


def test_a_damaged_image_never_passes_by_a_second_opinion(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT).without_manifest().writable()
    data = bytearray(evidence.first.read_bytes())
    data[len(data) // 3] ^= 1
    evidence.first.write_bytes(data)
    assert evidence.verify(second_opinion=True).verdict is Verdict.FAILED


def test_an_image_that_libewf_cannot_open_leaves_it_out(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT).without_manifest().writable()
    evidence.first.write_bytes(evidence.first.read_bytes()[:5000])
    result = evidence.verify(second_opinion=True)
    assert "second-opinion-missing" in [finding.code for finding in result.findings]


def test_of_a_raw_image_there_is_nothing_to_ask(tmp_path: Path) -> None:
    result = make_evidence(tmp_path, CONTENT, Options(raw=True)).verify(second_opinion=True)
    assert (result.verdict, result.second_opinion) == (Verdict.PASSED, NOTHING_TO_ASK)


def test_only_the_ranges_that_differ_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = make_evidence(tmp_path, CONTENT)
    monkeypatch.setattr("verify.second_opinion.PIECE_DIGEST_BYTES", MIB)
    ours = [hashlib.sha256(CONTENT[start : start + MIB]).hexdigest() for start in range(0, len(CONTENT), MIB)]
    for jobs in (1, 5):
        with open_image(evidence.first) as image:
            told = ask_second_opinion(image, ours, ignore_progress, threading.Event(), jobs)
            assert image.findings.as_tuple() == ()
        assert told.endswith("same media data in 3 of 3 ranges of 64 MiB")
    with open_image(evidence.first) as image:
        ask_second_opinion(image, [ours[0], "0" * 64, ours[2]], ignore_progress, threading.Event())
        (finding,) = image.findings.as_tuple()
    assert (finding.code, finding.sectors) == ("second-opinion", SectorRange(MIB // 512, MIB // 512))
    assert finding.severity is Severity.FAILURE


def test_segments_in_another_folder_are_given_to_libewf(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT, Options(segment_size_bytes=512 * 1024))
    other = tmp_path / "other"
    other.mkdir()
    evidence.segments[1].rename(other / evidence.segments[1].name)
    result = evidence.verify(second_opinion=True, also=(other,))
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    assert "same media data in 1 of 1 ranges" in str(result.second_opinion)


def test_a_set_that_could_not_be_read_wholly_is_never_said_to_differ(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, CONTENT, Options(segment_size_bytes=512 * 1024))
    evidence.segments[1].unlink()
    result = evidence.verify(second_opinion=True)
    codes = {finding.code for finding in result.findings}
    assert (result.verdict, "second-opinion-missing" in codes) == (Verdict.INDETERMINATE, True)
    assert "second-opinion" not in codes


def test_zeros_that_libewf_gives_for_a_damaged_chunk_pass_nothing(tmp_path: Path) -> None:
    evidence = make_evidence(tmp_path, b"\x55" * MIB, Options(compression="none")).without_manifest().writable()
    with evidence.first.open("r+b") as file:
        file.seek(len(evidence.first.read_bytes()) // 2)
        file.write(b"\xaa")
    result = evidence.verify(second_opinion=True)
    codes = {finding.code for finding in result.findings}
    assert (result.verdict, codes >= {"chunk-checksum", "stored-digest"}) == (Verdict.FAILED, True)


def test_an_ex01_is_decoded_by_both(tmp_path: Path) -> None:
    (first,) = write_ex01(tmp_path, CONTENT)
    result = verify_image(VerificationRequest(first, second_opinion=True), clock=StillClock())
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    assert "same media data in 1 of 1 ranges" in str(result.second_opinion)


def test_libewf_opens_an_image_whatever_its_header_says(tmp_path: Path) -> None:
    disk, options, dice = MemoryDisk(CONTENT[: 64 * 1024]), Options(), random.Random(7)
    for number in range(8):
        said = "".join(dice.choices(string.printable[:90], k=60))
        header = replace(
            HEADER, case_number=said, exhibit_reference=said, description=said, examiner=said, notes=said
        )
        output = tmp_path / f"JB{number}"
        reader = Reader(disk, ReadSettings(), options.hooks.clock)
        acquire_image(replace(request_for(disk, (output,), options), header=header), reader, options.hooks)
        request = VerificationRequest(tmp_path / f"JB{number}.E01", second_opinion=True)
        assert verify_image(request, clock=StillClock()).findings == ()
