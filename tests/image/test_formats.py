"""Formats by their bytes, by their names only where the bytes say nothing."""

from pathlib import Path

import pytest

from image.errors import ImageNotReadError
from image.formats import SIGNATURES, ImageFormat, Signature, recognise, require_readable


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda item: f"{item.format.name}{item.offset_bytes}")
def test_every_signature_is_recognised(signature: Signature, tmp_path: Path) -> None:
    data = bytearray(2048)
    start = signature.offset_bytes if signature.offset_bytes >= 0 else len(data) + signature.offset_bytes
    data[start : start + len(signature.magic)] = signature.magic
    path = tmp_path / "image.bin2"
    path.write_bytes(data)
    assert recognise(path) is signature.format


NAMES = [
    ("a.E01", ImageFormat.EWF_E01),
    ("a.s01", ImageFormat.EWF_S01),
    ("a.E02", ImageFormat.EWF_E01),
    ("a.L01", ImageFormat.EWF_L01),
    ("a.Ex01", ImageFormat.EWF2_EX01),
    ("a.aff4", ImageFormat.AFF4),
    ("a.afm", ImageFormat.AFF),
    ("a.001", ImageFormat.SPLIT_RAW),
    ("a.aa", ImageFormat.SPLIT_RAW),
    ("a.raw", ImageFormat.RAW),
    ("a", ImageFormat.RAW),
]


@pytest.mark.parametrize("size", [0, 1, 4096])
@pytest.mark.parametrize(("name", "image_format"), NAMES)
def test_bytes_that_say_nothing_leave_it_to_the_name(
    name: str, image_format: ImageFormat, size: int, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(bytes(size))
    assert recognise(path) is image_format


def test_a_raw_name_is_stronger_than_a_trailing_signature(tmp_path: Path) -> None:
    path = tmp_path / "disk.dd"
    path.write_bytes(bytes(512) + b"conectix".ljust(512, b"\0"))
    assert recognise(path) is ImageFormat.RAW


def test_a_format_that_is_not_read_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ImageNotReadError, match="AFF4 is recognised but not read yet"):
        require_readable(tmp_path / "a.aff4", ImageFormat.AFF4)


def test_a_directory_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(ImageNotReadError, match="not a file"):
        recognise(tmp_path)
