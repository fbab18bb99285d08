"""Real block devices that fail, die, hang and heal, read by the reader as an acquisition reads them."""

import mmap
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from acquire.media import SourceLostError
from acquire.reader import BatchRead, Reader, ReadSettings
from acquire.source import OpenedSource, open_source
from acquire.source_options import SourceOptions
from image.sectors import SectorRange, merge_ranges
from tests.sim.block_devices import faulty_device, needs_program, needs_root, numbered_image
from tests.sim.faulty_disk import sector_content
from workflow.clock import SystemClock

pytestmark = [pytest.mark.root, needs_root, needs_program("losetup", "blockdev", "fusermount3")]
QUIET = SourceOptions(ask_tools=False)
BATCH_BYTES = 1024 * 1024


@dataclass
class WholeRead:
    """What came of reading a device: its bytes, sectors given up, failed reads by errno."""

    content: bytes
    bad: tuple[SectorRange, ...]
    reads: list[BatchRead]

    @property
    def errors(self) -> set[str]:
        """The names of all errors."""
        return {event.error for read in self.reads for event in read.errors}


def read_whole(opened: OpenedSource, retries: int = 1, granularity: int = 1) -> WholeRead:
    """Read a device to its end."""
    reader = Reader(opened.media, ReadSettings(retries, granularity), SystemClock())
    size = opened.media.sector_size_bytes
    buffer = memoryview(mmap.mmap(-1, BATCH_BYTES))
    content, reads = bytearray(), []
    for sectors in SectorRange(0, opened.media.size_bytes // size).pieces(BATCH_BYTES // size):
        view = buffer[: sectors.sector_count * size]
        reads.append(reader.read_batch(view, sectors))
        content += view
    return WholeRead(bytes(content), merge_ranges(bad for read in reads for bad in read.bad), reads)


def zeroed(image: Path, lost: tuple[SectorRange, ...], sector_size: int) -> bytes:
    """The image with zeros in these sectors."""
    content = bytearray(image.read_bytes())
    for item in lost:
        content[item.first_sector * sector_size : item.end_sector * sector_size] = bytes(
            item.sector_count * sector_size
        )
    return bytes(content)


@pytest.mark.parametrize("error", ["EIO", "ENODATA", "ETIMEDOUT", "EREMOTEIO", "EILSEQ", "ENOLINK"])
def test_each_error_a_medium_gives_costs_its_sector_alone_and_keeps_its_name(tmp_path: Path, error: str) -> None:
    image = numbered_image(tmp_path / "disk", 5000)
    bad = (SectorRange(0, 1), SectorRange(2047, 2), SectorRange(4999, 1))
    rules = [[item.first_sector, item.sector_count] for item in bad]
    with (
        faulty_device(image, tmp_path, bad=rules, errno=error) as device,
        open_source(device.path, QUIET) as opened,
    ):
        read = read_whole(opened)
    assert (read.bad, read.errors) == (bad, {error})
    assert read.content == zeroed(image, bad, 512)


def test_a_device_of_4096_byte_sectors_loses_exactly_the_sectors_that_are_hit(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 700, 4096)
    hit = [[8 * 3 + 5, 1], [8 * 300, 8 * 2], [8 * 699 + 7, 1]]  # the rules count sectors of 512 bytes
    lost = (SectorRange(3, 1), SectorRange(300, 2), SectorRange(699, 1))
    with (
        faulty_device(image, tmp_path, "--sector-size=4096", bad=hit) as device,
        open_source(device.path, QUIET) as opened,
    ):
        assert opened.media.sector_size_bytes == 4096
        read = read_whole(opened)
    assert read.bad == lost
    assert read.content == zeroed(image, lost, 4096)


def test_sectors_that_heal_on_a_retry_are_told_and_saved(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 5000)
    with (
        faulty_device(image, tmp_path, flaky=[[70, 1, 4], [3000, 1, 3]]) as device,
        open_source(device.path, QUIET) as opened,
    ):
        read = read_whole(opened, retries=2)
    assert (read.bad, read.content) == ((), image.read_bytes())
    assert sum(item.error_count for item in read.reads) >= 3
    assert {event.error for item in read.reads for event in item.errors} == {"EIO"}


def test_a_coarse_granularity_gives_up_whole_granules_and_no_more(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 5000)
    with (
        faulty_device(image, tmp_path, bad=[[100, 1], [2050, 1]]) as device,
        open_source(device.path, QUIET) as opened,
    ):
        read = read_whole(opened, granularity=64)
    assert read.bad == (SectorRange(64, 64), SectorRange(2048, 64))


@pytest.mark.parametrize("dies", [{"gone": True}, {"gone_at": 3000}, {"gone_at": 4900}])
@pytest.mark.parametrize("error", ["EIO", "ENODEV", "ETIMEDOUT"])
def test_a_drive_that_dies_is_told_within_seconds_and_calls_no_sector_bad(
    tmp_path: Path, dies: dict[str, object], error: str
) -> None:
    image = numbered_image(tmp_path / "disk", 6000)
    with (
        faulty_device(image, tmp_path) as device,
        open_source(device.path, QUIET) as opened,
    ):
        device.set_rules(gone_errno=error, **dies)
        begun = time.monotonic()
        with pytest.raises(SourceLostError, match="the source is gone"):
            read_whole(opened)
        assert time.monotonic() - begun < 5


def test_a_large_dead_zone_of_a_living_device_is_named_exactly(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 3000)
    with (
        faulty_device(image, tmp_path, bad=[[0, 2300]]) as device,
        open_source(device.path, QUIET) as opened,
    ):
        read = read_whole(opened, retries=0)
    assert read.bad == (SectorRange(0, 2300),)
    assert read.content[2300 * 512 :] == b"".join(sector_content(number, 512) for number in range(2300, 3000))
