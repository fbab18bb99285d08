"""What options accept."""

from pathlib import Path

import click
import pytest

from diskwitness import parameters
from verify.request import Expectation


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("512", 512),
        ("64KiB", 65536),
        ("2GB", 2_000_000_000),
        ("4GiB", 4 << 30),
        ("4gib", 4 << 30),
        ("1 MB", 1_000_000),
        ("0", 0),
        ("7B", 7),
        ("3TiB", 3 << 40),
    ],
)
def test_a_size_is_read_in_bytes(text: str, size_bytes: int) -> None:
    assert parameters.size(text) == size_bytes


@pytest.mark.parametrize("text", ["", "-1", "1.5GB", "4G", "GiB", "0x10", "1e3", "٣", "9" * 21, "4GiBB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        parameters.size(text)


def test_algorithms_are_taken_once_and_in_order() -> None:
    assert parameters.algorithms("SHA-256, md5,sha256") == ("sha256", "md5")


@pytest.mark.parametrize("text", ["", "crc32", "md5,", "md5;sha1"])
def test_unknown_algorithms_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        parameters.algorithms(text)


def test_an_expectation_is_an_algorithm_and_its_digest() -> None:
    assert parameters.expectation("SHA-1:" + "AB" * 20) == Expectation("sha1", "ab" * 20)


@pytest.mark.parametrize("text", ["", "md5", "md5:12", "sha1:" + "g" * 40, "foo:" + "a" * 32, "a" * 32])
def test_what_is_no_expectation_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        parameters.expectation(text)


def test_a_moment_keeps_its_offset() -> None:
    moment = parameters.moment("2026-11-22T14:30+05:30")
    assert (moment.utc, moment.offset_minutes) == ("2026-11-22T09:00:00.000000Z", 330)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "14:30"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        parameters.moment(text)


def test_a_path_that_cannot_be_recorded_is_refused() -> None:
    assert parameters.path.convert("a/ü", None, None) == Path("a/ü")
    for text in ("", "a\0b", "a\udcff"):
        with pytest.raises(click.BadParameter):
            parameters.path.convert(text, None, None)
