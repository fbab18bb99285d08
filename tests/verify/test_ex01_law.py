"""The law for Ex01: every changed bit that is not listed is noticed, and no segment can be tampered with."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sim.ewf2_writer import BZIP2, IDENTIFIER, write_ex01
from tests.verify.evidence import Evidence, disk_content
from tests.verify.ewf2_slack import IDENTIFIER_BYTES, unprotected_bits
from tests.verify.ex01 import SMALL, by_libewf, every_kind, written
from tests.verify.segment_attacks import SegmentSetBytes
from tests.verify.test_segment_attacks import assert_no_attack_passes
from tests.verify.unprotected import as_set, every_bit, flip
from verify.verdict import Verdict

Record = Callable[[str, object], None]
SAMPLE = 25


@every_kind
def test_a_changed_bit_passes_where_nothing_protects_it_and_nowhere_else(
    kind: str, tmp_path: Path, record_property: Record
) -> None:
    evidence = written(tmp_path, kind)
    dice = random.Random(kind)
    assert_unprotected(evidence, dice.sample(list(every_bit(evidence.first)), SAMPLE), record_property)


@pytest.mark.long
@every_kind
def test_of_every_byte_a_changed_bit_passes_where_nothing_protects_it_and_nowhere_else(
    kind: str, tmp_path: Path, record_property: Record
) -> None:
    evidence = written(tmp_path, kind)
    dice = random.Random(kind)
    tried = [(offset, dice.randrange(8)) for offset in range(evidence.first.stat().st_size)]
    assert_unprotected(evidence, tried, record_property)


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


def test_a_changed_bit_of_an_image_by_libewf_passes_where_nothing_protects_it(
    tmp_path: Path, record_property: Record
) -> None:
    real = by_libewf(tmp_path)
    structure = [(offset, bit) for offset, bit in every_bit(real.first) if not 500 < offset < 66_000]
    assert_unprotected(real, random.Random(1).sample(structure, SAMPLE), record_property)


@pytest.mark.long
def test_of_all_bits_around_the_chunks_of_an_image_by_libewf_those_that_nothing_protects_pass(
    tmp_path: Path, record_property: Record
) -> None:
    real = by_libewf(tmp_path)
    tried = [(offset, bit) for offset, bit in every_bit(real.first) if not 500 < offset < 66_000]
    assert_unprotected(real, tried, record_property)


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
