"""An image as a source: its media where it belongs, and what of it cannot be relied on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from acquire.image_source import ImageReader
from acquire.reader import BatchRead
from acquire.request import Conclusion
from acquire.result import OutputState
from image.errors import StoppedError
from image.findings import finding
from image.lanes import worker_pool
from image.opening import open_image
from image.sectors import SectorRange
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.memory_disk import MemoryDisk
from tests.sim.still_clock import StillClock
from tests.verify.evidence import Evidence, disk_content, make_evidence

CONTENT = disk_content(3 * 1024 * 1024)
SECTORS = len(CONTENT) // 512
BATCH_SECTORS = 300


def do_nothing() -> None:
    """Find nothing to object to."""


def read(
    path: Path, unreadable: tuple[SectorRange, ...] = (), look: Callable[[], None] = do_nothing
) -> tuple[bytes, list[BatchRead], ImageReader]:
    """All of an image through the reader, its batches, and the reader."""
    media, batches = b"", []
    with open_image(path) as image, worker_pool("decode") as pool:
        reader = ImageReader(image, unreadable, look, pool)
        for sectors in SectorRange(0, image.media_size_bytes // 512).pieces(BATCH_SECTORS):
            view = memoryview(bytearray(b"x" * sectors.sector_count * 512))
            batches.append(reader.read_batch(view, sectors))
            media += view
    return media, batches, reader


@pytest.fixture
def single(tmp_path: Path) -> Evidence:
    return make_evidence(tmp_path, CONTENT).writable()


@pytest.fixture
def split(tmp_path: Path) -> Evidence:
    options = Options(compression="none", segment_size_bytes=1024 * 1024)
    return make_evidence(tmp_path, CONTENT, options).writable()


@pytest.mark.parametrize("raw", [False, True])
def test_an_image_is_read_in_batches_of_any_size(tmp_path: Path, raw: bool) -> None:
    options = Options(raw=raw, segment_size_bytes=1024 * 1024)
    media, batches, reader = read(make_evidence(tmp_path, CONTENT, options).first)
    assert media == CONTENT
    assert not reader.damaged
    assert {batch.bad for batch in batches} == {()}


def test_sectors_that_the_image_calls_unreadable_are_told_again(single: Evidence) -> None:
    named = (SectorRange(290, 20), SectorRange(SECTORS - 5, 5))
    media, batches, reader = read(single.first, named)
    assert media == CONTENT
    assert batches[0].bad == (SectorRange(290, 10),)
    assert batches[1].bad == (SectorRange(300, 10),)
    assert batches[-1].bad == (SectorRange(SECTORS - 5, 5),)
    assert reader.with_data == [SectorRange(290, 10), SectorRange(300, 10)]


def test_a_damaged_chunk_is_told_with_its_sectors(split: Evidence) -> None:
    data = bytearray(split.segments[1].read_bytes())
    data[len(data) // 2] ^= 1
    split.segments[1].write_bytes(data)
    media, batches, reader = read(split.first)
    (damaged,) = reader.damaged
    assert damaged.sector_count == 64
    assert next(part for batch in batches for part in batch.bad).first_sector == damaged.first_sector
    first, end = damaged.first_sector * 512, damaged.end_sector * 512
    assert (media[:first], media[end:]) == (CONTENT[:first], CONTENT[end:])


def test_behind_a_missing_segment_the_media_stands_where_it_belongs(split: Evidence) -> None:
    split.segments[1].unlink()
    media, _, reader = read(split.first)
    (lost,) = reader.damaged
    first, end = lost.first_sector * 512, lost.end_sector * 512
    assert media == CONTENT[:first] + bytes(end - first) + CONTENT[end:]


def test_what_is_missing_at_the_end_is_zeros_and_told(split: Evidence) -> None:
    split.segments[-1].unlink()
    media, _, reader = read(split.first)
    (lost,) = reader.damaged
    assert media == CONTENT[: lost.first_sector * 512].ljust(len(CONTENT), b"\0")
    assert lost.end_sector == SECTORS


def test_an_objection_comes_before_the_media_is_given_on(split: Evidence) -> None:
    data = bytearray(split.segments[1].read_bytes())
    data[len(data) // 2] ^= 1
    split.segments[1].write_bytes(data)

    def object_to_damage() -> None:
        if image.findings.has_doubts():
            raise StoppedError("damaged")

    media = bytearray()
    with open_image(split.first) as image:
        reader = ImageReader(image, (), object_to_damage)
        with pytest.raises(StoppedError):
            read_on(reader, media)
    assert 0 < len(media) < len(CONTENT)
    assert CONTENT.startswith(media)


def read_on(reader: ImageReader, media: bytearray) -> None:
    """Read a batch of 64 sectors after the other, each kept when it was given on."""
    view = memoryview(bytearray(64 * 512))
    for sectors in SectorRange(0, SECTORS).pieces(64):
        reader.read_batch(view, sectors)
        media += view


def test_an_image_that_ends_inside_a_sector_has_digests_of_its_own(tmp_path: Path) -> None:
    import hashlib

    path = tmp_path / "JB1.raw"
    path.write_bytes(CONTENT[:1000])
    with open_image(path) as image:
        reader = ImageReader(image, (), do_nothing)
        reader.digest_stored(("md5",))
        view = memoryview(bytearray(b"x" * 1024))
        assert reader.read_batch(view, SectorRange(0, 2)) == BatchRead()
    assert bytes(view) == CONTENT[:1000] + bytes(24)
    assert reader.stored_digests() == {"md5": hashlib.md5(CONTENT[:1000]).hexdigest()}


def test_what_is_concluded_stands_in_the_manifest(tmp_path: Path) -> None:
    noted = finding("chunk-surplus", "12 chunks")
    heard: list[dict[str, str]] = []

    def conclude(digests: dict[str, str]) -> Conclusion:
        heard.append(digests)
        return Conclusion((noted,))

    options = Options()
    options.hooks = type(options.hooks)(StillClock(), options.hooks.stop, conclude=conclude)
    result = acquire_disk(MemoryDisk(CONTENT, 512), tmp_path / "JB1", options=options)
    assert result.manifest is not None
    assert noted in result.manifest.findings
    assert heard == [result.manifest.media.digests]


def test_an_objection_at_the_end_leaves_the_image_partial(tmp_path: Path) -> None:
    def conclude(_: dict[str, str]) -> Conclusion:
        raise StoppedError("not as promised")

    options = Options()
    options.hooks = type(options.hooks)(StillClock(), options.hooks.stop, conclude=conclude)
    result = acquire_disk(MemoryDisk(CONTENT, 512), tmp_path / "JB1", options=options)
    assert (result.manifest, result.stopped) == (None, "not as promised")
    assert result.outputs[0].state is OutputState.PARTIAL
    assert (tmp_path / "JB1.manifest.json.partial").exists()
    assert not (tmp_path / "JB1.manifest.json").exists()
