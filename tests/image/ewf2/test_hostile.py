"""A hostile Ex01 neither crashes nor hangs nor takes memory: only findings, or a refusal, come of it."""

import random
import resource
import struct
import time
from dataclasses import replace
from pathlib import Path
from zlib import adler32, compress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image.errors import ImageNotReadError
from image.ewf2 import section_chain
from tests.image.ewf2.editing import EditedSection, put_together, read, table, take_apart
from tests.image.wild_sections import wild_sections, with_wild_numbers
from tests.sim.ewf2_writer import CASE, DATA, DEVICE, DONE, TABLE, Ex01, object_text, padded, section, write_ex01
from tests.verify.evidence import disk_content

MIB = 1024 * 1024
SET = Ex01(
    chunk_sectors=2, table_chunks=3, stores=("raw", "deflate", "pattern"), errors=((1, 2),), sessions=((0, 0),)
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, list[EditedSection]]:
    first = write_ex01(tmp_path_factory.mktemp("hostile"), disk_content(12 * 1024), SET)[0]
    return first, *take_apart(first)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_sections_in_any_order_and_any_numbers_are_survived(
    parts: tuple[Path, bytes, list[EditedSection]], seed: int
) -> None:
    path, header, sections = parts
    put_together(path, header, wild_sections(sections, seed, _mangled))
    try:
        size, _ = read(path)
    except ImageNotReadError:
        return
    assert size <= 2**20


def _mangled(item: EditedSection, dice: random.Random) -> EditedSection:
    """The section with a few numbers replaced and its checksums made right, so that they are believed."""
    data = with_wild_numbers(item.data, dice)
    if item.kind in (TABLE, 5, 6) and len(data) >= 48:
        data[16:20] = struct.pack("<I", adler32(data[:16]))
        data[-16:-12] = struct.pack("<I", adler32(data[32:-16]))
    return replace(item, data=bytes(data), padding=dice.choice([item.padding, 0, len(data)]))


Entries = list[tuple[int, int, int]]


def made(path: Path, chunk_sectors: int, sector_count: int, stored: bytes, entries: Entries) -> Path:
    """An image of one table; the places in its entries count from the beginning of the sector data."""
    header = b"EVF2\r\n\x81\x00" + struct.pack("<BBHI", 2, 1, 1, 1) + bytes(16)
    texts = ({"ts": str(sector_count), "bp": "512"}, {"tb": "", "sb": str(chunk_sectors)})
    device, case = (_filled(kind, object_text(text)) for kind, text in zip((DEVICE, CASE), texts, strict=True))
    start = 32 + len(device.data) + 64 + len(case.data) + 64
    placed = [(place + start if flags != 5 else place, size, flags) for place, size, flags in entries]
    rest = [EditedSection(TABLE, table(0, placed)), EditedSection(DONE, b"")]
    put_together(path, header, [device, case, _filled(DATA, stored), *rest])
    return path


def _filled(kind: int, data: bytes) -> EditedSection:
    """A section whose data are filled up."""
    return EditedSection(kind, padded(data), len(padded(data)) - len(data))


CHUNK = 40 * MIB


@pytest.mark.parametrize("form", ["deflate", "raw", "pattern"])
def test_chunks_above_16_mib_are_read_in_pieces(form: str, tmp_path: Path) -> None:
    media = b"\0\1\2\3\4\5\6\7" * (CHUNK // 8)
    if form != "pattern":
        media = bytes(CHUNK - 5 * 512) + disk_content(5 * 512)
    raw = media + struct.pack("<I", adler32(media))
    stored, flags = {"deflate": (compress(media, 1), 1), "raw": (raw, 2), "pattern": (b"", 5)}[form]
    entry = (int.from_bytes(media[:8], "little") if form == "pattern" else 0, len(stored), flags)
    path = made(tmp_path / "big.Ex01", CHUNK // 512, CHUNK // 512, stored, [entry])
    assert read(path) == (CHUNK, [])
    if form != "pattern":
        data = bytearray(path.read_bytes())
        data[data.index(stored[-40:]) + 35] ^= 1
        path.write_bytes(data)
        size, findings = read(path)
        assert (size, [item.code for item in findings]) == (CHUNK, ["chunk-damaged"])


def test_chunks_above_128_mib_are_not_read(tmp_path: Path) -> None:
    size, findings = read(made(tmp_path / "huge.Ex01", 262_145, 262_145, b"", [(0, 0, 5)]))
    assert (size, findings[0].code) == (0, "chunk-size")


def test_a_chunk_that_inflates_without_end_is_cut_off(tmp_path: Path) -> None:
    bomb = compress(bytes(64 * MIB), 9)
    path = made(tmp_path / "bomb.Ex01", 64 * 8, 64 * 8, bomb, [(0, len(bomb), 1)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size, findings = read(path)
    assert (size, [item.code for item in findings]) == (64 * 8 * 512, ["chunk-length"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


def test_entries_that_point_nowhere_end_the_decoding(tmp_path: Path) -> None:
    path = made(tmp_path / "stray.Ex01", 64, 200_000 * 64, b"", [(2**40, 100, 1)] * 200_000)
    size, findings = read(path)
    assert size < 2**27
    assert "media-missing" in [item.code for item in findings]


def test_a_segment_of_very_many_sections_takes_bounded_memory_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(section_chain, "MAXIMUM_SECTIONS", 1000)
    monkeypatch.setattr(section_chain, "MAXIMUM_STEPS", 3000)
    data = bytearray(write_ex01(tmp_path, bytes(4096), SET)[0].read_bytes())
    for _ in range(5000):
        data += section(len(data) - 64, 0x0E, b"")
    path = tmp_path / "many.Ex01"
    path.write_bytes(data)
    assert "section-count" in [item.code for item in read(path)[1]]


@pytest.mark.parametrize("previous", [0, 1, 31, 2**64 - 1, 2**63])
def test_a_chain_that_leads_nowhere_ends(previous: int, tmp_path: Path) -> None:
    data = bytearray(write_ex01(tmp_path, disk_content(4096), SET)[0].read_bytes())
    data[-64:] = section(previous, DONE, b"")
    path = tmp_path / "loop.Ex01"
    path.write_bytes(data)
    codes = [item.code for item in read(path)[1]]
    assert {"section-loop", "volume-section", "section-descriptor"} & set(codes)


def test_a_segment_full_of_false_descriptors_is_given_up_in_time(tmp_path: Path) -> None:
    false = section(32 + 64, 0x03, b"")
    path = tmp_path / "false.Ex01"
    path.write_bytes(b"EVF2\r\n\x81\x00" + struct.pack("<BBHI", 2, 1, 1, 1) + bytes(16) + false * 100_000 + b"x")
    began = time.monotonic()
    assert "section-descriptor" in [item.code for item in read(path)[1]]
    assert time.monotonic() - began < 20


def test_an_ex01_inside_the_media_is_not_taken_for_the_image(tmp_path: Path) -> None:
    inner = write_ex01(tmp_path, disk_content(4096), SET, "inner")[0].read_bytes()
    media = padded(inner).ljust(8 * 1024, b"\0")
    path = write_ex01(tmp_path, media, replace(SET, chunk_sectors=16, stores=("raw",), errors=(), sessions=()))[0]
    data = path.read_bytes()
    path.write_bytes(data[:-64] + bytes(64))
    size, findings = read(path)
    assert size == len(media)
    assert [item.code for item in findings] == ["section-descriptor", "section-order", "set-incomplete"]
