"""Destinations that fail: what is there stays true, and the others go on."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acquire.request import JobHooks
from acquire.result import OutputState
from image.sidecars import Sidecar
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.block_devices import loop_device, mounted, needs_program, needs_root, tool
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock

MIB = 1024 * 1024
NOISE = MemoryDisk(hashlib.shake_256(b"noise").digest(48 * MIB))

pytestmark = [pytest.mark.root, needs_root]


@contextmanager
def small_folder(folder: Path, size_mib: int) -> Iterator[Path]:
    """A folder on a file system of this size."""
    folder.mkdir()
    tool("mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "diskwitness-test", str(folder))
    try:
        yield folder
    finally:
        tool("umount", "--lazy", str(folder))


@pytest.mark.parametrize("raw", [True, False])
def test_a_full_destination_keeps_only_what_its_journal_vouches_for(tmp_path: Path, raw: bool) -> None:
    with small_folder(tmp_path / "small", 10) as small:
        result = acquire_disk(NOISE, small / "JB1", options=Options(raw=raw))
        assert (result.manifest, result.outputs[0].state) == (None, OutputState.FAILED)
        assert "No space left" in (result.outputs[0].reason or "")
        journal = json.loads(Sidecar.JOURNAL.beside(small / "JB1").read_text())
        assert (journal["state"], journal["watermark"]["next_sector"]) == ("stopped", 0)
        assert "No space left" in journal["reason"]
        assert sum(path.stat().st_size for path in small.glob("JB1.[Er]*")) == 0


@pytest.mark.parametrize("raw", [True, False])
def test_a_full_destination_does_not_stop_the_others(tmp_path: Path, raw: bool) -> None:
    with small_folder(tmp_path / "small", 10) as small:
        result = acquire_disk(NOISE, small / "JB1", tmp_path / "JB1", options=Options(raw=raw))
        assert [output.state for output in result.outputs] == [OutputState.FAILED, OutputState.COMPLETE]
        assert not (small / "JB1.manifest.json").exists()
    assert result.manifest is not None
    assert [event.kind for event in result.manifest.read.events] == ["output lost"]
    segment = result.manifest.segments[0]
    assert hashlib.sha256((tmp_path / segment.file).read_bytes()).hexdigest() == segment.sha256


def test_a_destination_that_will_not_hold_the_image_is_told_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acquire.space_watch.LOOK_SECONDS", 0.0)
    told: list[str] = []
    hooks = JobHooks(StillClock(), threading.Event(), warn=told.append)
    with small_folder(tmp_path / "small", 30) as small:
        options = Options(raw=True, segment_size_bytes=4 * MIB, hooks=hooks)
        result = acquire_disk(NOISE, small / "JB1", tmp_path / "JB1", options=options)
    assert result.manifest is not None
    events = [(item.kind, item.detail) for item in result.manifest.read.events]
    assert [kind for kind, _ in events] == ["space short", "output lost"]
    assert [detail for _, detail in events[:1]] == told
    assert told[0].startswith(f"{small} will not hold the image")


def test_finished_segments_on_a_full_destination_are_kept(tmp_path: Path) -> None:
    with small_folder(tmp_path / "small", 10) as small:
        acquire_disk(NOISE, small / "JB1", options=Options(raw=True, segment_size_bytes=4 * MIB))
        journal = json.loads(Sidecar.JOURNAL.beside(small / "JB1").read_text())
        assert [segment["file"] for segment in journal["closed"]] == ["JB1.001", "JB1.002"]
        assert journal["watermark"]["next_sector"] == 8 * MIB // 512
        assert (small / "JB1.002").read_bytes() == NOISE.content[4 * MIB : 8 * MIB]


@needs_program("mkfs.ext4")
def test_on_a_full_ext4_the_journal_finds_room_for_the_reason(tmp_path: Path) -> None:
    image = tmp_path / "ext4.img"
    with image.open("wb") as file:
        file.truncate(16 * MIB)
    tool("mkfs.ext4", "-q", "-O", "^has_journal", str(image))
    with loop_device(image) as device, mounted(device, tmp_path / "full") as full:
        acquire_disk(NOISE, full / "JB1", options=Options(raw=True, segment_size_bytes=5 * MIB))
        journal = json.loads(Sidecar.JOURNAL.beside(full / "JB1").read_text())
        assert (journal["state"], journal["watermark"]["next_sector"]) == ("stopped", 10 * MIB // 512)
        assert "No space left" in journal["reason"]
        assert (full / "JB1.002").read_bytes() == NOISE.content[5 * MIB : 10 * MIB]
