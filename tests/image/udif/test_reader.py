"""UDIF images: every kind of block gives its media, and every checksum is compared."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image.errors import ImageNotReadError
from image.findings import Finding, Severity
from image.formats import ImageFormat, recognise
from image.opening import open_image
from image.sectors import SectorRange
from tests.image.udif.making import ADC, BZIP2, FREE, LZFSE, LZMA, RAW, ZEROS, ZLIB, Made, Table

TEXT = b"a sentence and its end. " * 64
NOISE = random.Random(2).randbytes(20 * 512)
KINDS = [RAW, ADC, ZLIB, BZIP2, LZMA]


def sample(kind: int) -> Made:
    """Two partitions with blocks of one kind, zeros and free sectors."""
    first = Table([(kind, TEXT), (ZEROS, bytes(3 * 512)), (kind, NOISE)])
    return Made([first, Table([(FREE, bytes(7 * 512))]), Table([(kind, b"x" * 1024)])])


MEDIA = TEXT + bytes(3 * 512) + NOISE + bytes(7 * 512) + b"x" * 1024


def media_of(data: bytes, folder: Path) -> tuple[bytes, list[Finding]]:
    """The media of an image and every finding."""
    path = folder / "a.dmg"
    path.write_bytes(data)
    with open_image(path, image_format=ImageFormat.DMG) as image:
        media = b"".join(piece.data for piece in image.media())
        return media, list(image.findings.as_tuple())


def refusal(data: bytes, folder: Path) -> str:
    with pytest.raises(ImageNotReadError) as refused:
        media_of(data, folder)
    return str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_block_gives_its_media(kind: int, tmp_path: Path) -> None:
    assert media_of(sample(kind).as_bytes(), tmp_path) == (MEDIA, [])
    assert recognise(tmp_path / "a.dmg") is ImageFormat.DMG


def test_blocks_longer_than_a_piece_and_a_pool_give_the_same(tmp_path: Path) -> None:
    media = random.Random(3).randbytes(5 * 512 * 1024)
    blocks = [(RAW, media), (ZEROS, bytes(len(media))), (ZLIB, media), (FREE, bytes(len(media)))]
    (tmp_path / "a.dmg").write_bytes(Made([Table(blocks)]).as_bytes())
    with open_image(tmp_path / "a.dmg") as image, ThreadPoolExecutor(3) as pool:
        found = b"".join(piece.data for piece in image.media(pool))
        assert found == b"".join(data for _, data in blocks)
        assert image.findings.as_tuple() == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(offset=st.integers(0, len(MEDIA) + 600), size=st.integers(0, 5000), kind=st.sampled_from(KINDS))
def test_the_media_is_read_at_any_place(offset: int, size: int, kind: int, tmp_path: Path) -> None:
    (tmp_path / "a.dmg").write_bytes(sample(kind).as_bytes())
    with open_image(tmp_path / "a.dmg") as image:
        access = image.access()
        assert access.read_at(offset, size) == MEDIA[offset : offset + size]
        access.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_flip_in_the_stored_data_is_found_with_its_sectors(kind: int, tmp_path: Path) -> None:
    made = sample(kind)
    data = bytearray(made.as_bytes())
    data[len(made.fork) // 2] ^= 4
    media, findings = media_of(bytes(data), tmp_path)
    assert len(media) == len(MEDIA)
    assert {item.code for item in findings} <= {"udif-block", "udif-checksum"}
    if kind in (ZLIB, BZIP2, LZMA):
        assert findings[0].sectors == SectorRange(6, 20)
    assert findings[-1].detail == "the checksum of the stored data is wrong"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(data=st.data())
def test_no_change_of_the_file_changes_the_media_without_a_finding(data: st.DataObject, tmp_path: Path) -> None:
    made = bytearray(sample(data.draw(st.sampled_from(KINDS))).as_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        made[data.draw(st.integers(0, len(made) - 513))] = data.draw(st.integers(0, 255))
    try:
        media, findings = media_of(bytes(made), tmp_path)
    except ImageNotReadError:
        return
    is_found = any(item.severity is not Severity.NOTE for item in findings)
    assert media == MEDIA or is_found


def test_a_checksum_of_a_partition_that_is_wrong_is_named_with_its_sectors(tmp_path: Path) -> None:
    made = Made([Table([(ZLIB, TEXT)]), Table([(ZLIB, NOISE)], checksum=5)])
    media, findings = media_of(made.as_bytes(), tmp_path)
    assert media == TEXT + NOISE
    assert [(item.code, item.sectors, item.expected) for item in findings] == [
        ("udif-checksum", SectorRange(3, 20), "00000005")
    ]


def test_sectors_that_no_block_holds_are_missing_and_not_zeros(tmp_path: Path) -> None:
    made = Made([Table([(ZLIB, TEXT)])], sector_count=8)
    (tmp_path / "a.dmg").write_bytes(made.as_bytes())
    with open_image(tmp_path / "a.dmg") as image:
        assert [piece.is_read for piece in image.media()] == [True, False]
        found = [(item.code, item.sectors) for item in image.findings.as_tuple()]
    assert found == [("media-missing", SectorRange(3, 5))]


def test_lzfse_is_refused_by_name(tmp_path: Path) -> None:
    assert "LZFSE" in refusal(Made([Table([(LZFSE, TEXT)])]).as_bytes(), tmp_path)


def test_a_segment_of_several_is_refused(tmp_path: Path) -> None:
    assert "one of 3 segments" in refusal(Made([Table([(RAW, TEXT)])], segment_count=3).as_bytes(), tmp_path)


def test_blocks_beyond_the_media_are_refused(tmp_path: Path) -> None:
    assert "sector 23 of 5" in refusal(Made([Table([(RAW, TEXT + NOISE)])], sector_count=5).as_bytes(), tmp_path)


@pytest.mark.parametrize("size", [2**62, 2**64 - 1])
def test_a_size_that_cannot_be_is_refused(size: int, tmp_path: Path) -> None:
    assert "64 TiB" in refusal(Made([Table([(RAW, TEXT)])], sector_count=size).as_bytes(), tmp_path)


@pytest.mark.parametrize("kind", [ZLIB, BZIP2, LZMA, ADC])
def test_a_block_that_would_give_more_than_its_sectors_gives_nothing(kind: int, tmp_path: Path) -> None:
    made = Made([Table([(kind, bytes(64 * 512))], claimed_sectors=1)])
    media, findings = media_of(made.as_bytes(), tmp_path)
    assert media == bytes(512)
    assert "udif-block" in [item.code for item in findings]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(noise=st.binary(max_size=700))
def test_noise_before_a_trailer_is_refused(noise: bytes, tmp_path: Path) -> None:
    trailer = Made([Table([(RAW, TEXT)])]).as_bytes()[-512:]
    refusal(b"\0" + noise + trailer, tmp_path)
