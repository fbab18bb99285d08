"""Real block devices, healthy and failing, opened and read."""

import errno
import mmap
import os
from pathlib import Path

import pytest

from acquire.destination import require_apart
from acquire.media import ReadFailure, SourceLostError
from acquire.reader import Reader, ReadSettings
from acquire.source import OpenedSource, open_source
from acquire.source_options import SourceOptions
from acquire.sysfs import find_node_by_name
from image.errors import DestinationError, SourceError
from image.sectors import SectorRange, merge_ranges
from tests.sim.block_devices import (
    faulty_device,
    loop_device,
    mounted,
    needs_program,
    needs_root,
    numbered_image,
    partitioned_loop,
    tool,
)
from tests.sim.faulty_disk import sector_content
from tests.sim.still_clock import StillClock

pytestmark = [pytest.mark.root, needs_root, needs_program("losetup", "blockdev")]
QUIET = SourceOptions(ask_tools=False)


def read_all(opened: OpenedSource, batch_sectors: int = 2048) -> tuple[bytes, tuple[SectorRange, ...]]:
    """All media of a source and the sectors given up."""
    reader = Reader(opened.media, ReadSettings(retries=1), StillClock())
    size = opened.media.sector_size_bytes
    buffer = memoryview(mmap.mmap(-1, batch_sectors * size))
    blocks: list[bytes] = []
    bad: list[SectorRange] = []
    for sectors in SectorRange(0, opened.media.size_bytes // size).pieces(batch_sectors):
        view = buffer[: sectors.sector_count * size]
        bad += reader.read_batch(view, sectors).bad
        blocks.append(bytes(view))
    return b"".join(blocks), merge_ranges(bad)


@pytest.mark.parametrize("sector_size", [512, 4096])
def test_a_device_is_read_to_its_last_sector(tmp_path: Path, sector_size: int) -> None:
    image = numbered_image(tmp_path / "disk", 5000, sector_size)
    with loop_device(image, f"--sector-size={sector_size}") as path, open_source(path, QUIET) as opened:
        assert (opened.facts.kind, opened.facts.path, opened.facts.bus) == ("disk", path, "loop")
        assert (opened.facts.size_bytes, opened.facts.sector_size_bytes) == (5000 * sector_size, sector_size)
        assert read_all(opened) == (image.read_bytes(), ())


def test_a_link_to_a_device_is_recorded_as_the_device(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 64)
    with loop_device(image) as path:
        link = tmp_path / "link"
        link.symlink_to(path)
        with open_source(str(link), QUIET) as opened:
            assert opened.facts.path == path


def test_a_device_that_ends_within_a_sector_of_its_own_is_refused(tmp_path: Path) -> None:
    image = tmp_path / "disk"
    image.write_bytes(b"\x55" * (4096 * 10 + 512))
    with loop_device(image, "--sector-size=4096") as path, pytest.raises(SourceError) as refused:
        open_source(path, SourceOptions(ask_tools=False, pad=True)).__enter__()
    assert refused.value.what == "41472 bytes are no multiple of the sector size of 4096"


@needs_program("mkfs.ext4", "mount")
def test_a_device_mounted_through_a_loop_device_is_refused_and_takes_no_image(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 8192)
    tool("mkfs.ext4", "-q", "-F", "-E", "offset=1048576", str(image), "3072k")
    with (
        loop_device(image) as path,
        loop_device(Path(path), "--offset=1048576") as over,
        mounted(over, tmp_path / "mount point") as folder,
    ):
        with pytest.raises(SourceError, match=f"the source is in use .*{Path(over).name} mounted at {folder}"):
            open_source(path, QUIET).__enter__()
        with pytest.raises(DestinationError, match="the destination is on the source disk"):
            require_apart(folder / "JB1", path, find_node_by_name(Path(path).name))


@needs_program("mkfs.ext4", "mount")
def test_a_mounted_device_is_refused_and_says_where(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 8192)
    tool("mkfs.ext4", "-q", "-F", str(image))
    with loop_device(image) as path, mounted(path, tmp_path / "mount point") as folder:
        with pytest.raises(SourceError, match=f"the source is in use .* mounted at {folder}"):
            open_source(path, QUIET).__enter__()
        with open_source(path, SourceOptions(forced=True, ask_tools=False)) as opened:
            assert opened.usage.mounted == (f"{Path(path).name} mounted at {folder}",)
            assert opened.facts.signatures == ("ext2/3/4",)


@needs_program("sfdisk", "partx", "mkfs.ext4", "mount")
def test_a_disk_with_a_mounted_partition_is_refused_and_the_other_partition_is_not(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 32768)
    table = b"label: gpt\nstart=2048, size=8192\nstart=10240, size=8192\n"
    tool("sh", "-c", f"printf '{table.decode()}' | sfdisk --quiet '{image}'")
    with partitioned_loop(image) as path:
        tool("mkfs.ext4", "-q", "-F", f"{path}p1")
        with mounted(f"{path}p1", tmp_path / "mnt"):
            with pytest.raises(SourceError, match=f"{Path(path).name}p1 mounted at"):
                open_source(path, QUIET).__enter__()
            with open_source(f"{path}p2", QUIET) as opened:
                assert (opened.facts.kind, opened.facts.partition_of) == ("partition", path)
                assert read_all(opened)[0] == image.read_bytes()[10240 * 512 : 18432 * 512]
        with open_source(path, QUIET) as whole:
            assert whole.device is not None
            assert [part.start_sector for part in whole.device.partitions] == [2048, 10240]
            assert whole.facts.signatures == ("GPT partition table", f"{Path(path).name}p1: ext2/3/4")


def test_a_device_that_another_program_holds_is_refused(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 64)
    with loop_device(image) as path:
        held = os.open(path, os.O_RDONLY | os.O_EXCL)
        try:
            with pytest.raises(SourceError, match="another program holds the source"):
                open_source(path, QUIET).__enter__()
            with open_source(path, SourceOptions(forced=True, ask_tools=False)):
                pass
        finally:
            os.close(held)


@needs_program("mkfs.ext4", "mount")
def test_an_open_source_cannot_be_mounted_by_others(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 8192)
    tool("mkfs.ext4", "-q", "-F", str(image))
    with loop_device(image) as path, open_source(path, QUIET), pytest.raises(AssertionError, match="busy"):
        mounted(path, tmp_path / "mnt").__enter__()


@needs_program("fusermount3")
@pytest.mark.parametrize("error", ["EIO", "ENODATA", "ETIMEDOUT", "EREMOTEIO"])
def test_exactly_the_bad_sectors_of_a_device_are_lost(tmp_path: Path, error: str) -> None:
    image = numbered_image(tmp_path / "disk", 6000)
    bad = [[0, 1], [2003, 1], [2005, 3], [5999, 1]]
    with (
        faulty_device(image, tmp_path, bad=bad, errno=error) as device,
        open_source(device.path, QUIET) as opened,
    ):
        content, given_up = read_all(opened)
    assert given_up == tuple(SectorRange(first, count) for first, count in bad)
    lost = {sector for item in given_up for sector in range(item.first_sector, item.end_sector)}
    expected = (bytes(512) if sector in lost else sector_content(sector, 512) for sector in range(6000))
    assert content == b"".join(expected)


@needs_program("fusermount3")
def test_the_errno_of_a_bad_sector_is_told(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 600)
    with (
        faulty_device(image, tmp_path, bad=[[300, 1]], errno="ENODATA") as device,
        open_source(device.path, QUIET) as opened,
    ):
        view = memoryview(mmap.mmap(-1, 4096))[:512]
        with pytest.raises(ReadFailure) as failure:
            opened.media.read_into(view, 300)
    assert (failure.value.error_number, failure.value.sectors) == (errno.ENODATA, SectorRange(300, 1))


@needs_program("fusermount3")
def test_a_drive_that_is_pulled_out_stops_the_reading_instead_of_ending_it(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 6000)
    with faulty_device(image, tmp_path) as device, open_source(device.path, QUIET) as opened:
        device.pull_out()
        with pytest.raises(SourceLostError, match="the drive no longer answers"):
            read_all(opened)


@needs_program("fusermount3")
def test_a_drive_that_says_it_is_gone_leaves_no_bad_sectors(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 6000)
    with (
        faulty_device(image, tmp_path, gone=True) as device,
        pytest.raises(SourceLostError, match="the source is gone"),
        open_source(device.path, QUIET) as opened,
    ):
        read_all(opened)


def test_a_device_that_shrinks_is_noticed_and_told_with_both_sizes(tmp_path: Path) -> None:
    image = numbered_image(tmp_path / "disk", 600)
    with loop_device(image) as path, open_source(path, QUIET) as opened:
        os.truncate(image, 512 * 300)
        tool("losetup", "--set-capacity", path)
        with pytest.raises(SourceLostError, match="its size was 307200 bytes and is 153600"):
            read_all(opened)
