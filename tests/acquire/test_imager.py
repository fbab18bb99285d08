"""Whole acquisitions of simulated disks: the image holds the disk, the sidecars agree, and a stop leaves no lie."""

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acquire.journal_file import create_journal
from acquire.request import JobHooks
from acquire.result import OutputState
from image.errors import CaseError, DestinationError, UsageError
from image.job import WriteProtection
from image.manifest import Manifest
from image.manifest_file import read_manifest
from image.progress import Progress
from image.sectors import SectorRange
from image.sidecars import Sidecar
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock

MIB = 1024 * 1024


def patterned(size_bytes: int) -> bytes:
    """Content with text, zeros and noise in turn."""
    noise = hashlib.shake_256(b"noise").digest(40_000)
    unit = b"The quick brown fox. " * 2000 + bytes(50_000) + noise
    return (unit * (size_bytes // len(unit) + 1))[:size_bytes]


def names_in(folder: Path) -> set[str]:
    """The files of a folder."""
    return {path.name for path in folder.iterdir()}


def test_a_raw_image_holds_the_disk_and_its_sidecars_say_so(tmp_path: Path) -> None:
    disk = MemoryDisk(patterned(3 * MIB + 512))
    result = acquire_disk(disk, tmp_path / "JB1", options=Options(raw=True))
    assert [output.state for output in result.outputs] == [OutputState.COMPLETE]
    assert (tmp_path / "JB1.raw").read_bytes() == disk.content
    digest = hashlib.sha256(disk.content).hexdigest()
    assert (tmp_path / "JB1.sha256").read_text() == f"{digest}  JB1.raw\n"
    assert names_in(tmp_path) == {"JB1.raw", "JB1.sha256", "JB1.map", "JB1.manifest.json"}


def test_the_manifest_returned_is_the_one_on_disk_and_names_every_digest(tmp_path: Path) -> None:
    disk = MemoryDisk(patterned(MIB))
    result = acquire_disk(disk, tmp_path / "JB1")
    manifest = read_manifest(tmp_path / "JB1.manifest.json")
    assert manifest == result.manifest
    assert manifest.media.digests == {
        name: hashlib.new(name, disk.content).hexdigest() for name in ("md5", "sha1", "sha256")
    }
    segment = manifest.segments[0]
    assert segment.sha256 == hashlib.sha256((tmp_path / segment.file).read_bytes()).hexdigest()
    assert segment.media_sha256 == hashlib.sha256(disk.content).hexdigest()


@pytest.mark.parametrize("raw", [True, False])
def test_split_segments_follow_on_each_other_within_their_size(tmp_path: Path, raw: bool) -> None:
    disk = MemoryDisk(patterned(2 * MIB + 1024))
    options = Options(raw=raw, segment_size_bytes=300_032)
    manifest = acquire_disk(disk, tmp_path / "JB1", options=options).manifest
    assert manifest is not None
    assert len(manifest.segments) > 2
    next_sector = 0
    for segment in manifest.segments:
        media = disk.content[next_sector * 512 : (next_sector + segment.sector_count) * 512]
        assert segment.first_sector == next_sector
        assert segment.media_sha256 == hashlib.sha256(media).hexdigest()
        assert (tmp_path / segment.file).stat().st_size == segment.size_bytes <= 300_032
        next_sector += segment.sector_count
    assert next_sector * 512 == disk.size_bytes


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    bad=st.frozensets(st.integers(0, 599), max_size=30),
    sector_size_bytes=st.sampled_from([512, 4096]),
    segment_size_bytes=st.sampled_from([0, 409_600, 819_200]),
)
def test_unreadable_sectors_are_zeros_and_listed_everywhere(
    tmp_path_factory: pytest.TempPathFactory, bad: frozenset[int], sector_size_bytes: int, segment_size_bytes: int
) -> None:
    folder = tmp_path_factory.mktemp("raw")
    disk = MemoryDisk(patterned(600 * sector_size_bytes), sector_size_bytes, bad)
    options = Options(raw=True, segment_size_bytes=segment_size_bytes)
    manifest = acquire_disk(disk, folder / "JB1", options=options).manifest
    assert manifest is not None
    image = b"".join((folder / segment.file).read_bytes() for segment in manifest.segments)
    assert image == disk.imaged_content()
    assert sectors_of(manifest.read.unreadable) == bad
    listed = [line.split() for line in (folder / "JB1.map").read_text().splitlines() if line.endswith("-")]
    assert sum(int(line[1], 0) for line in listed) == len(bad) * sector_size_bytes


def sectors_of(ranges: Sequence[SectorRange]) -> set[int]:
    """Every sector of the ranges."""
    return {sector for item in ranges for sector in range(item.first_sector, item.end_sector)}


def test_every_output_gets_the_same_files(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    disk = MemoryDisk(patterned(MIB))
    result = acquire_disk(disk, tmp_path / "one" / "JB1", tmp_path / "two" / "JB1")
    assert [output.state for output in result.outputs] == [OutputState.COMPLETE] * 2
    for name in names_in(tmp_path / "one"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert names_in(tmp_path / "one") == names_in(tmp_path / "two")


def test_outputs_of_different_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="different names"):
        acquire_disk(MemoryDisk(bytes(512)), tmp_path / "JB1", tmp_path / "JB2")
    assert names_in(tmp_path) == set()


@pytest.mark.parametrize(
    "name", ["JB1.E01", "JB1.E17", "JB1.EAA", "JB1.raw", "JB1.002", "JB1.map", "JB1.manifest.json"]
)
def test_an_image_that_stands_there_is_never_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("evidence")
    with pytest.raises(DestinationError, match="already there"):
        acquire_disk(MemoryDisk(bytes(512)), tmp_path / "JB1")
    assert names_in(tmp_path) == {name}
    assert (tmp_path / name).read_text() == "evidence"


def test_a_second_process_on_the_same_image_is_refused(tmp_path: Path) -> None:
    journal = create_journal(tmp_path / "JB1", b"{}")
    with pytest.raises(DestinationError, match="another diskwitness is writing"):
        acquire_disk(MemoryDisk(bytes(512)), tmp_path / "JB1")
    journal.close()
    with pytest.raises(DestinationError, match="a stopped acquisition"):
        acquire_disk(MemoryDisk(bytes(512)), tmp_path / "JB1")


@pytest.mark.parametrize("raw", [True, False])
def test_a_stop_leaves_a_partial_image_that_says_how_far_it_is_good(tmp_path: Path, raw: bool) -> None:
    stop = threading.Event()

    def listen(progress: Progress) -> None:
        if progress.bytes_done >= 4 * MIB:
            stop.set()

    disk = MemoryDisk(patterned(16 * MIB))
    hooks = JobHooks(StillClock(), stop, listener=listen)
    result = acquire_disk(disk, tmp_path / "JB1", options=Options(raw=raw, hooks=hooks))
    assert (result.manifest, result.outputs[0].state) == (None, OutputState.PARTIAL)
    assert "stopped by the operator" in (result.stopped or "")
    journal = json.loads(Sidecar.JOURNAL.beside(tmp_path / "JB1").read_text())
    assert journal["state"] == "stopped"
    assert journal["watermark"]["next_sector"] == 4 * MIB // 512
    assert (tmp_path / journal["watermark"]["file"]).stat().st_size == journal["watermark"]["length_bytes"]
    assert names_in(tmp_path) == {"JB1.manifest.json.partial", "JB1.raw" if raw else "JB1.E01"}


def test_the_journal_holds_the_read_only_flag_before_it_is_changed(tmp_path: Path) -> None:
    seen: list[object] = []

    def protect(planned: WriteProtection) -> WriteProtection:
        seen.append(
            json.loads(Sidecar.JOURNAL.beside(tmp_path / "JB1").read_text())["job"]["protection"]["flag_before"]
        )
        return WriteProtection(flag_before=planned.flag_before, flag_during=True)

    def unprotect(applied: WriteProtection) -> WriteProtection:
        seen.append(applied.flag_during)
        return WriteProtection(flag_during=True, flag_after=False, writes_before=3, writes_after=4)

    hooks = JobHooks(StillClock(), threading.Event(), protect=protect, unprotect=unprotect)
    result = acquire_disk(MemoryDisk(patterned(MIB)), tmp_path / "JB1", options=Options(hooks=hooks))
    assert seen == [None, True]
    assert result.manifest is not None
    assert result.manifest.job.protection.flag_after is False
    assert [item.code for item in result.findings] == ["source-written"]


def test_the_image_gets_its_name_only_after_its_manifest_is_recorded(tmp_path: Path) -> None:
    def commit(manifest: Manifest, contents: bytes) -> None:
        assert Sidecar.JOURNAL.beside(tmp_path / "JB1").read_bytes() == contents
        assert not (tmp_path / "JB1.manifest.json").exists()
        raise CaseError("the ledger is full", manifest.segments[0].file)

    hooks = JobHooks(StillClock(), threading.Event(), commit=commit)
    with pytest.raises(CaseError):
        acquire_disk(MemoryDisk(patterned(MIB)), tmp_path / "JB1", options=Options(hooks=hooks))
    assert not (tmp_path / "JB1.manifest.json").exists()
    assert Sidecar.JOURNAL.beside(tmp_path / "JB1").exists()


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (bytes(MIB), ["media-all-zeros"]),
        (hashlib.shake_256(b"key").digest(MIB), ["media-high-entropy"]),
        (patterned(MIB), []),
    ],
)
@pytest.mark.parametrize("raw", [True, False])
def test_content_that_looks_empty_or_encrypted_is_noticed(
    tmp_path: Path, content: bytes, codes: list[str], raw: bool
) -> None:
    result = acquire_disk(MemoryDisk(content), tmp_path / "JB1", options=Options(raw=raw))
    assert [item.code for item in result.findings] == codes


def test_zeros_of_a_raw_image_are_holes(tmp_path: Path) -> None:
    acquire_disk(MemoryDisk(b"x" * 4096 + bytes(32 * MIB)), tmp_path / "JB1", options=Options(raw=True))
    facts = (tmp_path / "JB1.raw").stat()
    assert facts.st_size == 32 * MIB + 4096
    assert facts.st_blocks * 512 < MIB
