"""Ranges of sectors in little memory, against plain tuples of them."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.sectors import SectorRange, SectorRanges, compact_ranges, count_sectors, merge_ranges

RANGES = st.lists(st.builds(SectorRange, st.integers(0, 90), st.integers(1, 20)), max_size=20)


@given(RANGES)
def test_they_are_the_sequence_they_were_made_of(ranges: list[SectorRange]) -> None:
    compact = compact_ranges(ranges)
    assert (list(compact), len(compact)) == (ranges, len(ranges))
    assert hash(compact) == hash(tuple(ranges))
    assert list(compact[1:3]) == ranges[1:3]
    assert [compact[index] for index in range(len(ranges))] == ranges
    assert count_sectors(compact) == count_sectors(ranges)
    assert compact.and_then(compact) == (*ranges, *ranges)


@given(RANGES)
def test_merged_they_are_as_merged_ranges_are(ranges: list[SectorRange]) -> None:
    merged = compact_ranges(ranges).merged()
    assert merged == merge_ranges(ranges)
    assert merged.merged() is merged


@given(RANGES, RANGES)
def test_they_are_equal_when_every_range_is(one: list[SectorRange], two: list[SectorRange]) -> None:
    assert (compact_ranges(one) == compact_ranges(two)) is (one == two)
    assert (compact_ranges(one) == tuple(two)) is (one == two)


def test_no_range_is_empty_or_behind_the_end_of_any_drive() -> None:
    with pytest.raises(ValueError, match="an empty range"):
        SectorRanges(array("Q", [1]), array("Q", [0]))
    with pytest.raises(ValueError, match="behind the end of any drive"):
        compact_ranges([SectorRange(2**64, 1)])
