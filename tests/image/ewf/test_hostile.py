"""A hostile image neither crashes nor hangs nor takes memory: only findings, or a refusal, come of it."""

import random
import resource
import struct
from array import array
from dataclasses import replace
from pathlib import Path
from zlib import adler32, compress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image.ewf.chunk_plan import chunk_places
from image.ewf.range_sections import encode_error2
from image.ewf.reader import open_ewf
from image.ewf.table_index import TableReference
from image.ewf.table_section import COMPRESSED_BIT, encode_table
from image.findings import Finding
from image.sectors import SectorRanges
from tests.image.ewf.editing import EditedSection, put_together, segment, take_apart, volume
from tests.image.wild_sections import wild_sections, with_wild_numbers
from tests.verify.evidence import disk_content, make_evidence

MIB = 1024 * 1024


def read(path: Path) -> tuple[int, list[Finding]]:
    """Bytes of media, and the findings."""
    with open_ewf(path) as image:
        size = 0
        for piece in image.media():
            size += len(piece.data)
            piece.release()
        return size, list(image.findings.as_tuple())


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, list[EditedSection]]:
    evidence = make_evidence(tmp_path_factory.mktemp("hostile"), disk_content(96 * 1024)).without_manifest()
    header, sections = take_apart(evidence.writable().first)
    return evidence.first, header, sections


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_sections_in_any_order_and_any_numbers_are_survived(
    parts: tuple[Path, bytes, list[EditedSection]], seed: int
) -> None:
    path, header, sections = parts
    put_together(path, header, wild_sections(sections, seed, _mangled))
    size, _ = read(path)
    assert size <= 2**20


def _mangled(section: EditedSection, dice: random.Random) -> EditedSection:
    """The section with a few numbers replaced and its checksums made right, so that they are believed."""
    contents = with_wild_numbers(section.contents, dice)
    seals = {"volume": (1048,), "data": (1048,), "table": (20, -4), "table2": (20, -4), "error2": (516, -4)}
    for place in seals.get(section.kind, (-4,)):
        start, end = (24, len(contents) - 4) if place < 0 and "table" in section.kind else (0, place)
        if len(contents) > 28:
            contents[end : end + 4 or None] = struct.pack("<I", adler32(contents[start:end]))
    return replace(section, contents=bytes(contents), next_shift=dice.choice([0, 0, 0, 1]))


CHUNK = 40 * MIB


@pytest.mark.parametrize("compressed", [True, False])
def test_chunks_above_16_mib_are_read_in_pieces(compressed: bool, tmp_path: Path) -> None:
    media = bytes(CHUNK - 5 * 512) + disk_content(5 * 512)
    stored = compress(media, 1) if compressed else media + struct.pack("<I", adler32(media))
    path = tmp_path / "big.E01"
    described = volume(CHUNK // 512, CHUNK // 512)
    base = len(segment(described))
    table = encode_table(base, [76 | (COMPRESSED_BIT if compressed else 0)])
    data = segment(described, ("sectors", stored), ("table", table), ("table2", table), ("done", b""))
    path.write_bytes(data)
    assert read(path) == (CHUNK, [])
    damaged = bytearray(data)
    damaged[base + 76 + len(stored) - 1] ^= 1
    path.write_bytes(damaged)
    size, findings = read(path)
    assert (size, [item.code for item in findings]) == (CHUNK, ["chunk-damaged"])


@pytest.mark.parametrize("chunk_sectors", [262_145, 2**31])
def test_chunks_above_128_mib_are_not_read(chunk_sectors: int, tmp_path: Path) -> None:
    path = tmp_path / "huge.E01"
    path.write_bytes(segment(volume(chunk_sectors, chunk_sectors), ("done", b"")))
    size, findings = read(path)
    assert (size, findings[0].code) == (0, "chunk-size")


def test_a_chunk_that_inflates_without_end_is_cut_off(tmp_path: Path) -> None:
    bomb = compress(bytes(200 * MIB), 9)
    path = tmp_path / "bomb.E01"
    described = volume(64 * 8, 64 * 8)
    table = encode_table(len(segment(described)), [76 | COMPRESSED_BIT])
    path.write_bytes(segment(described, ("sectors", bomb), ("table", table), ("done", b"")))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size, findings = read(path)
    assert (size, [item.code for item in findings]) == (64 * 8 * 512, ["chunk-length"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_table_that_claims_more_entries_than_it_has_is_bounded(tmp_path: Path) -> None:
    table = bytearray(encode_table(0, [76]))
    table[0:4] = struct.pack("<I", 2**32 - 1)
    table[20:24] = struct.pack("<I", adler32(table[:20]))
    path = tmp_path / "claims.E01"
    path.write_bytes(segment(volume(64, 64), ("sectors", b"x" * 50), ("table", bytes(table)), ("done", b"")))
    assert "table-section" in [item.code for item in read(path)[1]]


def test_entries_that_point_nowhere_end_the_decoding(tmp_path: Path) -> None:
    table = encode_table(0, [2**31 - 1] * 500_000)
    path = tmp_path / "stray.E01"
    path.write_bytes(segment(volume(64, 500_000 * 64), ("sectors", b"x"), ("table", table), ("done", b"")))
    size, findings = read(path)
    assert size < 2**26
    assert "media-missing" in [item.code for item in findings]


def test_a_base_offset_behind_every_file_points_nowhere(tmp_path: Path) -> None:
    table, path = encode_table(2**64 - 1, [76 | COMPRESSED_BIT]), tmp_path / "far.E01"
    path.write_bytes(segment(volume(64, 64), ("sectors", b"x" * 50), ("table", table), ("done", b"")))
    size, findings = read(path)
    assert (size, [item.code for item in findings]) == (64 * 512, ["chunk-offset"])
    with open_ewf(path) as image:
        assert image.access().read_at(0, 64 * 512) == bytes(64 * 512)


def test_offsets_of_32_bits_are_read_where_chunks_take_more_than_2_gib() -> None:
    entries = array("I", [76 | COMPRESSED_BIT, 2**31 - 10, 2**31 + 90, 2**31 + 500])
    table = TableReference(0, 0, 4, 1000, 1076, 1000 + 2**31 + 900, 0, 1)
    starts, compressed = chunk_places(entries, table)
    assert starts.tolist() == [1076, 1000 + 2**31 - 10, 1000 + 2**31 + 90, 1000 + 2**31 + 500]
    assert compressed == bytes([1, 0, 0, 0])
    small = replace(table, chunks_end_bytes=10**6)
    assert chunk_places(entries, small)[1] == bytes([1, 0, 1, 1])


def test_headers_without_end_are_not_all_read(tmp_path: Path) -> None:
    path = tmp_path / "JB1.E01"
    texts = [compress(f"1\nmain\nc\n{number}\n".encode()) for number in range(40)]
    path.write_bytes(segment(*[("header", text) for text in texts], volume(64, 64), ("done", b"")))
    codes = [item.code for item in read(path)[1]]
    assert (codes.count("section-large"), codes.count("header-section")) == (20, 19)
    path.write_bytes(segment(*[("header", texts[0])] * 40, volume(64, 64), ("done", b"")))
    assert not {"section-large", "header-section"} & {item.code for item in read(path)[1]}


def test_error2_without_end_is_not_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "JB1.E01"
    errors = encode_error2(SectorRanges(array("Q", range(1_000_000)), array("Q", [1]) * 1_000_000))
    path.write_bytes(segment(*[("error2", errors)] * 5, volume(64, 2_000_000), ("done", b"")))
    with open_ewf(path) as image:
        assert len(image.unreadable) == 2_000_000
        codes = [item.code for item in image.findings.as_tuple()]
    assert codes.count("section-large") == 3
    empty = encode_error2(SectorRanges(array("Q"), array("Q")))
    path.write_bytes(segment(*[("error2", empty)] * 150, volume(64, 64), ("done", b"")))
    assert [item.code for item in read(path)[1]].count("section-large") == 50
