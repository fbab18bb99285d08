"""Destinations that fail: what is there stays true, and the others go on."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acquire.result import OutputState
from image.sidecars import Sidecar
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.block_devices import needs_root, tool
from tests.sim.memory_disk import MemoryDisk

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


def test_finished_segments_on_a_full_destination_are_kept(tmp_path: Path) -> None:
    with small_folder(tmp_path / "small", 10) as small:
        acquire_disk(NOISE, small / "JB1", options=Options(raw=True, segment_size_bytes=4 * MIB))
        journal = json.loads(Sidecar.JOURNAL.beside(small / "JB1").read_text())
        assert [segment["file"] for segment in journal["closed"]] == ["JB1.001", "JB1.002"]
        assert journal["watermark"]["next_sector"] == 8 * MIB // 512
        assert (small / "JB1.002").read_bytes() == NOISE.content[4 * MIB : 8 * MIB]
