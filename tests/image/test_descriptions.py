"""What images of other programs say of themselves agrees with what is known of them; nothing unknown is a crash."""

import contextlib
import csv
from pathlib import Path

import pytest

from image.description import describe_image
from image.errors import ImageNotReadError
from tests.image.virtual.disks import needs_qemu
from tests.verify.test_collection import FOLDER, Listed, cases, unpacked


def sizes_of(item: Listed) -> tuple[int, int]:
    """Media and sector size in bytes, as the list has them."""
    with (FOLDER / "MANIFEST.csv").open(newline="", encoding="utf-8") as lines:
        row = next(row for row in csv.DictReader(lines) if FOLDER / row["path"] == item.path)
    return int(row["media_size"]), int(row["sector_size"])


@cases("passed", "ex01")
def test_an_image_says_how_large_its_media_is(item: Listed, tmp_path: Path) -> None:
    described = describe_image(unpacked(item, tmp_path))
    assert (described.media_size_bytes, described.sector_size_bytes) == sizes_of(item)
    assert described.missing_segments == ()
    known = {name: value for name, value in item.digests.items() if name in (described.stored_digests or {})}
    assert described.stored_digests == known


@cases("raw")
def test_a_raw_image_is_as_large_as_its_files(item: Listed, tmp_path: Path) -> None:
    assert describe_image(unpacked(item, tmp_path)).media_size_bytes == sizes_of(item)[0]


@needs_qemu
@cases("virtual")
def test_a_virtual_disk_says_how_large_it_is(item: Listed, tmp_path: Path) -> None:
    assert describe_image(unpacked(item, tmp_path)).media_size_bytes == sizes_of(item)[0]


@cases("damaged", "any", "ex01-damaged")
def test_a_damaged_image_is_described_or_refused(item: Listed, tmp_path: Path) -> None:
    with contextlib.suppress(ImageNotReadError):
        described = describe_image(unpacked(item, tmp_path))
        assert described.media_size_bytes >= 0


@cases("unread", "refused")
def test_what_is_not_read_is_refused_with_something_to_do(item: Listed, tmp_path: Path) -> None:
    with pytest.raises(ImageNotReadError) as refusal:
        describe_image(unpacked(item, tmp_path))
    assert refusal.value.where
