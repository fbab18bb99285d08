"""Names of Ex01 segments, as the specification counts them."""

import pytest

from image.ewf2_extensions import MAXIMUM_EWF2_SEGMENTS, could_be_ewf2, ewf2_segment_extension
from image.segment_names import list_segments, naming_of
from image.split_extensions import SegmentNamesExhaustedError

KNOWN = [(1, "Ex01"), (99, "Ex99"), (100, "ExAA"), (126, "ExBA"), (775, "ExZZ"), (776, "EyAA"), (2127, "EzZZ")]


@pytest.mark.parametrize(("number", "extension"), KNOWN)
def test_segments_are_named_as_the_specification_names_them(number: int, extension: str) -> None:
    assert ewf2_segment_extension(number, "Ex01") == extension
    assert ewf2_segment_extension(number, "ex01") == extension.lower()
    assert ewf2_segment_extension(number, "EX01") == extension.upper()


@pytest.mark.parametrize("first", ["Ex01", "EX01", "ex01", "Lx01"])
def test_there_are_2127_names_and_no_more(first: str) -> None:
    names = [ewf2_segment_extension(number, first) for number in range(1, MAXIMUM_EWF2_SEGMENTS + 1)]
    assert (len(set(names)), MAXIMUM_EWF2_SEGMENTS) == (2127, 2127)
    assert all(could_be_ewf2(name, first) for name in names)
    with pytest.raises(SegmentNamesExhaustedError):
        ewf2_segment_extension(2128, first)
    with pytest.raises(ValueError, match="numbered from 1"):
        ewf2_segment_extension(0, first)


@pytest.mark.parametrize("extension", ["E02", "ex02", "EX02", "Ex2", "Exaa", "ExA1", "Ew01", "Lx02", "Ex001"])
def test_other_names_are_no_segments_of_the_set(extension: str) -> None:
    assert not could_be_ewf2(extension, "Ex01")


def test_a_gap_in_the_set_is_named() -> None:
    naming = naming_of("a.Ex01")
    assert naming is not None
    there = ["a.Ex01", "a.Ex02", "a.Ex04", "a.E02", "a.Lx03", "b.Ex03"]
    listing = list_segments(naming, there)
    assert (listing.names, listing.missing) == (("a.Ex01", "a.Ex02", "a.Ex04"), ("a.Ex03",))


@pytest.mark.parametrize(
    ("first", "name", "own"),
    [
        ("JB1.Ex01", "jb1.EX02", "JB1.Ex02"),
        ("JB1.Ex01", "JB1.exaa", "JB1.ExAA"),
        ("jb1.ex01", "JB1.Ex02", "jb1.ex02"),
        ("JB1.EX01", "JB1.eyab", "JB1.EYAB"),
        ("JB1.Ex01", "JB1.E02", None),
        ("JB1.Ex01", "other.Ex02", None),
    ],
)
def test_a_segment_named_in_another_case_is_known(first: str, name: str, own: str | None) -> None:
    naming = naming_of(first)
    assert naming is not None
    assert naming.in_own_case(name) == own
