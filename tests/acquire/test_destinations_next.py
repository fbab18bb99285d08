"""`--output-next`: a set that goes on in another folder when the first is full."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from acquire.result import AcquisitionResult, OutputState
from image.folder_row import FolderRow, next_with_room
from tests.acquire.test_destinations import MIB, small_folder
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.block_devices import needs_root
from tests.sim.memory_disk import MemoryDisk

NOISE = MemoryDisk(hashlib.shake_256(b"noise").digest(14 * MIB))

pytestmark = [pytest.mark.root, needs_root]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 8 MiB."""
    with small_folder(tmp_path / "small", 8) as folder:
        yield folder


def acquire_over(small: Path, *more: Path, raw: bool = False) -> AcquisitionResult:
    """Image 14 MiB of noise in segments of 2 MiB, in the small folder first."""
    options = Options(raw=raw, segment_size_bytes=2 * MIB, output_next=tuple(str(folder) for folder in more))
    return acquire_disk(NOISE, small / "JB1", options=options)


def files_of(result: AcquisitionResult, small: Path) -> list[Path]:
    """Where the manifest says that the segments are."""
    assert result.manifest is not None
    return [Path(item.folder or small) / item.file for item in result.manifest.segments]


@pytest.mark.parametrize("raw", [True, False])
def test_a_set_goes_on_in_the_next_folder_before_the_first_is_full(tmp_path: Path, small: Path, raw: bool) -> None:
    result = acquire_over(small, tmp_path, raw=raw)
    assert result.outputs[0].state is OutputState.COMPLETE
    assert result.manifest is not None
    files = files_of(result, small)
    assert [path.parent for path in files] == [small] * 3 + [tmp_path] * (len(files) - 3)
    (event,) = result.manifest.read.events
    assert event.kind == "next folder"
    assert event.detail.startswith(f"{files[3].name} and what follows go to {tmp_path}: {small} has no room")
    for path, segment in zip(files, result.manifest.segments, strict=True):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == segment.sha256
    assert {path.name for path in small.iterdir()} >= {"JB1.manifest.json", "JB1.map", "JB1.sha256"}
    listed = [line.split()[1] for line in (tmp_path / "JB1.sha256").read_text().splitlines()]
    assert listed == [path.name for path in files[3:]]
    if raw:
        assert b"".join(path.read_bytes() for path in files) == NOISE.content


@pytest.mark.parametrize("raw", [True, False])
def test_a_segment_that_no_longer_fits_moves_whole(
    tmp_path: Path, small: Path, raw: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FolderRow, "rooms", lambda row: tuple(2**40 for _ in row.folders))
    result = acquire_over(small, tmp_path, raw=raw)
    assert result.manifest is not None
    files = files_of(result, small)
    assert {path.parent for path in files} == {small, tmp_path}
    assert not [path for path in small.glob("JB1.[E0]*") if path not in files]
    assert "No space left on device" in result.manifest.read.events[0].detail
    for path, segment in zip(files, result.manifest.segments, strict=True):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == segment.sha256


def test_a_folder_too_small_for_a_segment_is_passed_over(tmp_path: Path, small: Path) -> None:
    with small_folder(tmp_path / "tiny", 1) as tiny:
        result = acquire_over(small, tiny, tmp_path)
        assert {path.parent for path in files_of(result, small)} == {small, tmp_path}
        assert not list(tiny.iterdir())


def test_when_every_folder_is_full_the_output_is_lost_and_says_so(tmp_path: Path, small: Path) -> None:
    with small_folder(tmp_path / "second", 4) as second:
        result = acquire_over(small, second)
        assert (result.manifest, result.outputs[0].state) == (None, OutputState.FAILED)
        assert "No space left" in (result.outputs[0].reason or "")


@pytest.mark.parametrize(
    ("rooms", "wanted", "current", "chosen"),
    [
        ((5, 9), 5, 0, 0),
        ((4, 9), 5, 0, 1),
        ((4, 4, 9), 5, 0, 2),
        ((9, 4, 3), 5, 1, 1),
        ((3, 4, 2), 5, 0, 1),
        ((4, 4), 5, 0, 0),
    ],
)
def test_the_next_folder_is_the_first_with_room_or_the_one_that_has_most(
    rooms: tuple[int, ...], wanted: int, current: int, chosen: int
) -> None:
    assert next_with_room(rooms, wanted, current) == chosen
