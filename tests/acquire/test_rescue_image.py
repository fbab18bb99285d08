"""A rescue on a simulated disk: what is kept, what the map says, and what becomes of both."""

import hashlib
import threading
from pathlib import Path

import pytest

from acquire.journal import Journal, JournalState
from acquire.request import JobHooks
from acquire.rescue_passes import RescuePass, RescueSettings
from acquire.result import AcquisitionResult, OutputState
from image.badmap import BadSectorMap, SectorState
from image.manifest import Manifest
from image.manifest_file import decode_record, read_manifest
from image.mapfile import decode_mapfile
from image.opening import open_image
from image.progress import Progress
from image.sectors import SectorRange
from tests.sim.acquisitions import Options
from tests.sim.faulty_disk import Faults, FaultyDisk, sector_set
from tests.sim.rescues import RescueOptions, rescue_disk
from tests.sim.still_clock import StillClock

SECTORS = 8192
BAD = frozenset({0, 700, 701, 3000, *range(5000, 5300), SECTORS - 1})
RAW = Options(raw=True)


def faulty(faults: Faults | None = None, sector_count: int = SECTORS) -> FaultyDisk:
    return FaultyDisk(sector_count, faults or Faults(bad=BAD))


def zeroed(disk: FaultyDisk, bad: frozenset[int]) -> bytes:
    """What an image of the disk holds: its content, and zeros where it does not read."""
    data = bytearray(disk.content(SectorRange(0, disk.sector_count)))
    for sector in bad:
        data[sector * 512 : sector * 512 + 512] = bytes(512)
    return bytes(data)


def map_beside(output: Path) -> BadSectorMap:
    return decode_mapfile(output.with_name(output.name + ".map").read_text(), 512, "JB1.map")


def names_in(folder: Path) -> set[str]:
    return {item.name for item in folder.iterdir()}


def manifest_of(result: AcquisitionResult) -> Manifest:
    assert result.manifest is not None, result.stopped
    return result.manifest


def test_a_rescued_raw_image_is_the_rescue_file_itself(tmp_path: Path) -> None:
    disk = faulty()
    result = rescue_disk(disk, tmp_path / "JB1", options=RescueOptions(RAW))
    content = (tmp_path / "JB1.raw").read_bytes()
    assert content == zeroed(disk, BAD)
    manifest = manifest_of(result)
    assert manifest.media.digests["sha256"] == hashlib.sha256(content).hexdigest()
    assert sector_set(manifest.read.unreadable) == BAD == sector_set(map_beside(tmp_path / "JB1").bad_ranges())
    assert names_in(tmp_path) == {"JB1.raw", "JB1.map", "JB1.sha256", "JB1.manifest.json"}
    assert not (tmp_path / "JB1.raw").stat().st_mode & 0o222
    assert not (tmp_path / "JB1.map").stat().st_mode & 0o222


@pytest.mark.parametrize("image", [Options(), Options(raw=True, segment_size_bytes=1024 * 1024)])
def test_other_formats_are_written_from_the_rescue_file_which_stays_until_they_are_proved(
    tmp_path: Path, image: Options
) -> None:
    disk = faulty()
    result = rescue_disk(disk, tmp_path / "JB1", options=RescueOptions(image))
    manifest = manifest_of(result)
    expected = zeroed(disk, BAD)
    assert manifest.media.digests["sha256"] == hashlib.sha256(expected).hexdigest()
    with open_image(tmp_path / manifest.segments[0].file) as opened:
        assert b"".join(bytes(piece.data) for piece in opened.media()) == expected
        assert opened.is_raw or sector_set(opened.unreadable) == BAD
    assert "JB1.rescue.raw" in names_in(tmp_path)


def test_a_raw_image_and_its_copy_are_made_at_once(tmp_path: Path) -> None:
    disk = faulty()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    result = rescue_disk(disk, tmp_path / "a/JB1", tmp_path / "b/JB1", options=RescueOptions(RAW))
    assert [item.state for item in result.outputs] == [OutputState.COMPLETE] * 2
    assert (tmp_path / "a/JB1.raw").read_bytes() == (tmp_path / "b/JB1.raw").read_bytes() == zeroed(disk, BAD)
    assert (tmp_path / "a/JB1.map").read_bytes() == (tmp_path / "b/JB1.map").read_bytes()


def test_the_manifest_tells_how_the_drive_was_read_and_not_how_its_file_was(tmp_path: Path) -> None:
    disk = faulty()
    read = manifest_of(rescue_disk(disk, tmp_path / "JB1")).read
    failed = [request for request in disk.requests if not request.ok]
    assert read.error_count == len(failed)
    assert [event.sectors for event in read.errors] == [request.sectors for request in failed]
    passes = [event.detail.partition(":")[0] for event in read.events if event.kind == "rescue pass"]
    assert passes[0] == "copy forwards"
    assert passes[-1] == "end of the passes"


def test_a_transient_error_leaves_no_bad_sector(tmp_path: Path) -> None:
    disk = faulty(Faults(flaky={100: 3, 4000: 4}))
    settings = RescueSettings(retries=3)
    result = rescue_disk(disk, tmp_path / "JB1", options=RescueOptions(RAW, settings))
    assert manifest_of(result).read.unreadable == ()
    assert manifest_of(result).read.error_count > 0
    assert (tmp_path / "JB1.raw").read_bytes() == zeroed(disk, frozenset())


@pytest.mark.parametrize("lost_after", [1, 2, 8, 30, 200, 900])
def test_a_vanished_drive_leaves_a_map_that_calls_nothing_finished_that_is_not_kept(
    tmp_path: Path, lost_after: int
) -> None:
    disk = faulty(Faults(bad=BAD, lost_after_requests=lost_after))
    result = rescue_disk(disk, tmp_path / "JB1", options=RescueOptions(RAW))
    assert result.manifest is None
    assert "gone" in (result.stopped or "")
    kept, bad_map = (tmp_path / "JB1.rescue.raw").read_bytes(), map_beside(tmp_path / "JB1")
    assert sector_set(bad_map.bad_ranges()) <= BAD
    for sectors in bad_map.ranges(SectorState.FINISHED):
        first, end = sectors.first_sector * 512, sectors.end_sector * 512
        assert kept[first:end] == disk.content(sectors)
    journal = decode_record((tmp_path / "JB1.manifest.json.partial").read_bytes(), Journal, "journal")
    assert journal.state is JournalState.STOPPED
    assert [event.kind for event in journal.read.events][-1] == "stopped"


def test_a_stop_is_obeyed_within_a_step(tmp_path: Path) -> None:
    stop, disk = threading.Event(), faulty(sector_count=100_000)
    seen: list[Progress] = []

    def listen(progress: Progress) -> None:
        seen.append(progress)
        stop.set()

    hooks = JobHooks(StillClock(), stop, listen)
    result = rescue_disk(disk, tmp_path / "JB1", options=RescueOptions(RAW, hooks=hooks))
    assert (result.stopped or "").startswith("stopped by the operator")
    assert (seen[0].stage, seen[0].state) == ("rescue", "copy forwards")
    assert seen[0].untried_bytes == disk.size_bytes - seen[0].bytes_done
    assert len(seen) == 1


def test_passes_that_were_left_out_are_told_as_a_gap(tmp_path: Path) -> None:
    settings = RescueSettings(passes=(RescuePass.COPY_FORWARDS, RescuePass.COPY_BACKWARDS, RescuePass.SWEEP))
    disk = faulty()
    result = rescue_disk(disk, tmp_path / "JB1", options=RescueOptions(RAW, settings))
    assert [item.code for item in manifest_of(result).findings] == ["sectors-not-tried"]
    bad_map = map_beside(tmp_path / "JB1")
    assert bad_map.ranges(SectorState.NON_TRIMMED)
    assert bad_map.unread_ranges() == read_manifest(tmp_path / "JB1.manifest.json").read.unreadable
    assert (tmp_path / "JB1.raw").read_bytes() == zeroed(disk, frozenset(sector_set(bad_map.unread_ranges())))


def test_a_limit_stops_the_rescue_and_leaves_it_resumable(tmp_path: Path) -> None:
    class Ticking(StillClock):
        """A clock on which every look takes a second."""

        seconds = 0.0

        def monotonic(self) -> float:
            self.seconds += 1.0
            return self.seconds

    settings = RescueSettings(max_error_rate=1)
    hooks = JobHooks(Ticking(), threading.Event())
    result = rescue_disk(faulty(), tmp_path / "JB1", options=RescueOptions(RAW, settings, hooks=hooks))
    assert result.manifest is None
    assert "errors come faster" in (result.stopped or "")
    assert {"JB1.rescue.raw", "JB1.map", "JB1.manifest.json.partial"} == names_in(tmp_path)


def test_an_output_that_is_occupied_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "JB1.rescue.raw").write_bytes(b"earlier")
    with pytest.raises(Exception, match="already there"):
        rescue_disk(faulty(), tmp_path / "JB1")
    assert names_in(tmp_path) == {"JB1.rescue.raw"}
