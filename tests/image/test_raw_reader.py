"""Raw and split raw images: the media in order, and what their files say."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image.errors import ImageNotReadError
from image.holes import hole_bytes, tell_holes
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
        ({"a.000": 1024, "a.001": 2048}, ["segment-uneven"]),
        ({"a.000": 1024, "a.002": 512}, ["segment-missing"]),
        ({"a.000": 1024, "a.001": 1024, "a.002": 512}, []),
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


NAMINGS = [
    ("JB1.raw.001", "JB1.raw.002", "JB1.raw.003"),
    ("JB1.dd.000", "JB1.dd.001", "JB1.dd.002"),
    tuple(f"JB1.img.{number}" for number in range(1, 12)),
    ("JB1.aaa", "JB1.aab", "JB1.aac"),
    ("JB1.r01", "JB1.r02", "JB1.r03"),
    ("JB1.1of3", "JB1.2of3", "JB1.3of3"),
]


@pytest.mark.parametrize("names", NAMINGS, ids=lambda names: names[0])
def test_every_naming_of_split_images_is_joined(names: tuple[str, ...], tmp_path: Path) -> None:
    for index, name in enumerate(names):
        (tmp_path / name).write_bytes(bytes([index]) * 512)
    with open_raw(tmp_path / names[0]) as image:
        assert media(image) == b"".join(bytes([index]) * 512 for index in range(len(names)))
        assert codes(image) == []


@pytest.mark.parametrize(
    ("names", "opened", "told"),
    [
        (("a.001", "a.002"), "a.002", "Name a.001"),
        (("a.000", "a.001"), "a.001", "Name a.000"),
        (("a.aa", "a.ab"), "a.ab", "Name a.aa"),
        (("a.002", "a.003"), "a.002", "whose first one is not there"),
    ],
)
def test_a_further_segment_is_refused(names: tuple[str, ...], opened: str, told: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_bytes(bytes(512))
    with pytest.raises(ImageNotReadError, match=told):
        open_raw(tmp_path / opened)


def test_the_holes_of_a_sparse_file_are_zeros_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.raw"
    with path.open("wb") as file:
        for offset in (0, 5 * PIECE_BYTES, 9 * PIECE_BYTES):
            file.seek(offset)
            file.write(b"x" * PIECE_BYTES)
        file.truncate(12 * PIECE_BYTES)
    expected = bytearray(12 * PIECE_BYTES)
    for offset in (0, 5, 9):
        expected[offset * PIECE_BYTES : (offset + 1) * PIECE_BYTES] = b"x" * PIECE_BYTES
    with open_raw(path) as image:
        assert media(image) == expected
        tell_holes(image.files, image.findings)
        (told,) = image.findings.as_tuple()
        assert (told.code, told.segment) == ("sparse-file", "a.raw")
        assert told.detail == f"{9 * PIECE_BYTES} bytes of {12 * PIECE_BYTES} were never written"


def test_a_file_that_is_one_hole_is_said_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.raw"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert hole_bytes(path) == 2**40


def test_a_file_without_holes_and_one_that_is_not_there_have_none(tmp_path: Path) -> None:
    (tmp_path / "a.raw").write_bytes(b"x" * 5000)
    assert (hole_bytes(tmp_path / "a.raw"), hole_bytes(tmp_path / "b.raw")) == (0, 0)


def test_very_many_holes_are_counted_only_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("image.holes.MAXIMUM_STRETCHES", 3)
    path = tmp_path / "a.raw"
    with path.open("wb") as file:
        for number in range(8):
            file.seek((2 * number + 1) * PIECE_BYTES)
            file.write(b"x" * PIECE_BYTES)
    assert hole_bytes(path) == 3 * PIECE_BYTES
