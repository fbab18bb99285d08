"""What an image says of itself: without its media, without believing it, without printing what it would do."""

import json
import os
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from image.description import describe_image
from tests.cli.conftest import PROGRAM, Workstation
from tests.image.ewf.editing import put_together, take_apart
from tests.sim.acquisitions import Options
from tests.sim.block_devices import faulty_file
from tests.sim.measured_run import measured_run
from tests.verify.evidence import disk_content, make_evidence

CONTENT = disk_content(600 * 1024)
MAXIMUM_MEMORY_KIB = 150 * 1024
HOSTILE = "\x1b[2J\x07\u202eexe.E01\u2066\u200b\x85\ufeffZ"


@pytest.fixture
def image_folder(tmp_path: Path) -> Path:
    (tmp_path / "image").mkdir()
    return tmp_path / "image"


def with_header(first: Path, **values: str) -> None:
    """Give an image a header section with these texts in it, as EnCase 4 wrote it."""
    names = {"case_number": "c", "description": "a", "notes": "t"}
    rows = "\t".join(names[name] for name in values), "\t".join(values.values())
    text = "1\nmain\n{}\n{}\n\n".format(*rows)
    start, sections = take_apart(first)
    sections = [item for item in sections if item.kind != "header2"]
    packed = zlib.compress(text.encode("utf-8"))
    edited = [replace(item, contents=packed) if item.kind == "header" else item for item in sections]
    put_together(first, start, edited)


def test_an_e01_whose_media_cannot_be_read_is_described_all_the_same(image_folder: Path, tmp_path: Path) -> None:
    evidence = make_evidence(image_folder, CONTENT, Options(compression="none"))
    data = evidence.first.read_bytes()
    begin, size = data.index(b"sectors\0") + 76, len(CONTENT)
    first = -(-begin // 512)
    bad = [[first, (begin + size) // 512 - first]]
    whole = describe_image(evidence.first)
    with faulty_file(evidence.first, tmp_path, bad=bad, log=str(tmp_path / "log")) as path:
        with pytest.raises(OSError, match="Input/output error"):
            path.read_bytes()
        found = describe_image(path)
    assert replace(found, path="", segments=()) == replace(whole, path="", segments=())
    assert (found.findings, found.media_size_bytes) == ((), len(CONTENT))


def test_of_a_raw_image_only_the_ends_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "disk.raw").write_bytes(CONTENT)
    bad = [[1, len(CONTENT) // 512 - 2]]
    with faulty_file(tmp_path / "disk.raw", tmp_path, bad=bad) as path:
        assert describe_image(path).media_size_bytes == len(CONTENT)


def test_what_an_image_says_cannot_move_the_cursor_or_turn_the_text_round(
    station: Workstation, image_folder: Path
) -> None:
    evidence = make_evidence(image_folder, CONTENT).writable().without_manifest()
    with_header(evidence.first, case_number=HOSTILE, description="D" * 10_000, notes="plain")
    shown = station.run("info", evidence.first).stdout
    assert not set(HOSTILE) & set(shown) - set("[2Jexe.E01Z")
    assert "[U+001B][2J[U+0007][U+202E]exe.E01" in shown
    assert f"{'D' * 500} [and 9500 more characters; --json has all]" in shown
    assert "D" * 501 not in shown
    text = station.run("info", evidence.first, "--json").stdout
    assert text.isascii()
    assert json.loads(text)["header"]["description"] == "D" * 10_000


UNREAD = [
    ("a.aff", b"AFF10\r\n\0", "AFF is recognised but not read yet"),
    ("a.ad1", b"ADSEGMENTEDFILE\0", "AD1 (logical image) is recognised"),
    ("a.L01", b"LVF\x09\x0d\x0a\xff\x00", "EWF-L01 (logical evidence) is recognised"),
    ("a.Lx01", b"LEF2\r\n\x81\x00", "EWF2-Lx01 (logical evidence) is recognised"),
    ("a.aff4", b"PK\x03\x04", "AFF4 is recognised"),
]


@pytest.mark.parametrize("command", ["info", "verify"])
@pytest.mark.parametrize(("name", "start", "told"), UNREAD)
def test_a_format_that_is_not_read_is_named_with_what_to_do(
    command: str, name: str, start: bytes, told: str, station: Workstation
) -> None:
    (station.folder / name).write_bytes(start.ljust(4096, b"\0"))
    result = station.run(command, name)
    assert (result.exit_code, result.stderr.count("\n")) == (7, 1)
    assert told in result.stderr
    assert "Convert it" in result.stderr


def test_an_image_larger_than_any_memory_is_described_in_little(station: Workstation) -> None:
    for number in range(1, 5):
        with (station.folder / f"JB1.{number:03d}").open("wb") as file:
            file.truncate(2**42)
    environment = os.environ | station.environment
    run = measured_run([PROGRAM, "info", "JB1.001", "--json"], station.folder, environment)
    answer = json.loads(run.stdout)
    assert (run.exit_code, answer["image"]["media_size"]) == (0, 4 * 2**42)
    assert {item["code"] for item in answer["findings"]} == {"sparse-file"}
    assert run.peak_bytes < MAXIMUM_MEMORY_KIB * 1024


def test_every_fact_of_an_e01_is_told_in_words_too(station: Workstation, image_folder: Path) -> None:
    evidence = make_evidence(image_folder, CONTENT, Options(compression="none", segment_size_bytes=256 * 1024))
    shown = station.run("info", evidence.first).stdout
    for words in (
        "ewf-e01",
        "Segments:",
        "3, together",
        "Compression:",
        "Set identifier:",
        "Stored MD5:",
        "64 sectors",
    ):
        assert words in shown


def test_a_text_that_the_header_could_not_hold_is_told_in_record_log_and_info(
    station: Workstation, source: Path
) -> None:
    notes = "left on\tall night " * 200
    answer = station.run_json("acquire", source, "--output", "JB1", "--notes", notes, "--examiner", "J. Baker")
    told = [item["detail"] for item in answer["findings"] if item["code"] == "header-text"]
    assert [text.split(";")[0] for text in told] == [
        "notes: tabs and line ends were replaced by spaces",
        "notes: cut to 2999 characters",
    ]
    assert "header-text" in (station.folder / "JB1.txt").read_text()
    assert "note: header-text: notes: cut to 2999 characters" in station.run("info", "JB1.E01").stdout
    manifest = station.manifest()
    assert manifest["job"]["case"]["notes"] == notes
