"""Ex01 sets: sound ones pass, every changed bit that is not listed is noticed, what is lost is named by sectors."""

import random
import struct
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from image.description import describe_image
from image.errors import ImageNotReadError
from image.sectors import SectorRange
from tests.sim.ewf2_writer import BZIP2, IDENTIFIER, Ex01, object_text, write_ex01
from tests.verify.evidence import Evidence, disk_content
from tests.verify.ewf2_slack import IDENTIFIER_BYTES, unprotected_bits
from tests.verify.segment_attacks import SegmentSetBytes
from tests.verify.test_segment_attacks import assert_no_attack_passes
from tests.verify.unprotected import as_set, every_bit, flip
from verify.request import parse_expectation
from verify.verdict import Verdict, VerificationResult

Record = Callable[[str, object], None]
SMALL = Ex01(chunk_sectors=2, table_chunks=3)
PATTERNS = ("deflate", "stored-pattern", "raw", "pattern", "stored-pattern", "stored-pattern")
KINDS = {
    "plain": SMALL,
    "hashed": replace(SMALL, hashed=True),
    "patterns": replace(SMALL, stores=PATTERNS, table_chunks=4),
    "optical": replace(SMALL, sector_bytes=2048, sessions=((0, 0), (3, 1)), errors=((1, 2),), device={"dt": "c"}),
    "restarted": replace(SMALL, extra=((0x0A, object_text({"p": "0", "sr": "0"}), 0),), digests=("sha1",)),
    "unprotected": replace(SMALL, stores=("unprotected", "raw")),
}
SAMPLE = 25
every_kind = pytest.mark.parametrize("kind", KINDS)


def media(kind: str) -> bytes:
    """Content that the way of storing can hold."""
    if kind == "patterns":
        return b"\x01\x02\0\x04\xff\0\0\x80" * (9 * 128)
    return disk_content(12 * 1024 if kind == "optical" else 9 * 1024)


def written(folder: Path, kind: str = "plain", **changes: object) -> Evidence:
    content = media(kind)
    options = replace(KINDS[kind], **changes)  # type: ignore[arg-type]
    return Evidence(folder, write_ex01(folder, content, options)[0], content)


def codes(result: VerificationResult) -> list[str]:
    return [finding.code for finding in result.findings]


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


@every_kind
def test_a_changed_bit_passes_where_nothing_protects_it_and_nowhere_else(
    kind: str, tmp_path: Path, record_property: Record
) -> None:
    evidence = written(tmp_path, kind)
    dice = random.Random(kind)
    assert_unprotected(evidence, dice.sample(list(every_bit(evidence.first)), SAMPLE), record_property)


@pytest.mark.long
@every_kind
def test_of_all_bits_those_that_nothing_protects_pass_and_no_other(
    kind: str, tmp_path: Path, record_property: Record
) -> None:
    evidence = written(tmp_path, kind)
    assert_unprotected(evidence, list(every_bit(evidence.first)), record_property)


def assert_unprotected(evidence: Evidence, tried: list[tuple[int, int]], record: Record) -> None:
    flips = flip(evidence, tried)
    record("figures of bits changed in Ex01", flips.figures)
    assert flips.counted["tried"] == len(tried)
    assert flips.other_media == []
    assert as_set(flips.passed) == unprotected_bits(evidence.first, tried)


@pytest.mark.parametrize("store", ["bzip2", "bare-bzip2"])
def test_a_changed_bit_of_bzip2_never_changes_the_media(store: str, tmp_path: Path) -> None:
    evidence = written(tmp_path, method=BZIP2, stores=(store,))
    assert evidence.verify().verdict is Verdict.PASSED
    flips = flip(evidence, random.Random(store).sample(list(every_bit(evidence.first)), SAMPLE))
    assert flips.other_media == []


def test_the_identifier_is_protected_where_there_are_several_segments(tmp_path: Path) -> None:
    evidence = written(tmp_path, segment_tables=1)
    flips = flip(evidence, [(offset, 3) for offset in IDENTIFIER_BYTES])
    assert flips.passed == {}


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


@pytest.mark.parametrize("identifier", [bytes(16), IDENTIFIER], ids=["of another set", "the same"])
def test_no_segment_can_be_tampered_with(identifier: bytes, tmp_path: Path, record_property: Record) -> None:
    three = replace(SMALL, segment_tables=1)
    own, foreign, attacked = (tmp_path / name for name in ("own", "foreign", "attacked"))
    for folder in (own, foreign, attacked):
        folder.mkdir()
    original = SegmentSetBytes.read(write_ex01(own, disk_content(9 * 1024, 1), three)[0])
    others = replace(three, identifier=identifier)
    other = SegmentSetBytes.read(write_ex01(foreign, disk_content(9 * 1024, 2), others)[0])
    assert_no_attack_passes(original, attacked, record_property, other)


@every_kind
def test_cut_or_extended_segments_never_pass(kind: str, tmp_path: Path) -> None:
    evidence = written(tmp_path, kind)
    data = evidence.first.read_bytes()
    lengths = [0, 1, 31, 32, 33, 95, *range(100, len(data), len(data) // 9), len(data) - 64, len(data) - 1]
    for changed in (*(data[:length] for length in lengths), data + b"\0", data + bytes(64), data + data):
        evidence.first.write_bytes(changed)
        assert evidence.verify().verdict is not Verdict.PASSED


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
