"""Reading an E01 for proof: every defect has a finding of its own, with its place."""

import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zlib import adler32

import pytest

from image.errors import ImageNotReadError
from image.ewf.range_sections import encode_error2
from image.ewf.reader import open_ewf
from image.ewf.sections import VOLUME_BYTES, encode_file_header
from image.findings import Finding
from image.sectors import SectorRange
from tests.image.ewf.editing import EditedSection, changed, put_together, take_apart
from tests.sim.acquisitions import Options
from tests.verify.evidence import Evidence, disk_content, make_evidence

CONTENT = disk_content(100 * 1024)
SECTORS = len(CONTENT) // 512
Edit = Callable[[list[EditedSection]], list[EditedSection]]


def read(path: Path) -> tuple[bytes, list[Finding]]:
    """The media of an image and every finding."""
    with open_ewf(path) as image:
        media = b"".join(piece.data for piece in image.media())
        return media, list(image.findings.as_tuple())


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.fixture
def single(tmp_path: Path) -> Evidence:
    return make_evidence(tmp_path, CONTENT).without_manifest().writable()


@pytest.fixture
def several(tmp_path: Path) -> Evidence:
    options = Options(compression="none", segment_size_bytes=128 * 1024)
    return make_evidence(tmp_path, CONTENT * 4, options).without_manifest().writable()


def edited(evidence: Evidence, edit: Edit, segment: int = 0, behind: bytes = b"") -> list[Finding]:
    """What is found when the sections of one segment are changed."""
    path = evidence.segments[segment]
    header, sections = take_apart(path)
    put_together(path, header, edit(sections), behind)
    return read(evidence.first)[1]


def test_a_sound_image_gives_its_media_and_no_finding(single: Evidence) -> None:
    assert read(single.first) == (CONTENT, [])


def test_putting_an_image_together_unchanged_changes_nothing(single: Evidence) -> None:
    before = single.first.read_bytes()
    assert edited(single, lambda sections: sections) == []
    assert single.first.read_bytes() == before


def in_section(kind: str, offset: int, value: bytes, checksum_at: int | None = None) -> Edit:
    return lambda sections: changed(sections, kind, {offset: value}, checksum_at)


def without(kind: str) -> Edit:
    return lambda sections: [section for section in sections if section.kind != kind]


def shifted(kind: str, next_shift: int = 0, size_shift: int = 0) -> Edit:
    def shift(sections: list[EditedSection]) -> list[EditedSection]:
        return [
            replace(item, next_shift=next_shift, size_shift=size_shift) if item.kind == kind else item
            for item in sections
        ]

    return shift


def inserted(section: EditedSection, before: str) -> Edit:
    def insert(sections: list[EditedSection]) -> list[EditedSection]:
        index = next(index for index, item in enumerate(sections) if item.kind == before)
        return [*sections[:index], section, *sections[index:]]

    return insert


def four(number: int) -> bytes:
    return struct.pack("<I", number)


VOLUME_END = VOLUME_BYTES - 4
DAMAGE: list[tuple[str, Edit, str]] = [
    ("another chunk count", in_section("data", 4, four(9), VOLUME_END), "volume-disagreement"),
    ("another sector count", in_section("volume", 16, four(150), VOLUME_END), "volume-disagreement"),
    ("another set identifier", in_section("data", 64, b"\1" * 16, VOLUME_END), "set-identifier"),
    ("no volume and no data", lambda sections: without("data")(without("volume")(sections)), "volume-section"),
    ("a wrong volume checksum", in_section("volume", 200, b"\1"), "volume-section"),
    ("sectors of 0 bytes", in_section("volume", 12, four(0), VOLUME_END), "volume-section"),
    ("huge chunks", in_section("volume", 8, four(2**31), VOLUME_END), "chunk-size"),
    ("two sizes of a section", shifted("header", size_shift=1), "dual-image"),
    ("a section that points back", shifted("volume", next_shift=-1700), "section-loop"),
    ("a section that points to itself", shifted("volume", next_shift=-76 - VOLUME_BYTES), "section-loop"),
    ("a section behind the file", shifted("data", next_shift=10**6), "segment-truncated"),
    ("a done that points elsewhere", shifted("done", next_shift=-76), "section-size"),
    ("an unknown section", inserted(EditedSection("secret", b"1234"), "done"), "section-unknown"),
    ("an incomplete section", inserted(EditedSection("incomplete", b""), "done"), "section-incomplete"),
    ("a table2 that differs", in_section("table2", 24, b"\1"), "table-disagreement"),
    ("a table2 of another size", in_section("table2", 0, four(1), 20), "table-disagreement"),
    ("a table with a wrong checksum", in_section("table", 24, b"\1"), "table-section"),
    ("a table header with a wrong checksum", in_section("table", 0, four(3)), "table-section"),
    ("sectors without a table", without("table"), "section-order"),
    ("a second table2", inserted(EditedSection("table2", bytes(28)), "done"), "section-order"),
    ("a header that does not inflate", in_section("header", 8, b"\xff\xff"), "header-section"),
    ("two header2 that differ", in_section("header2", -1, b"\1"), "header-section"),
    ("a digest with a wrong checksum", in_section("digest", 40, b"\1"), "digest-section"),
    ("a hash with a wrong checksum", in_section("hash", 20, b"\1"), "digest-section"),
    ("error2 behind the media", inserted(EditedSection("error2", encode_error2([SectorRange(SECTORS, 1)])), "done"),
     "error2-section"),
    ("a damaged session", inserted(EditedSection("session", bytes(40)), "done"), "session-section"),
    ("a very large header", inserted(EditedSection("header", bytes(5 << 20)), "volume"), "section-large"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "code"), [(edit, code) for _, edit, code in DAMAGE], ids=[n for n, _, _ in DAMAGE]
)
def test_a_defect_has_its_finding(single: Evidence, edit: Edit, code: str) -> None:
    assert code in codes(edited(single, edit))


def test_bytes_behind_the_end_are_found(single: Evidence) -> None:
    (finding,) = edited(single, lambda sections: sections, behind=b"hidden")
    assert (finding.code, finding.detail) == ("unowned-bytes", "6 bytes stand behind the last section")
    assert finding.offset_bytes == single.first.stat().st_size - 6


def test_bytes_behind_the_contents_of_a_section_are_found(single: Evidence) -> None:
    def lengthen(sections: list[EditedSection]) -> list[EditedSection]:
        return [replace(s, contents=s.contents + b"x" * 9) if s.kind in ("hash", "table2") else s for s in sections]

    assert codes(edited(single, lengthen)) == ["unowned-bytes", "unowned-bytes"]


def test_the_missing_checksum_of_old_devices_is_only_noted(single: Evidence) -> None:
    assert codes(edited(single, in_section("data", VOLUME_END, bytes(4)))) == ["checksum-absent"]


def test_a_damaged_table_is_read_from_its_copy(single: Evidence) -> None:
    edited(single, in_section("table", 24, b"\xff\xff\xff\x7f"))
    media, findings = read(single.first)
    assert media == CONTENT
    assert codes(findings) == ["table-section", "table-disagreement"]
    assert findings[0].sectors == SectorRange(0, SECTORS)


@pytest.mark.parametrize("value", [four(0), four(2**31 - 1), four(2**31 + 75)])
def test_an_entry_that_points_elsewhere_costs_only_its_neighbours(single: Evidence, value: bytes) -> None:
    def point(sections: list[EditedSection]) -> list[EditedSection]:
        for kind in ("table", "table2"):
            sections = changed(sections, kind, {28: value})
            body = next(item.contents for item in sections if item.kind == kind)
            sections = changed(sections, kind, {len(body) - 4: four(adler32(body[24:-4]))})
        return sections

    findings = edited(single, point)
    media, _ = read(single.first)
    assert findings
    assert {finding.sectors for finding in findings} <= {SectorRange(0, 64), SectorRange(64, 64)}
    assert media[2 * 32768 :] == CONTENT[2 * 32768 :]
    assert len(media) == len(CONTENT)


def test_a_truncated_image_never_reads_as_whole(single: Evidence) -> None:
    data = single.first.read_bytes()
    for length in [*range(0, len(data) - 1, 331), len(data) - 1]:
        single.first.write_bytes(data[:length])
        assert "set-incomplete" in codes(read(single.first)[1]), length


def test_a_missing_segment_names_its_sectors(several: Evidence) -> None:
    whole, _ = read(several.first)
    with open_ewf(several.first) as image:
        lost = image.segment_ranges()[1]
    several.segments[1].unlink()
    media, findings = read(several.first)
    assert lost is not None
    assert [(item.code, item.sectors) for item in findings if item.sectors] == [("media-missing", lost)]
    assert media == whole[: lost.first_sector * 512] + whole[lost.end_sector * 512 :]


def test_behind_a_missing_segment_every_piece_knows_its_place(several: Evidence) -> None:
    several.segments[1].unlink()
    with open_ewf(several.first) as image:
        pieces = [(piece.media_offset_bytes, bytes(piece.data)) for piece in image.media()]
        lost = image.missing_sectors
    assert lost is not None
    assert lost.end_sector * 512 in [at for at, _ in pieces]
    for at, data in pieces:
        assert at is not None
        assert data == several.content[at : at + len(data)]


def test_segments_that_changed_places_are_found(several: Evidence) -> None:
    first, second = several.segments[1:3]
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert codes(read(several.first)[1]) == ["segment-number", "segment-number"]


def test_a_segment_of_another_set_is_found(several: Evidence) -> None:
    findings = edited(several, in_section("data", 64, b"\1" * 16, VOLUME_END), segment=1)
    assert codes(findings) == ["set-identifier"]
    assert findings[0].segment == "JB1.E02"


def test_a_segment_behind_the_end_is_found(several: Evidence) -> None:
    count = len(several.segments)
    copy = several.folder / f"JB1.E{count + 1:02d}"
    data = several.segments[-1].read_bytes()
    copy.write_bytes(encode_file_header(count + 1) + data[13:])
    assert "section-order" in codes(read(several.first)[1])


def test_a_further_segment_alone_names_the_first(several: Evidence) -> None:
    with pytest.raises(ImageNotReadError, match=r"Name JB1\.E01"):
        open_ewf(several.segments[1])


@pytest.mark.parametrize("kind", ["directory", "absent"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "JB1.E01"
    if kind == "directory":
        path.mkdir()
    with pytest.raises(ImageNotReadError):
        open_ewf(path)


def test_findings_of_a_hostile_image_are_capped(single: Evidence) -> None:
    def many(sections: list[EditedSection]) -> list[EditedSection]:
        return [*sections[:-1], *[EditedSection("x", b"")] * 1500, sections[-1]]

    findings = edited(single, many)
    assert len(findings) == 1001
    assert findings[-1].code == "findings-capped"
