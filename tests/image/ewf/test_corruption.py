"""The corruption scenarios of the specification's last chapter, each made in an image and found by its name."""

import struct
from dataclasses import replace
from pathlib import Path
from zlib import adler32, compress

import pytest

from image.ewf.sections import DESCRIPTOR_BYTES, FILE_HEADER_BYTES, VOLUME_BYTES, decode_descriptor
from image.ewf.stored_blocks import read_stored_blocks
from image.ewf.table_section import encode_table
from image.findings import Finding
from image.sectors import SectorRange
from tests.image.ewf.editing import EditedSection, changed, put_together, segment, take_apart, volume
from tests.image.ewf.test_reader import four, read
from tests.sim.acquisitions import Options
from tests.verify.evidence import Evidence, disk_content, make_evidence

CONTENT = disk_content(100 * 1024)
SECTORS = len(CONTENT) // 512
MIB = 1024 * 1024


@pytest.fixture
def single(tmp_path: Path) -> Evidence:
    return make_evidence(tmp_path, CONTENT).without_manifest().writable()


@pytest.fixture
def stored(tmp_path: Path) -> Evidence:
    options = Options(compression="none")
    return make_evidence(tmp_path, CONTENT, options).without_manifest().writable()


@pytest.fixture
def several(tmp_path: Path) -> Evidence:
    options = Options(compression="none", segment_size_bytes=128 * 1024)
    return make_evidence(tmp_path, CONTENT * 4, options).without_manifest().writable()


def found(evidence: Evidence) -> list[tuple[str, SectorRange | None]]:
    """Code and sectors of every finding."""
    return [(item.code, item.sectors) for item in read(evidence.first)[1]]


def place_of(path: Path, kind: str) -> int:
    """Where the descriptor of the first section of this type begins."""
    offset = FILE_HEADER_BYTES
    while (descriptor := decode_descriptor(path.read_bytes()[offset:])).kind != kind:
        offset = descriptor.next_offset_bytes
    return offset


def overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def described(kind: bytes, after: int, size: int) -> bytes:
    """A section descriptor with a right checksum, whatever its numbers."""
    body = struct.pack("<16sQQ40x", kind, after, size)
    return body + struct.pack("<I", adler32(body))


def edit(evidence: Evidence, sections: list[EditedSection], index: int = 0) -> None:
    """Write the segment anew with these sections."""
    path = evidence.segments[index]
    put_together(path, path.read_bytes()[:FILE_HEADER_BYTES], sections)


def test_a_corrupt_uncompressed_chunk_is_named_with_its_sectors(stored: Evidence) -> None:
    data = place_of(stored.first, "sectors") + DESCRIPTOR_BYTES
    overwrite(stored.first, data + 32772 + 5, b"\xff\xfe\xfd")
    assert found(stored) == [("chunk-checksum", SectorRange(64, 64))]


def test_a_corrupt_compressed_chunk_is_named_with_its_sectors(single: Evidence) -> None:
    second = place_of(single.first, "sectors") + DESCRIPTOR_BYTES + 32772
    overwrite(single.first, second + 30, b"\xff" * 8)
    assert found(single) == [("chunk-damaged", SectorRange(64, 64))]


@pytest.mark.parametrize("blocks", [1, 2])
def test_a_block_length_without_its_copy_is_read_and_told(tmp_path: Path, blocks: int) -> None:
    """DEFLATE uncompressed block data with copy of uncompressed data size of 0, as a Tableau TD3 wrote it."""
    media = disk_content(64 * 512)
    step = len(media) // blocks
    parts = [media[start : start + step] for start in range(0, len(media), step)]
    stream = (
        b"\x78\x01"
        + b"".join(struct.pack("<BHH", part is parts[-1], len(part), 0) + part for part in parts)
        + struct.pack(">I", adler32(media))
    )
    path = tmp_path / "JB1.E01"
    head = volume(64, 64)
    table = encode_table(len(segment(head)), [DESCRIPTOR_BYTES | 2**31])
    path.write_bytes(segment(head, ("sectors", stream), ("table", table), ("done", b"")))
    got, findings = read(path)
    assert (got, [(item.code, item.sectors) for item in findings]) == (
        media,
        [("chunk-block-length", SectorRange(0, 64))],
    )
    assert read_stored_blocks(stream[:-1] + b"\0", len(media)) is None
    assert read_stored_blocks(stream[:3] + b"\1" + stream[4:], len(media)) is None
    assert read_stored_blocks(stream[:5] + b"\1" + stream[6:], len(media)) is None
    assert read_stored_blocks(stream[:500], len(media)) is None


def test_a_corrupt_section_descriptor_ends_the_chain_there(single: Evidence) -> None:
    overwrite(single.first, place_of(single.first, "table") + 20, b"\xff")
    assert [code for code, _ in found(single)][:1] == ["section-descriptor"]
    assert ("media-missing", SectorRange(0, SECTORS)) in found(single)


def test_a_section_that_points_to_itself_with_size_0_is_a_loop(several: Evidence) -> None:
    path = several.segments[1]
    offset = place_of(path, "sectors")
    overwrite(path, offset, described(b"sectors", offset, 0))
    codes = found(several)
    assert codes[0] == ("section-loop", None)
    assert [sectors for code, sectors in codes if code == "media-missing"] == [SectorRange(192, 192)]


@pytest.mark.parametrize("with_copy", [True, False])
@pytest.mark.parametrize("place", [0, 24], ids=["number of entries", "entry data"])
def test_a_corrupt_table_is_named_with_and_without_table2(single: Evidence, place: int, with_copy: bool) -> None:
    _, sections = take_apart(single.first)
    kept = [item for item in sections if with_copy or item.kind != "table2"]
    edit(single, changed(kept, "table", {place: b"\2"}))
    media, findings = read(single.first)
    codes = {item.code for item in findings}
    assert codes >= {"table-section"} | ({"table-disagreement"} if with_copy else set())
    assert with_copy is False or media == CONTENT
    assert media[64 * 512 :] == CONTENT[64 * 512 :]


def test_a_table_of_fewer_entries_that_looks_sound_is_found(single: Evidence) -> None:
    _, sections = take_apart(single.first)
    short = encode_table(place_of(single.first, "sectors"), [DESCRIPTOR_BYTES | 2**31])
    edit(single, [replace(s, contents=short) if s.kind in ("table", "table2") else s for s in sections])
    assert {"chunk-count", "media-missing"} <= {code for code, _ in found(single)}


def test_a_corrupt_file_header_costs_only_itself(several: Evidence) -> None:
    whole, _ = read(several.first)
    for path in several.segments[:2]:
        overwrite(path, 0, b"DVF")
    media, findings = read(several.first)
    assert media == whole
    assert [(item.code, item.segment) for item in findings] == [
        ("file-header", "JB1.E01"),
        ("file-header", "JB1.E02"),
    ]


def test_a_partial_segment_file_is_named_with_the_sectors_it_lost(several: Evidence) -> None:
    path = several.segments[1]
    path.write_bytes(path.read_bytes()[:-100])
    assert found(several) == [("segment-truncated", None)]
    path.write_bytes(path.read_bytes()[:5000])
    assert found(several) == [("segment-truncated", None), ("media-missing", SectorRange(192, 192))]


def test_missing_segment_files_are_named_with_their_sectors(several: Evidence) -> None:
    names = [path.name for path in several.segments[1:3]]
    for path in several.segments[1:3]:
        path.unlink()
    findings = read(several.first)[1]
    assert [item.segment for item in findings if item.code == "segment-missing"] == names
    assert [item.sectors for item in findings if item.code == "media-missing"] == [SectorRange(192, 384)]


def test_a_dual_image_is_found_though_both_images_in_it_are_sound(single: Evidence, tmp_path: Path) -> None:
    """By offsets one image is read, by sizes another: only the first descriptor has two ways to go."""
    (tmp_path / "other").mkdir()
    other = make_evidence(tmp_path / "other", CONTENT[::-1]).without_manifest().writable()
    data, hidden = single.first.read_bytes(), other.first.read_bytes()
    first, second = decode_descriptor(data[FILE_HEADER_BYTES:]), decode_descriptor(hidden[FILE_HEADER_BYTES:])
    shift = len(data) - second.next_offset_bytes
    size = len(data) - FILE_HEADER_BYTES
    head = described(b"header2", first.next_offset_bytes, size)
    moved = moved_sections(hidden, second.next_offset_bytes, shift)
    single.first.write_bytes(data[:FILE_HEADER_BYTES] + head + data[FILE_HEADER_BYTES + DESCRIPTOR_BYTES :] + moved)
    media, findings = read(single.first)
    dual = next(item for item in findings if item.code == "dual-image")
    assert (media, dual.offset_bytes, dual.found) == (CONTENT, FILE_HEADER_BYTES, str(size))
    assert dual.detail.endswith("sound sections stand at both places")
    assert "unowned-bytes" in [item.code for item in findings]


def moved_sections(data: bytes, offset: int, shift: int) -> bytes:
    """The sections from here on, as they stand in a file this many bytes further on."""
    moved, kind = b"", ""
    while kind != "done":
        descriptor = decode_descriptor(data[offset:])
        kind, after = descriptor.kind, descriptor.next_offset_bytes
        moved += described(kind.encode(), after + shift, descriptor.size_bytes)
        moved += data[offset + DESCRIPTOR_BYTES : after]
        offset = after
    return moved


@pytest.mark.long
def test_offsets_that_overflow_are_read_as_encase_671_wrote_them(tmp_path: Path) -> None:
    chunk, count = 16 * MIB, 132
    path, head = tmp_path / "JB1.E01", volume(chunk // 512, count * chunk // 512)
    base, packed = len(segment(head)), compress(bytes(chunk), 1)
    first = DESCRIPTOR_BYTES + len(packed)
    entries = [DESCRIPTOR_BYTES | 2**31, *(first + index * (chunk + 4) for index in range(count - 1))]
    end = base + first + (count - 1) * (chunk + 4)
    table = encode_table(base, entries)
    checksum = struct.pack("<I", adler32(bytes(chunk)))
    with path.open("wb") as file:
        file.write(segment(head) + described(b"sectors", end, end - base) + packed)
        for index in range(1, count):
            file.seek(base + entries[index] + chunk)
            file.write(checksum)
        size = DESCRIPTOR_BYTES + len(table)
        for place, kind in enumerate((b"table", b"table2")):
            file.write(described(kind, end + (place + 1) * size, size) + table)
        file.write(described(b"done", end + 2 * size, 0))
    assert sized(path) == (count * chunk, ["table-overflow"])


def sized(path: Path) -> tuple[int, list[str]]:
    """Bytes of media, and the codes of what was found."""
    from image.ewf.reader import open_ewf

    with open_ewf(path) as image:
        size = 0
        for piece in image.media():
            size += len(piece.data)
            piece.release()
        return size, [item.code for item in image.findings.as_tuple()]


def test_several_set_identifiers_in_one_set_are_named_where_they_change(several: Evidence) -> None:
    for index, identifier in ((1, b"\1"), (2, b"\2")):
        _, sections = take_apart(several.segments[index])
        sections = changed(sections, "data", {64: identifier * 16, 52: b"\2"}, VOLUME_BYTES - 4)
        edit(several, sections, index)
    _, sections = take_apart(several.segments[1])
    edit(several, [*sections[:-1], EditedSection("incomplete", b"what nobody knows"), sections[-1]], 1)
    findings: list[Finding] = read(several.first)[1]
    assert [(item.code, item.segment) for item in findings] == [
        ("set-identifier", "JB1.E02"),
        ("section-incomplete", "JB1.E02"),
        ("set-identifier", "JB1.E03"),
    ]
    assert "compression_level" in findings[0].detail


@pytest.mark.parametrize("contents", [b"", b"what nobody knows"])
def test_an_incomplete_section_that_ends_the_set_is_no_loop(single: Evidence, contents: bytes) -> None:
    _, sections = take_apart(single.first)
    size = DESCRIPTOR_BYTES + len(contents)
    edit(single, [*sections[:-1], EditedSection("incomplete", contents, next_shift=-size)])
    single.first.write_bytes(single.first.read_bytes())
    assert found(single) == [("section-incomplete", None), ("set-incomplete", None)]


def test_a_volume_without_its_numbers_is_read_by_the_data_section(single: Evidence) -> None:
    """libewf of 2015 to 2018 left them 0 in sets of more than 64 segments."""
    _, sections = take_apart(single.first)
    edit(single, changed(sections, "volume", {4: four(0), 16: bytes(8)}, VOLUME_BYTES - 4))
    media, findings = read(single.first)
    assert (media, [item.code for item in findings]) == (CONTENT, ["volume-disagreement"])


def test_bytes_hidden_in_sectors_without_chunks_are_found(single: Evidence) -> None:
    _, sections = take_apart(single.first)
    empty = encode_table(0, [])
    hidden = [
        EditedSection("sectors", b"hidden" * 100),
        EditedSection("table", empty),
        EditedSection("table2", empty),
    ]
    edit(single, [*sections[:-1], *hidden, sections[-1]])
    assert found(single) == [("unowned-bytes", None)]
