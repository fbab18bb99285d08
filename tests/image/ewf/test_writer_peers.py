"""Images of ours in the hands of other people's programs: the same bytes, the same digests, the case data."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pyewf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.block_devices import needs_program, needs_root, tool
from tests.sim.memory_disk import MemoryDisk

KIB = 1024


def content_of(size_bytes: int) -> bytes:
    """Text, zeros and noise in turn, so that every way of storing a chunk occurs."""
    noise = hashlib.shake_256(b"noise").digest(70_000)
    unit = b"Lorem ipsum dolor sit amet, " * 2500 + bytes(70_000) + noise
    return (unit * (size_bytes // len(unit) + 1))[:size_bytes]


def read_with_pyewf(first: Path) -> bytes:
    """The media as libewf decodes it."""
    handle = pyewf.handle()
    handle.open(pyewf.glob(str(first)))
    try:
        return bytes(handle.read(handle.get_media_size()))
    finally:
        handle.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    sectors=st.integers(1, 1500),
    sector_size_bytes=st.sampled_from([512, 4096]),
    chunk_sectors=st.sampled_from([64, 128, 1024]),
    compression=st.sampled_from(["none", "fast", "best"]),
    spare_bytes=st.sampled_from([None, 0, 1000, 200_000]),
)
def test_libewf_reads_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    sectors: int,
    sector_size_bytes: int,
    chunk_sectors: int,
    compression: str,
    spare_bytes: int | None,
) -> None:
    folder = tmp_path_factory.mktemp("ewf")
    smallest = chunk_sectors * sector_size_bytes + 64 * KIB
    options = Options(
        compression=compression,
        chunk_sectors=chunk_sectors,
        segment_size_bytes=None if spare_bytes is None else smallest + spare_bytes,
    )
    disk = MemoryDisk(content_of(sectors * sector_size_bytes), sector_size_bytes)
    manifest = acquire_disk(disk, folder / "JB1", options=options).manifest
    assert manifest is not None
    assert read_with_pyewf(folder / "JB1.E01") == disk.content
    limit = options.segment_size_bytes or 2**40
    assert all(segment.size_bytes <= limit for segment in manifest.segments)
    shutil.rmtree(folder)


@needs_program("ewfverify", "ewfinfo")
@pytest.mark.parametrize("compression", ["none", "fast", "best"])
@pytest.mark.parametrize(
    ("sector_size_bytes", "segment_size_bytes"), [(512, None), (512, 200_000), (4096, 700_000)]
)
@pytest.mark.parametrize("bad", [frozenset(), frozenset({3, 4, 900})])
def test_ewfverify_accepts_every_kind_of_set(
    tmp_path: Path, compression: str, sector_size_bytes: int, segment_size_bytes: int | None, bad: frozenset[int]
) -> None:
    disk = MemoryDisk(content_of(1000 * sector_size_bytes), sector_size_bytes, bad)
    options = Options(compression=compression, segment_size_bytes=segment_size_bytes)
    acquire_disk(disk, tmp_path / "JB1", options=options)
    printed = tool("ewfverify", "-q", "-d", "sha1", str(tmp_path / "JB1.E01"))
    assert "ewfverify: SUCCESS" in printed
    image = disk.imaged_content()
    assert re.findall(r"MD5 hash.*?:\s*(\w+)", printed) == [hashlib.md5(image).hexdigest()] * 2
    assert re.findall(r"SHA1.*?:\s*(\w+)", printed) == [hashlib.sha1(image).hexdigest()] * 2


@needs_program("ewfinfo")
def test_ewfinfo_shows_the_case_and_the_unreadable_sectors(tmp_path: Path) -> None:
    disk = MemoryDisk(content_of(512_000), bad=frozenset({7, 8, 500}))
    acquire_disk(disk, tmp_path / "JB1")
    printed = tool("ewfinfo", str(tmp_path / "JB1.E01"))
    facts = dict(re.findall(r"^\t([^:\n]+):\t+(.*)$", printed, re.MULTILINE))
    assert facts["Case number"] == "2026-17"
    assert facts["Evidence number"] == "JB1"
    assert facts["Examiner name"] == "J. Baker"
    assert facts["Description"] == "Laptop drive"
    assert facts["File format"] == "EnCase 6"
    assert facts["Set identifier"] == "5f4dcc3b-5aa7-45d6-9d83-27deb882cf99"
    assert facts["MD5"] == hashlib.md5(disk.imaged_content()).hexdigest()
    errors = re.findall(r"at sector\(s\): (\d+) - (\d+)", tool("ewfinfo", "-e", str(tmp_path / "JB1.E01")))
    assert errors == [("7", "8"), ("500", "500")]


@needs_program("img_stat", "fls")
def test_the_sleuth_kit_sees_the_same_media(tmp_path: Path) -> None:
    image = tmp_path / "fs.raw"
    image.write_bytes(bytes(4 * 1024 * KIB))
    tool("mkfs.ext4", "-q", "-F", str(image))
    acquire_disk(MemoryDisk(image.read_bytes()), tmp_path / "JB1", options=Options(segment_size_bytes=200_000))
    assert "4194304" in tool("img_stat", str(tmp_path / "JB1.E01"))
    assert tool("fls", str(tmp_path / "JB1.E01")) == tool("fls", str(image))


@needs_program("sha256sum")
def test_sha256sum_checks_the_segments(tmp_path: Path) -> None:
    acquire_disk(MemoryDisk(content_of(600_000)), tmp_path / "JB1", options=Options(segment_size_bytes=200_000))
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "JB1.sha256"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.count(": OK") == len(list(tmp_path.glob("JB1.E*")))


@needs_program("ewfverify", "ewfinfo")
def test_more_unreadable_ranges_than_fit_beside_the_data_get_a_segment_of_their_own(tmp_path: Path) -> None:
    bad = frozenset(range(0, 20_000, 2))
    disk = MemoryDisk(content_of(20_160 * 512), bad=bad)
    options = Options(segment_size_bytes=128 * KIB, compression="none")
    manifest = acquire_disk(disk, tmp_path / "JB1", options=options).manifest
    assert manifest is not None
    assert manifest.segments[-1].sector_count == 0
    assert all(segment.size_bytes <= 128 * KIB for segment in manifest.segments)
    assert "ewfverify: SUCCESS" in tool("ewfverify", "-q", str(tmp_path / "JB1.E01"))
    assert "total number: 10000" in tool("ewfinfo", "-e", str(tmp_path / "JB1.E01"))


@needs_program("ewfverify")
def test_segments_go_on_behind_e99(tmp_path: Path) -> None:
    disk = MemoryDisk(hashlib.shake_256(b"noise").digest(32 * KIB) * 300)
    options = Options(segment_size_bytes=96 * KIB, compression="none")
    manifest = acquire_disk(disk, tmp_path / "JB1", options=options).manifest
    assert manifest is not None
    assert [manifest.segments[index].file for index in (98, 99, 100)] == ["JB1.E99", "JB1.EAA", "JB1.EAB"]
    assert "ewfverify: SUCCESS" in tool("ewfverify", "-q", str(tmp_path / "JB1.E01"))
    assert read_with_pyewf(tmp_path / "JB1.E01") == disk.content


@pytest.mark.root
@needs_root
@needs_program("xmount", "fusermount3")
def test_xmount_shows_the_same_media(tmp_path: Path) -> None:
    disk = MemoryDisk(content_of(700_000 // 512 * 512), bad=frozenset({11}))
    acquire_disk(disk, tmp_path / "JB1", options=Options(segment_size_bytes=200_000))
    shown = tmp_path / "shown"
    shown.mkdir()
    segments = sorted(str(path) for path in tmp_path.glob("JB1.E*"))
    tool("xmount", "--in", "ewf", *segments, "--out", "raw", str(shown))
    try:
        assert (shown / "JB1.dd").read_bytes() == disk.imaged_content()
    finally:
        tool("fusermount3", "-u", str(shown))
