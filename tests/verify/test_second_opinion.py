"""The second opinion: libewf decodes the image too, in processes of its own."""

import random
import string
import threading
from dataclasses import replace
from pathlib import Path

from acquire.imager import acquire_image
from acquire.reader import Reader, ReadSettings
from image.opening import open_image
from image.progress import ignore_progress
from image.sectors import SectorRange
from tests.sim.acquisitions import HEADER, Options, request_for
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock
from tests.verify.evidence import disk_content, make_evidence
from verify.request import VerificationRequest
from verify.second_opinion import ask_second_opinion
from verify.verdict import Verdict
from verify.verification import verify_image

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


def test_a_raw_image_needs_no_second_opinion(tmp_path: Path) -> None:
    result = make_evidence(tmp_path, CONTENT, Options(raw=True)).verify(second_opinion=True)
    assert (result.verdict, result.second_opinion) == (Verdict.PASSED, None)


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
