"""Answers as JSON text: what json.dumps writes, and ranges of sectors made while they are printed."""

import json
from array import array

from hypothesis import given
from hypothesis import strategies as st

from casedb.json_values import json_value
from diskwitness.json_text import BLOCK_CHARACTERS, json_blocks
from image.sectors import SectorRanges

LEAVES = st.none() | st.booleans() | st.integers() | st.text() | st.just(1.5)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(VALUES)
def test_the_text_is_that_of_json(value: object) -> None:
    assert "".join(json_blocks(value)) == json.dumps(value, indent=2)


def test_ranges_are_objects_and_the_text_comes_in_blocks() -> None:
    ranges = SectorRanges(array("Q", range(0, 9000, 3)), array("Q", [2] * 3000))
    blocks = list(json_blocks({"bad_sectors": ranges, "none": SectorRanges(array("Q"), array("Q"))}))
    assert "".join(blocks) == json.dumps({"bad_sectors": json_value(ranges), "none": []}, indent=2)
    assert len(blocks) > 2
    assert max(map(len, blocks)) < 2 * BLOCK_CHARACTERS
