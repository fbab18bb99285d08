"""What is found on a medium, by marks put at the places of the specifications."""

import pytest

from acquire.signatures import AT_START, find_signatures

SIZE = 4 * 1024 * 1024


def found_on(medium: bytes) -> tuple[str, ...]:
    """The signatures of a medium in memory."""
    return find_signatures(lambda offset, size: medium[offset : offset + size], len(medium))


def medium_with(offset: int, mark: bytes) -> bytes:
    """An otherwise empty medium with a mark."""
    medium = bytearray(SIZE)
    medium[offset : offset + len(mark)] = mark
    return bytes(medium)


@pytest.mark.parametrize("item", AT_START, ids=lambda item: f"{item.name}@{item.offset_bytes}")
def test_each_mark_at_the_beginning_is_found_alone(item: object) -> None:
    signature = next(entry for entry in AT_START if entry is item)
    assert found_on(medium_with(signature.offset_bytes, signature.mark)) == (signature.name,)


@pytest.mark.parametrize(
    ("name", "from_end", "mark"),
    [
        ("Linux RAID member (1.0)", 8192, b"\xfc\x4e\x2b\xa9"),
        ("Linux RAID member (0.90)", 65536, b"\xfc\x4e\x2b\xa9"),
        ("Intel RAID member", 1024, b"Intel Raid ISM Cfg Sig. 1.3.00"),
        ("DDF RAID member", 512, b"\xde\x11\xde\x11"),
    ],
)
def test_each_mark_at_the_end_is_found(name: str, from_end: int, mark: bytes) -> None:
    assert found_on(medium_with(SIZE - from_end, mark)) == (name,)


def test_a_boot_sector_without_more_is_called_that() -> None:
    assert found_on(medium_with(510, b"\x55\xaa")) == ("boot sector or DOS partition table",)


@pytest.mark.parametrize("size", [0, 1, 511, 512, 1024, 4096, 70_000, 200_000])
def test_a_medium_of_any_size_is_looked_at_within_its_bounds(size: int) -> None:
    def read_at(offset: int, length: int) -> bytes:
        assert 0 <= offset <= offset + length <= size
        return bytes(length)

    assert find_signatures(read_at, size) == ()


def test_nothing_is_found_where_nothing_can_be_read() -> None:
    assert find_signatures(lambda _offset, _length: b"", SIZE) == ()
