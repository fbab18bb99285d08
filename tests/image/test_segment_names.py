"""Names of segment files, and which files of a folder are the segments of an image."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.segment_names import (
    MAXIMUM_EWF_SEGMENTS,
    ewf_segment_name,
    list_segments,
    looks_like_later_ewf_segment,
    naming_among,
    naming_of,
    raw_segment_name,
)
from image.segment_siblings import raw_siblings
from image.split_extensions import SegmentNamesExhaustedError
from tests.sim.foreign_programs import run_program

KNOWN = [
    (1, "E01"),
    (99, "E99"),
    (100, "EAA"),
    (125, "EAZ"),
    (126, "EBA"),
    (775, "EZZ"),
    (776, "FAA"),
    (14971, "ZZZ"),
]


@pytest.mark.parametrize(("number", "extension"), KNOWN)
def test_segments_are_named_as_encase_names_them(number: int, extension: str) -> None:
    assert ewf_segment_name("JB1", number) == f"JB1.{extension}"


def test_there_are_14971_names_and_no_more() -> None:
    assert MAXIMUM_EWF_SEGMENTS == 14971
    assert len({ewf_segment_name("a", number) for number in range(1, 14972)}) == 14971
    with pytest.raises(SegmentNamesExhaustedError):
        ewf_segment_name("a", 14972)
    with pytest.raises(ValueError, match="numbered from 1"):
        ewf_segment_name("a", 0)


def test_raw_segments_are_counted_with_three_digits() -> None:
    assert [raw_segment_name("a", number) for number in (1, 999, 1000)] == ["a.001", "a.999", "a.1000"]


@pytest.mark.parametrize(
    ("first", "second", "hundredth"),
    [
        ("a.E01", "a.E02", "a.EAA"),
        ("a.e01", "a.e02", "a.eaa"),
        ("a.s01", "a.s02", "a.saa"),
        ("a.L01", "a.L02", "a.LAA"),
        ("a.Ex01", "a.Ex02", "a.ExAA"),
        ("a.ex01", "a.ex02", "a.exaa"),
        ("a.EX01", "a.EX02", "a.EXAA"),
        ("a.Lx01", "a.Lx02", "a.LxAA"),
        ("a.001", "a.002", "a.100"),
        ("a.000", "a.001", "a.099"),
        ("a.1", "a.2", "a.100"),
        ("a.01", "a.02", "a.100"),
        ("a.0001", "a.0002", "a.0100"),
        ("a.raw.001", "a.raw.002", "a.raw.100"),
        ("a.dd.000", "a.dd.001", "a.dd.099"),
        ("a.part01", "a.part02", "a.part100"),
        ("a.r01", "a.r02", "a.r100"),
        ("a.01of250", "a.02of250", "a.100of250"),
        ("a.aa", "a.ab", "a.dv"),
        ("a.aaa", "a.aab", "a.adv"),
        ("a.AA", "a.AB", "a.DV"),
        ("a.b.E01", "a.b.E02", "a.b.EAA"),
    ],
)
def test_the_first_name_tells_how_the_others_are_named(first: str, second: str, hundredth: str) -> None:
    naming = naming_of(first)
    assert naming is not None
    assert [naming.name(number) for number in (1, 2, 100)] == [first, second, hundredth]


@pytest.mark.parametrize("name", ["a.E02", "a.raw", "a.dd", "E01", ".E01", "a.Ex02", "a.txt"])
def test_other_names_begin_no_set(name: str) -> None:
    assert naming_of(name) is None


def test_a_later_segment_is_recognised() -> None:
    assert looks_like_later_ewf_segment("a.E02")
    assert looks_like_later_ewf_segment("a.EAA")
    assert looks_like_later_ewf_segment("a.Ex02")
    assert looks_like_later_ewf_segment("a.EyAA")
    assert not looks_like_later_ewf_segment("a.Ex01")
    assert not looks_like_later_ewf_segment("a.E01")


@given(st.integers(1, 150), st.data())
def test_a_gap_in_the_set_is_named(count: int, data: st.DataObject) -> None:
    naming = naming_of("a.E01")
    assert naming is not None
    names = [naming.name(number) for number in range(1, count + 1)]
    gone = data.draw(st.sets(st.sampled_from(names[:-1]), max_size=90)) if count > 1 else set()
    listing = list_segments(naming, [*(set(names) - gone), "b.E01", "a.log"])
    assert listing.names == tuple(name for name in names if name not in gone)
    assert listing.missing == tuple(name for name in names if name in gone)


def test_a_name_far_behind_the_last_is_no_segment() -> None:
    naming = naming_of("jb1.e01")
    assert naming is not None
    assert list_segments(naming, ["jb1.e01", "jb1.txt", "jb1.map"]).names == ("jb1.e01",)


def test_a_set_that_tells_its_number_is_not_whole_without_the_last_ones() -> None:
    naming = naming_of("a.1of5")
    assert naming is not None
    listing = list_segments(naming, ["a.1of5", "a.2of5", "a.4of5", "a.4of6"])
    assert listing.names == ("a.1of5", "a.2of5", "a.4of5")
    assert listing.missing == ("a.3of5", "a.5of5")


def test_a_raw_copy_of_the_same_name_is_no_segment_behind_a_gap() -> None:
    naming = naming_of("a.aa")
    assert naming is not None
    assert list_segments(naming, ["a.aa", "a.ab", "a.dd", "a.gz"]).names == ("a.aa", "a.ab")


@pytest.mark.parametrize(
    ("name", "present", "first"),
    [
        ("a.002", ["a.001", "a.002"], "a.001"),
        ("a.001", ["a.000", "a.001"], "a.000"),
        ("a.1000", [f"a.{number:03d}" for number in range(1, 1001)], "a.001"),
        ("a.ab", ["a.aa", "a.ab"], "a.aa"),
        ("a.part2", ["a.part1", "a.part2"], "a.part1"),
        ("a.3of4", ["a.1of4", "a.3of4"], "a.1of4"),
        ("a.dd", ["a.aa", "a.dd"], None),
        ("a.2019", ["a.001", "a.2019"], None),
        ("a.001", ["a.001", "a.002"], None),
        ("a.1", ["a.0", "a.1"], None),
        ("a.raw", ["a.aa", "a.raw"], None),
    ],
)
def test_a_further_segment_is_known_by_the_first_one(name: str, present: list[str], first: str | None) -> None:
    siblings = raw_siblings(name)
    assert (siblings.first_among(present) if siblings is not None else None) == first


@pytest.mark.parametrize(("options", "first"), [((), "JB1.aa"), (("-d",), "JB1.00")])
def test_a_set_that_split_made_longer_names_for_is_whole(
    options: tuple[str, ...], first: str, tmp_path: Path
) -> None:
    (tmp_path / "disk").write_bytes(bytes(7000))
    run_program(tmp_path, "split", *options, "-b", "10", "disk", "JB1.")
    present = [path.name for path in tmp_path.glob("JB1.*")]
    naming = naming_of(first)
    assert naming is not None
    listing = list_segments(naming_among(naming, present), present)
    assert (len(listing.names), listing.missing) == (700, ())
    assert listing.names == tuple(sorted(present))


@pytest.mark.parametrize(
    ("name", "own"),
    [("JB1.E02", "JB1.E02"), ("jb1.e02", "JB1.E02"), ("Jb1.eaa", "JB1.EAA"), ("JB2.E02", None), ("JB1.E2", None)],
)
def test_a_segment_in_another_case_is_known_by_the_name_it_should_have(name: str, own: str | None) -> None:
    naming = naming_of("JB1.E01")
    assert naming is not None
    assert naming.in_own_case(name) == own


@pytest.mark.parametrize(
    ("name", "neighbours"),
    [
        ("a.003", ("a.002", "a.004")),
        ("a.part3", ("a.part2", "a.part4")),
        ("a.3of5", ("a.2of5", "a.4of5")),
        ("a.001", ()),
        ("a.2019", ()),
        ("a.07", ()),
    ],
)
def test_a_segment_without_its_first_one_is_known_by_its_neighbours(name: str, neighbours: tuple[str, ...]) -> None:
    siblings = raw_siblings(name)
    assert siblings is not None
    assert siblings.neighbours == neighbours
