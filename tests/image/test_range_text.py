"""Records with very many unreadable ranges: the list is cut out of the text, and nothing is lost or made up."""

from array import array
from dataclasses import replace

import msgspec
import pytest

from image.errors import ImageNotReadError
from image.manifest import Manifest
from image.manifest_file import MAXIMUM_OTHER_BYTES, decode_manifest, encode_record
from image.range_text import split_ranges
from image.sectors import SectorRanges
from tests.casedb.building import job, manifest

COUNT = 60_000


@pytest.fixture(scope="module")
def scattered() -> Manifest:
    """A manifest in which every other sector is unreadable."""
    ranges = SectorRanges(array("Q", range(0, 2 * COUNT, 2)), array("Q", [1] * COUNT))
    plain = manifest(job())
    return replace(plain, read=replace(plain.read, unreadable=ranges))


def test_a_manifest_of_many_ranges_comes_back(scattered: Manifest) -> None:
    text = encode_record(scattered)
    split = split_ranges(text)
    assert split.ranges == scattered.read.unreadable
    assert len(split.text) < 10_000
    assert decode_manifest(text, "JB1.manifest.json") == scattered


def test_a_short_list_is_decoded_with_the_rest() -> None:
    plain = manifest(job())
    assert split_ranges(encode_record(plain)).ranges is None
    assert decode_manifest(encode_record(plain), "JB1.manifest.json") == plain


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"sector_count": 1\n', b'"sector_count": 0\n'),
        (b'"sector_count": 1\n', b'"sector_count": "]"\n'),
        (b'"sector_count": 1\n', b'"sector_count": 18446744073709551616\n'),
        (b'"first_sector": 100000,', b'"first_sector": -100000,'),
        (b'"first_sector": 100000,', b'"first_sector": [],'),
        (b'"first_sector": 100000,', b""),
        (b'{\n        "first_sector": 100000', b'} {\n        "first_sector": 100000'),
    ],
)
def test_a_list_with_one_thing_that_is_no_range_is_refused(scattered: Manifest, old: bytes, new: bytes) -> None:
    text = encode_record(scattered)
    assert old in text
    with pytest.raises(ImageNotReadError, match="not a usable manifest"):
        decode_manifest(text.replace(old, new, 1), "JB1.manifest.json")


def test_a_long_list_in_a_strange_place_is_not_believed(scattered: Manifest) -> None:
    text = encode_record(scattered).replace(b'"read": {', b'"strange": {}, "read": {}, "other": {', 1)
    with pytest.raises(ImageNotReadError, match="a list of ranges in a strange place"):
        decode_manifest(text, "JB1.manifest.json")


def test_two_long_lists_are_too_large_together() -> None:
    ranges = b",".join([b'{"first_sector":1234567890,"sector_count":1}'] * (MAXIMUM_OTHER_BYTES // 40))
    text = b'{"unreadable":[' + ranges + b'],"unreadable":[' + ranges + b"]}"
    with pytest.raises(ImageNotReadError, match="too large for a manifest"):
        decode_manifest(text, "JB1.manifest.json")


def test_a_value_that_json_does_not_know_is_a_bug_of_ours() -> None:
    with pytest.raises(TypeError):
        encode_record(object())
    assert msgspec.json.decode(encode_record(SectorRanges(array("Q", [3]), array("Q", [2])))) == [
        {"first_sector": 3, "sector_count": 2}
    ]
