"""Damage that no checksum shows, one by one: each has its finding, with its place."""

import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zlib import adler32

import pytest

from image.sectors import SectorRange
from tests.image.ewf2.editing import EditedSection, edited, put_together, read, table, take_apart
from tests.sim.ewf2_writer import (
    CASE,
    DATA,
    DEVICE,
    DONE,
    ERRORS,
    MD5,
    TABLE,
    Ex01,
    object_text,
    padded,
    write_ex01,
)
from tests.verify.evidence import disk_content

MEDIA = disk_content(9 * 1024)
SET = Ex01(chunk_sectors=2, table_chunks=3, stores=("raw",))
Sections = list[EditedSection]


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return write_ex01(tmp_path, MEDIA, SET)[0]


def codes(path: Path) -> list[str]:
    return [item.code for item in read(path)[1]]


def places_of(data: bytes) -> list[tuple[int, int, int]]:
    """The entries of a table."""
    (count,) = struct.unpack_from("<I", data, 8)
    return [struct.unpack_from("<QII", data, 32 + 16 * index) for index in range(count)]


def with_entry(change: tuple[int, int, int], flags: int | None = None) -> Callable[[bytes], bytes]:
    """The first table with its second entry changed by these numbers, or with other flags."""

    def change_it(data: bytes) -> bytes:
        entries = places_of(data)
        start, size, known = (have + more for have, more in zip(entries[1], change, strict=True))
        entries[1] = (start, size, known if flags is None else flags)
        return table(0, entries)

    return change_it


TABLES = [
    (lambda _: table(0, []), "unowned-bytes"),
    (with_entry((10**9, 0, 0)), "chunk-offset"),
    (with_entry((-1040, 0, 0)), "chunk-order"),
    (with_entry((0, 2**31, 0)), "chunk-offset"),
    (with_entry((0, 4, 0)), "unowned-bytes"),
    (with_entry((0, -4, 0)), "chunk-length"),
    (with_entry((0, 0, 0), 1), "chunk-damaged"),
    (with_entry((0, 0, 0), 0), "unowned-bytes"),
    (with_entry((0, 0, 0), 8), "chunk-flags"),
    (with_entry((0, 0, 0), 5), "chunk-length"),
    (lambda data: table(1, places_of(data)), "chunk-count"),
    (lambda data: table(0, places_of(data)[:2]), "chunk-count"),
    (lambda data: table(0, places_of(data) * 2), "table-section"),
    (lambda data: data[:8] + struct.pack("<I", 2**31) + data[12:], "table-section"),
    (lambda data: data[:-40] + b"\1" + data[-39:], "table-section"),
    (lambda data: data[:-8] + b"\1" * 8, "unowned-bytes"),
    (lambda data: data + bytes(8192), "unowned-bytes"),
    (lambda data: data[:20] + b"\1" + data[21:], "table-section"),
    (lambda data: data[:32], "chunk-count"),
    (lambda data: data[:16], "section-size"),
]


@pytest.mark.parametrize(("change", "code"), TABLES, ids=[f"{index}-{row[1]}" for index, row in enumerate(TABLES)])
def test_a_table_that_is_wrong_has_its_finding(change: Callable[[bytes], bytes], code: str, first: Path) -> None:
    edited(first, TABLE, change)
    assert code in codes(first)


def test_a_chunk_that_points_nowhere_is_named_with_its_sectors(first: Path) -> None:
    edited(first, TABLE, with_entry((10**9, 0, 0)))
    found = [item for item in read(first)[1] if item.code == "chunk-offset"]
    assert [(item.sectors, item.segment) for item in found] == [(SectorRange(2, 2), "JB1.Ex01")]


DEVICE_TEXT = {"ts": "18", "bp": "512", "dt": "f", "ph": "1"}
CASE_TEXT = {"tb": "9", "sb": "2", "cp": "", "gr": "1"}


def device(**changes: str) -> bytes:
    return padded(object_text(DEVICE_TEXT | changes))


def case(**changes: str) -> bytes:
    return padded(object_text(CASE_TEXT | changes))


TEXTS = [
    (DEVICE, device(bp="0"), "volume-section"),
    (DEVICE, device(bp="1000000"), "volume-section"),
    (DEVICE, device(bp=""), "volume-section"),
    (DEVICE, device(ts="-1"), "volume-section"),
    (DEVICE, device(ts="9" * 30), "volume-section"),
    (DEVICE, device(ts="9" * 20), "volume-section"),
    (DEVICE, device(ts="9" * 15), "sector-count"),
    (DEVICE, device(ts="0"), "media-empty"),
    (DEVICE, device(ts="\u0661\u0668"), "volume-section"),
    (DEVICE, device()[:-30], "volume-section"),
    (DEVICE, b"", "volume-section"),
    (CASE, case(tb="8"), "sector-count"),
    (CASE, case(sb="0"), "chunk-size"),
    (CASE, case(sb="9999999"), "chunk-size"),
    (CASE, case(cp="2"), "volume-disagreement"),
    (CASE, case(sb="x"), "volume-section"),
    (CASE, b"not compressed..", "header-section"),
    (CASE, case() + b"hidden", "unowned-bytes"),
    (MD5, bytes(36), "digest-section"),
    (ERRORS, bytes(48), "error2-section"),
]


@pytest.mark.parametrize(("kind", "data", "code"), TEXTS, ids=[f"{i}-{row[2]}" for i, row in enumerate(TEXTS)])
def test_a_section_that_says_what_cannot_be_has_its_finding(
    kind: int, data: bytes, code: str, tmp_path: Path
) -> None:
    first = write_ex01(tmp_path, MEDIA, replace(SET, errors=((17, 1),)))[0]
    edited(first, kind, lambda _: data)
    assert code in codes(first)


def test_unreadable_sectors_behind_the_media_are_found(tmp_path: Path) -> None:
    assert codes(write_ex01(tmp_path, MEDIA, replace(SET, errors=((17, 2),)))[0]) == ["error2-section"]


def rearranged(sections: Sections, what: str) -> Sections:
    """The sections in another order, or with others among them."""
    by_kind = {item.kind: index for index, item in reversed(list(enumerate(sections)))}
    last, second = sections[-1], sections[1]
    ways = {
        "no device": [*sections[1:]],
        "no end": sections[:-1],
        "two ends": [*sections, last],
        "end within": [*sections[:2], last, *sections[2:]],
        "two cases": [*sections[:2], second, *sections[2:]],
        "no table": [item for index, item in enumerate(sections) if index != by_kind[TABLE]],
        "no data": [item for index, item in enumerate(sections) if index != by_kind[DATA]],
        "unknown": [*sections[:-1], EditedSection(0x22, bytes(16)), last],
        "memory": [*sections[:-1], EditedSection(0x0C, bytes(16)), last],
        "flags": [*sections[:2], replace(sections[2], flags=4), *sections[3:]],
        "not empty": [*sections[:-1], EditedSection(DONE, bytes(16))],
        "gap": [*sections[:-2], replace(sections[-2], gap=b"hidden"), last],
        "padding": [*sections[:1], replace(second, padding=second.padding + 16), *sections[2:]],
    }
    return ways[what]


ORDERS = {
    "no device": "volume-section",
    "no end": "section-order",
    "two ends": "section-order",
    "end within": "section-order",
    "two cases": "section-order",
    "no table": "section-order",
    "no data": "section-order",
    "unknown": "section-unknown",
    "memory": "section-unknown",
    "flags": "section-unknown",
    "not empty": "unowned-bytes",
    "gap": "unowned-bytes",
    "padding": "padding-size",
}


@pytest.mark.parametrize("what", ORDERS)
def test_sections_where_they_cannot_be_have_their_finding(what: str, first: Path) -> None:
    header, sections = take_apart(first)
    put_together(first, header, rearranged(sections, what))
    assert ORDERS[what] in codes(first)


def test_a_memory_extents_table_that_its_descriptor_guards_is_sound(tmp_path: Path) -> None:
    first = write_ex01(tmp_path, MEDIA, replace(SET, extra=((0x0C, bytes(16), 1),)))[0]
    assert codes(first) == []


@pytest.mark.parametrize("kind", [DEVICE, DATA, TABLE, MD5])
def test_a_wrong_md5_of_a_section_is_found(kind: int, tmp_path: Path) -> None:
    first = write_ex01(tmp_path, MEDIA, replace(SET, hashed=True))[0]
    assert codes(first) == []
    header, sections = take_apart(first)
    index = next(index for index, item in enumerate(sections) if item.kind == kind)
    put_together(first, header, sections)
    data = bytearray(first.read_bytes())
    end = len(header) + sum(len(item.data) + 64 for item in sections[: index + 1])
    data[end - 32] ^= 1
    data[end - 4 : end] = struct.pack("<I", adler32(data[end - 64 : end - 4]))
    first.write_bytes(data)
    assert codes(first) == ["integrity-hash"]


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (DEVICE, DEVICE_TEXT | {"md": "other"}, "header-disagreement"),
        (DEVICE, DEVICE_TEXT | {"ts": "20"}, "volume-disagreement"),
        (CASE, CASE_TEXT | {"ex": "other"}, "header-disagreement"),
        (CASE, CASE_TEXT | {"sb": "4"}, "volume-disagreement"),
    ],
)
def test_segments_that_say_different_things_are_found(
    kind: int, text: dict[str, str], code: str, tmp_path: Path
) -> None:
    second = write_ex01(tmp_path, MEDIA, replace(SET, segment_tables=1))[1]
    _, sections = take_apart(second)
    index = next(index for index, item in enumerate(sections) if item.kind == kind)
    original = len(sections[index].data)
    edited(second, kind, lambda _: padded(object_text(text)).ljust(original, b"\0"))
    assert code in codes(tmp_path / "JB1.Ex01")
