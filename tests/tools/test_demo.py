"""The demo's disk is the one its README describes, and its folder is its own."""

import hashlib
from pathlib import Path

import pytest

from tools.demo import MARKER, PACKED_DISK, begin_anew, unpack

README = (PACKED_DISK.parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo disk, unpacked."""
    path = tmp_path_factory.mktemp("demo") / "disk.raw"
    unpack(PACKED_DISK, path)
    return path


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
def test_the_disk_has_the_digests_of_its_readme(disk: Path, algorithm: str) -> None:
    assert hashlib.new(algorithm, disk.read_bytes()).hexdigest() in README


def test_the_disk_is_sparse_and_of_the_size_its_readme_says(disk: Path) -> None:
    assert f"{disk.stat().st_size:,} bytes" in README
    assert disk.stat().st_blocks * 512 < disk.stat().st_size / 2


def test_a_folder_of_an_earlier_demo_is_made_anew(tmp_path: Path) -> None:
    begin_anew(tmp_path / "demo")
    (tmp_path / "demo" / "old").touch()
    begin_anew(tmp_path / "demo")
    assert [path.name for path in (tmp_path / "demo").iterdir()] == [MARKER]


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "evidence").touch()
    with pytest.raises(SystemExit, match="no folder of an earlier demo"):
        begin_anew(tmp_path)
    assert (tmp_path / "evidence").exists()
