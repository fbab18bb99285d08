"""Ex01 sets: sound ones pass, what is damaged or lost is named by its sectors, what is not described is refused."""

import shutil
import struct
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from image.description import describe_image
from image.errors import ImageNotReadError
from image.sectors import SectorRange
from tests.sim.ewf2_writer import write_ex01
from tests.verify.evidence import Evidence
from tests.verify.ex01 import CARRIED, SMALL, by_libewf, codes, every_kind, written
from verify.request import parse_expectation
from verify.verdict import Verdict

SHA256 = "c56cd8744f6de0204456edbdaf739a3c560a82421582eef61cb072624540a1db"


@every_kind
@pytest.mark.parametrize("segment_tables", [1000, 1])
def test_a_sound_set_passes_and_libewf_agrees(kind: str, segment_tables: int, tmp_path: Path) -> None:
    evidence = written(tmp_path, kind, segment_tables=segment_tables)
    result = evidence.verify(second_opinion=True)
    assert result.verdict is Verdict.PASSED
    assert codes(result) == (["chunk-unprotected"] if kind == "unprotected" else [])
    assert (result.format, result.digests["sha256"]) == ("ewf2-ex01", sha256(evidence.content).hexdigest())
    assert result.second_opinion is not None
    assert "same media data in 1 of 1 ranges" in result.second_opinion


def test_an_image_by_libewf_passes_and_tells_its_case(tmp_path: Path) -> None:
    real = by_libewf(tmp_path)
    result = real.verify(second_opinion=True)
    assert (result.verdict, result.findings) == (Verdict.PASSED, ())
    assert result.digests["sha256"] == sha256(bytes(65536)).hexdigest()
    header = describe_image(real.first).header
    assert header is not None
    assert (header.case_number, header.examiner, header.system_version) == (
        "case_number",
        "examiner_name",
        "Darwin",
    )


def test_an_image_of_two_forms_of_chunks_by_libewf_passes(tmp_path: Path) -> None:
    first = tmp_path / "encase7-v2.Ex01"
    shutil.copy(CARRIED.with_name(first.name), first)
    result = Evidence(tmp_path, first, b"").verify()
    assert (result.verdict, result.findings, result.digests["sha256"]) == (Verdict.PASSED, (), SHA256)
    header = describe_image(first).header
    assert header is not None
    told = (header.case_number, header.exhibit_reference, header.examiner, header.description, header.notes)
    assert told == ("2026-17", "JB1", "J. Baker", "Laptop drive", "none")


def test_it_tells_what_it_says_of_itself(tmp_path: Path) -> None:
    told = describe_image(written(tmp_path, "optical").first)
    assert told.header is not None
    assert (told.header.case_number, told.header.exhibit_reference) == ("2026-17", "JB1")
    assert (told.header.examiner, told.header.description, told.header.notes) == ("J. Baker", "Laptop", "none")
    assert (told.header.model, told.header.serial, told.header.device_label) == ("M1", "S1", "L1")
    assert (told.media_type, told.is_physical, told.compression) == ("optical", True, "deflate")
    assert (told.chunk_sectors, told.sector_size_bytes, told.error_granularity_sectors) == (2, 2048, 64)
    assert told.unreadable == (SectorRange(1, 2),)
    assert [(session.first_sector, session.flags) for session in told.sessions] == [(0, 0), (3, 1)]
    assert told.set_identifier == "04030201-0605-0807-090a-0b0c0d0e0f10"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_missing_segment_is_named_with_its_sectors(number: int, tmp_path: Path) -> None:
    evidence = written(tmp_path, segment_tables=1)
    evidence.segments[number - 1].unlink()
    if number == 1:
        with pytest.raises(ImageNotReadError):
            evidence.verify()
        return
    result = evidence.verify()
    assert result.verdict is Verdict.INDETERMINATE
    missing = [item.sectors for item in result.findings if item.code == "media-missing"]
    assert missing == [SectorRange(6 * (number - 1), 6)]
    assert ("set-incomplete" if number == 3 else "segment-missing") in codes(result)


def test_bytes_behind_the_last_section_are_found_and_the_media_still_checked(tmp_path: Path) -> None:
    evidence = written(tmp_path)
    size = evidence.first.stat().st_size
    with evidence.first.open("ab") as file:
        file.write(b"hidden")
    result = evidence.verify()
    assert [(item.code, item.offset_bytes) for item in result.findings] == [("unowned-bytes", size)]
    assert result.digests["sha256"] == sha256(evidence.content).hexdigest()


def test_a_damaged_chunk_is_named_with_its_sectors(tmp_path: Path) -> None:
    evidence = written(tmp_path, stores=("raw",))
    data = bytearray(evidence.first.read_bytes())
    place = data.index(evidence.content[1024:1044])
    data[place + 7] ^= 0x10
    evidence.first.write_bytes(data)
    result = evidence.verify()
    assert codes(result) == ["chunk-checksum", "stored-digest", "stored-digest"]
    assert (result.findings[0].sectors, result.findings[0].offset_bytes) == (SectorRange(2, 2), place)
    assert result.findings[0].segment == "JB1.Ex01"


def test_a_damaged_descriptor_loses_no_chunk(tmp_path: Path) -> None:
    evidence = written(tmp_path, stores=("raw",))
    data = evidence.first.read_bytes()
    places = [at for at in range(32, len(data) - 64) if struct.unpack_from("<I", data, at + 24) == (64,)]
    descriptors = [at for at in places if data[at + 48 : at + 60] == bytes(12) and 0 < data[at] < 16]
    for place in descriptors[2:8]:
        evidence.first.write_bytes(data[: place + 9] + b"\xff" + data[place + 10 :])
        result = evidence.verify()
        assert result.verdict is Verdict.FAILED
        assert codes(result) == ["section-descriptor"]
        assert result.findings[0].offset_bytes == place
        assert result.digests["sha256"] == sha256(evidence.content).hexdigest()


def test_what_a_person_expects_is_compared(tmp_path: Path) -> None:
    evidence = written(tmp_path, digests=())
    assert codes(evidence.verify()) == ["nothing-to-compare"]
    right = parse_expectation(f"sha256:{sha256(evidence.content).hexdigest()}")
    assert evidence.verify(expectations=(right,)).verdict is Verdict.PASSED
    assert evidence.verify(expectations=(replace(right, hex_digest="0" * 64),)).verdict is Verdict.FAILED


REFUSED = {
    "version 2.2": {"version": (2, 2)},
    "compression none": {"method": 0},
    "encryption": {"extra": ((0x0B, bytes(32), 0),)},
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_described_is_refused_by_name(what: str, tmp_path: Path) -> None:
    evidence = written(tmp_path)
    write_ex01(tmp_path, evidence.content, replace(SMALL, **REFUSED[what]))  # type: ignore[arg-type]
    with pytest.raises(ImageNotReadError, match=rf"EWF2-Ex01 .*{what} is recognised but not read yet"):
        evidence.verify()


def test_an_encrypted_section_is_refused(tmp_path: Path) -> None:
    evidence = written(tmp_path, extra=((0x10, bytes(32), 2),))
    with pytest.raises(ImageNotReadError, match="encryption"):
        evidence.verify()
