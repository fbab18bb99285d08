"""Small files beside an image, which anyone may have put there."""

import os
from pathlib import Path

import pytest

from image.bounded_files import read_bounded
from image.errors import ImageNotReadError


def test_a_file_of_the_allowed_size_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "map").write_bytes(b"x" * 100)
    assert read_bounded(tmp_path / "map", 100, "map") == b"x" * 100


def test_a_larger_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map").write_bytes(b"x" * 101)
    with pytest.raises(ImageNotReadError, match=r"too large for a map: .*/map\. At most 100 bytes"):
        read_bounded(tmp_path / "map", 100, "map")


def test_a_pipe_that_nobody_writes_into_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "manifest")
    with pytest.raises(ImageNotReadError, match="the manifest is no regular file"):
        read_bounded(tmp_path / "manifest", 100, "manifest")


def test_a_device_that_never_ends_is_not_read() -> None:
    with pytest.raises(ImageNotReadError, match="no regular file"):
        read_bounded(Path("/dev/zero"), 100, "manifest")


def test_an_absent_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageNotReadError, match=r"read the manifest \(No such file or directory\): .*/absent"):
        read_bounded(tmp_path / "absent", 100, "manifest")
