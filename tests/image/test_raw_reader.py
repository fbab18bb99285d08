"""Raw and split raw images: the media in order, and what their files say."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image.raw_reader import PIECE_BYTES, RawImage, open_raw
from image.sectors import SectorRange


def media(image: RawImage, pool: ThreadPoolExecutor | None = None) -> bytes:
    """All of the media."""
    result = bytearray()
    for piece in image.media(pool):
        result += piece.data
        piece.release()
    return bytes(result)


def codes(image: RawImage) -> list[str]:
    return [finding.code for finding in image.findings.as_tuple()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(content=st.binary(min_size=1, max_size=3000), size=st.integers(200, 4000))
def test_split_files_give_back_what_was_split(content: bytes, size: int, tmp_path: Path) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    for number, start in enumerate(range(0, len(content), size), 1):
        (tmp_path / f"a.{number:03d}").write_bytes(content[start : start + size])
    with open_raw(tmp_path / "a.001") as image:
        assert media(image) == content
        assert image.media_size_bytes == len(content)


def test_a_pool_reads_the_same_in_order(tmp_path: Path) -> None:
    content = bytes(range(256)) * (PIECE_BYTES // 64)
    (tmp_path / "a.raw").write_bytes(content)
    with ThreadPoolExecutor(3) as pool, open_raw(tmp_path / "a.raw") as image:
        assert media(image, pool) == content


def test_each_segment_has_its_sectors(tmp_path: Path) -> None:
    for name, size in (("a.aa", 2048), ("a.ab", 2048), ("a.ac", 512)):
        (tmp_path / name).write_bytes(bytes(size))
    with open_raw(tmp_path / "a.aa") as image:
        assert image.segment_ranges() == (SectorRange(0, 4), SectorRange(4, 4), SectorRange(8, 1))
        assert codes(image) == []


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ({"a.000": 0}, ["media-empty"]),
        ({"a.000": 700}, ["partial-sector"]),
        ({"a.000": 1024, "a.001": 512, "a.002": 512}, ["segment-uneven"]),
        ({"a.000": 1024, "a.002": 512}, ["segment-missing"]),
    ],
)
def test_what_is_odd_about_the_files_is_found(sizes: dict[str, int], found: list[str], tmp_path: Path) -> None:
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(bytes(size))
    with open_raw(tmp_path / "a.000") as image:
        assert codes(image) == found


def test_a_file_that_shrinks_while_it_is_read_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.raw"
    path.write_bytes(bytes(2048))
    with open_raw(path) as image:
        path.write_bytes(bytes(512))
        (piece,) = image.media()
        assert not piece.is_read
        assert codes(image) == ["segment-unreadable"]
