"""Small images of every dialect: they pass, tell their case data, and only changed bits that are listed pass."""

import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from image.description import describe_image
from tests.verify.dialects import CARRIED, FOLDER, NAMES, notes_of, placed
from tests.verify.evidence import Evidence
from tests.verify.slack import streams_of
from tests.verify.unprotected import Bit, Bits, as_set, every_bit, flip, read_list, slack_bits
from verify.verdict import Verdict

Record = Callable[[str, object], None]
LISTED = read_list()
SAMPLE = 40
"""So many bits of an image the short test changes, and so many of the listed ones."""

every_dialect = pytest.mark.parametrize("evidence", NAMES, indirect=True)


@pytest.fixture
def evidence(request: pytest.FixtureRequest, tmp_path: Path) -> Evidence:
    name: str = request.param
    return placed(name, tmp_path)


def test_there_are_images_of_all_dialects_that_ewfacquire_writes() -> None:
    formats = {name.partition(".")[0].partition("-")[0] for name in CARRIED}
    encase = {f"encase{number}" for number in range(1, 8)}
    assert formats == encase | {"linen5", "linen6", "linen7", "ftk", "smart", "ewf", "ewfx"}


@every_dialect
def test_every_dialect_passes_and_tells_its_case_data(evidence: Evidence) -> None:
    result = evidence.verify()
    assert tuple(item.code for item in result.findings) == notes_of(evidence.first.name)
    assert (result.verdict, result.digests["sha256"]) == (Verdict.PASSED, sha256(evidence.content).hexdigest())
    header = describe_image(evidence.first).header
    assert header is not None
    told = (header.case_number, header.exhibit_reference, header.examiner, header.description, header.notes)
    assert told == ("2026-17", "JB1", "J. Baker", "Laptop drive", "none")
    assert header.acquired is not None
    assert (header.acquired.year, header.acquired.month) == (2026, 11)


@every_dialect
def test_what_is_listed_as_unprotected_is_slack_of_compressed_data(evidence: Evidence) -> None:
    assert LISTED[evidence.first.name] == slack_bits(evidence.first)


@every_dialect
def test_a_changed_bit_passes_where_it_is_listed_and_nowhere_else(
    evidence: Evidence, record_property: Record
) -> None:
    listed, dice = LISTED[evidence.first.name], random.Random(evidence.first.name)
    wanted = set(dice.sample(list(every_bit(evidence.first)), SAMPLE))
    wanted |= set(dice.sample(sorted(as_set(listed)), min(SAMPLE, len(listed))))
    assert_passing(evidence, sorted(wanted), listed, record_property)


@pytest.mark.long
@every_dialect
def test_of_all_bits_those_that_are_listed_pass_and_no_other(evidence: Evidence, record_property: Record) -> None:
    assert_passing(evidence, list(every_bit(evidence.first)), LISTED[evidence.first.name], record_property)


def assert_passing(evidence: Evidence, wanted: list[Bit], listed: Bits, record: Record) -> None:
    """Of these bits, exactly those that are listed pass when they are changed, and the media stays the same."""
    flips = flip(evidence, wanted)
    record("figures of bits changed in images of every dialect", flips.figures)
    assert flips.counted["tried"] == len(wanted)
    assert flips.other_media == []
    assert as_set(flips.passed) == as_set(listed) & set(wanted)


@every_dialect
def test_bytes_appended_or_cut_off_never_pass(evidence: Evidence) -> None:
    data = evidence.first.read_bytes()
    for behind in (b"\0", b"hidden", data[:13], data):
        evidence.first.write_bytes(data + behind)
        assert evidence.verify().verdict is not Verdict.PASSED
    for length in (*range(1, len(data), len(data) // 25), len(data) - 1):
        evidence.first.write_bytes(data[:length])
        assert evidence.verify().verdict is not Verdict.PASSED


def test_every_stream_of_an_image_is_found() -> None:
    with_streams = {name: {stream.section for stream in streams_of(FOLDER / name)} for name in CARRIED}
    assert all("header" in kinds for kinds in with_streams.values())
    assert with_streams["ewfx.e01"] == {"header", "header2", "xheader", "xhash", "chunk"}
    assert with_streams["encase6-none.E01"] == {"header", "header2"}
