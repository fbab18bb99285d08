"""Sets at the limits of the format: many segments, large tables, media types; and what is never read of them."""

import struct
from pathlib import Path
from zlib import adler32, compress

import pytest

from image.description import describe_image
from image.ewf.reader import open_ewf
from image.ewf.sections import DESCRIPTOR_BYTES
from image.ewf.table_section import COMPRESSED_BIT, encode_table
from image.segment_names import ewf_segment_name
from tests.image.ewf.editing import segment, volume
from tests.image.ewf.test_reader import read
from tests.sim.acquisitions import Options
from tests.verify.dialects import FOLDER
from tests.verify.evidence import disk_content, make_evidence
from verify.verdict import Verdict

MIB = 1024 * 1024
CHUNK = 64 * 512
SEGMENTS = 130
MEDIA = disk_content(SEGMENTS * CHUNK)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first of 130 segments with a chunk each, which reach from E01 over E99 to EBE."""
    first = tmp_path_factory.mktemp("many") / "JB1.E01"
    kind, described = volume(64, SEGMENTS * 64)
    for number in range(1, SEGMENTS + 1):
        media = MEDIA[(number - 1) * CHUNK : number * CHUNK]
        head = (kind if number == 1 else "data", described)
        table = encode_table(len(segment(head)), [DESCRIPTOR_BYTES])
        chunk = ("sectors", media + struct.pack("<I", adler32(media)))
        last = ("next" if number < SEGMENTS else "done", b"")
        data = segment(head, chunk, ("table", table), ("table2", table), last, number=number)
        first.with_name(ewf_segment_name("JB1", number)).write_bytes(data)
    return first


def test_a_set_past_e99_is_read_whole(many: Path) -> None:
    with open_ewf(many) as image:
        assert (len(image.files), image.files.names[98:101]) == (130, ("JB1.E99", "JB1.EAA", "JB1.EAB"))
    media, findings = read(many)
    assert (media, findings) == (MEDIA, [])


@pytest.mark.parametrize("name", ["JB1.E99", "JB1.EAA", "JB1.EBD"])
def test_a_segment_that_is_missing_past_e99_is_named(many: Path, name: str) -> None:
    path = many.with_name(name)
    data = path.read_bytes()
    path.unlink()
    codes = {(item.code, item.segment) for item in read(many)[1]}
    path.write_bytes(data)
    assert ("segment-missing", name) in codes


@pytest.mark.parametrize("count", [16_376, 70_000])
def test_a_table_of_more_entries_than_old_readers_take_is_read(tmp_path: Path, count: int) -> None:
    media = b"".join(struct.pack("<I", index) * 128 for index in range(count))
    stored = [compress(media[start : start + 512], 1) for start in range(0, len(media), 512)]
    head, entries, offset = volume(1, count), [], DESCRIPTOR_BYTES
    for chunk in stored:
        entries.append(offset | COMPRESSED_BIT)
        offset += len(chunk)
    table = encode_table(len(segment(head)), entries)
    path = tmp_path / "JB1.E01"
    path.write_bytes(
        segment(head, ("sectors", b"".join(stored)), ("table", table), ("table2", table), ("done", b""))
    )
    assert read(path) == (media, [])


def test_a_table_that_says_more_entries_than_are_ever_read_is_told(tmp_path: Path) -> None:
    count = 5 * MIB
    head, path = volume(1, count), tmp_path / "JB1.E01"
    body = struct.pack("<I16x", count)
    table = body + struct.pack("<I", adler32(body)) + bytes(4 * count + 4)
    path.write_bytes(segment(head, ("sectors", bytes(64)), ("table", table), ("done", b"")))
    assert [item.code for item in read(path)[1]] == ["table-size"]


def test_a_disc_tells_its_sessions_and_a_4kn_drive_its_sectors() -> None:
    disc, drive = (describe_image(FOLDER / f"encase6-{name}.E01") for name in ("optical", "4kn"))
    assert (disc.media_type, disc.sector_size_bytes, len(disc.sessions)) == ("optical", 2048, 1)
    assert (drive.media_type, drive.sector_size_bytes, drive.chunk_sectors) == ("fixed", 4096, 16)


def test_a_set_without_hash_has_nothing_to_compare(tmp_path: Path) -> None:
    options = Options(algorithms=("sha256",))
    result = make_evidence(tmp_path, disk_content(64 * 512), options).without_manifest().verify()
    assert (result.verdict, [item.code for item in result.findings]) == (
        Verdict.INDETERMINATE,
        ["nothing-to-compare"],
    )


def bytes_read() -> int:
    """The bytes that this process has read so far, by whatever call."""
    counters = Path("/proc/self/io").read_text(encoding="ascii").split()
    return int(counters[counters.index("rchar:") + 1])


def test_a_description_reads_no_media(many: Path) -> None:
    describe_image(many)
    before = bytes_read()
    description = describe_image(many)
    read_bytes = bytes_read() - before
    assert (len(description.segments), description.media_size_bytes) == (130, len(MEDIA))
    assert read_bytes < SEGMENTS * 4096 < description.media_size_bytes // 7
