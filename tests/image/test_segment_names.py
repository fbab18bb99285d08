"""Names of segment files, and which files of a folder are the segments of an image."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.segment_names import (
    MAXIMUM_EWF_SEGMENTS,
    SegmentNamesExhaustedError,
    ewf_segment_name,
    list_segments,
    looks_like_later_ewf_segment,
    naming_of,
    raw_segment_name,
)

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
        ("a.001", "a.002", "a.100"),
        ("a.000", "a.001", "a.099"),
        ("a.aa", "a.ab", "a.dv"),
        ("a.b.E01", "a.b.E02", "a.b.EAA"),
    ],
)
def test_the_first_name_tells_how_the_others_are_named(first: str, second: str, hundredth: str) -> None:
    naming = naming_of(first)
    assert naming is not None
    assert [naming.name(number) for number in (1, 2, 100)] == [first, second, hundredth]


@pytest.mark.parametrize("name", ["a.E02", "a.raw", "a.dd", "E01", ".E01", "a.Ex01", "a.txt"])
def test_other_names_begin_no_set(name: str) -> None:
    assert naming_of(name) is None


def test_a_later_segment_is_recognised() -> None:
    assert looks_like_later_ewf_segment("a.E02")
    assert looks_like_later_ewf_segment("a.EAA")
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
