"""The layout plan at every limit of the format, for sources no test could read."""

import pytest

from image.errors import UsageError
from image.ewf.plan import (
    DEFAULT_SEGMENT_SIZE_BYTES,
    MAXIMUM_CHUNK_COUNT,
    SEGMENT_MARGIN_BYTES,
    WIDELY_READABLE_CHUNK_COUNT,
    plan_ewf,
)
from image.segment_names import MAXIMUM_EWF_SEGMENTS

TIB = 1024**4


@pytest.mark.parametrize(
    ("tebibytes", "chunk_sectors", "segment_mib"),
    [(1, 64, 2000), (4, 128, 2000), (14, 256, 2000), (16, 512, 2000), (64, 2048, 6000), (128, 4096, 10000)],
)
def test_a_large_source_gets_chunks_and_segments_that_readers_can_open(
    tebibytes: int, chunk_sectors: int, segment_mib: int
) -> None:
    plan = plan_ewf(tebibytes * TIB // 512, 512)
    assert (plan.chunk_sectors, plan.segment_size_bytes) == (chunk_sectors, segment_mib * 1024**2)
    assert plan.chunk_count <= WIDELY_READABLE_CHUNK_COUNT
    assert plan.worst_case_segments <= MAXIMUM_EWF_SEGMENTS
    assert bool(plan.notes) == (tebibytes > 1)


def test_the_largest_widely_readable_source_keeps_the_default_chunk() -> None:
    limit = WIDELY_READABLE_CHUNK_COUNT * 64
    assert [plan_ewf(limit + more, 512).chunk_sectors for more in (-1, 0, 1)] == [64, 64, 128]


def test_more_chunks_than_can_be_counted_are_refused_with_the_size_to_choose() -> None:
    limit = MAXIMUM_CHUNK_COUNT * 64
    assert plan_ewf(limit, 512, 64, 0).chunk_count == MAXIMUM_CHUNK_COUNT
    with pytest.raises(UsageError, match="--chunk-sectors 128"):
        plan_ewf(limit + 1, 512, 64, 0)


@pytest.mark.parametrize(("sector_size_bytes", "largest"), [(512, 32_768), (4096, 4096)])
def test_a_chunk_is_a_power_of_two_up_to_sixteen_mebibytes(sector_size_bytes: int, largest: int) -> None:
    for chunk in (64, 128, largest):
        assert plan_ewf(10**6, sector_size_bytes, chunk).chunk_size_bytes == chunk * sector_size_bytes
    for chunk in (0, 1, 32, 63, 65, 96, largest + 1, largest * 2):
        with pytest.raises(UsageError, match=f"power of two from 64 to {largest}"):
            plan_ewf(10**6, sector_size_bytes, chunk)


def test_a_segment_holds_at_least_a_chunk_and_its_frame() -> None:
    smallest = 64 * 512 + SEGMENT_MARGIN_BYTES
    assert plan_ewf(10**6, 512, 64, smallest).segment_size_bytes == smallest
    assert plan_ewf(10**6, 512, 64, smallest + 511).segment_size_bytes == smallest
    for size in (1, 511, 512, smallest - 1):
        with pytest.raises(UsageError, match=f"--segment-size {smallest} or more"):
            plan_ewf(10**6, 512, 64, size)


def test_too_small_a_segment_for_the_names_is_refused_with_the_size_to_choose() -> None:
    with pytest.raises(UsageError, match=r"only 14971 have names.*--segment-size 2000MiB"):
        plan_ewf(4 * TIB // 512, 512, None, 100 * 1024**2)
    assert plan_ewf(4 * TIB // 512, 512, None, 0).worst_case_segments == 1


@pytest.mark.parametrize("sector_count", [1, 63, 64, 65, 10**6])
def test_a_small_source_needs_no_notes(sector_count: int) -> None:
    plan = plan_ewf(sector_count, 512)
    assert plan.chunk_count == -(-sector_count // 64)
    assert (plan.segment_size_bytes, plan.notes) == (DEFAULT_SEGMENT_SIZE_BYTES, ())


@pytest.mark.parametrize("chunk_sectors", [64, 1024, 32_768])
def test_a_group_stays_within_its_media_and_its_table(chunk_sectors: int) -> None:
    plan = plan_ewf(10**9, 512, chunk_sectors)
    assert 1 <= plan.chunks_per_group <= 16_375
    assert plan.chunks_per_group == 1 or plan.chunks_per_group * plan.chunk_size_bytes <= 32 * 1024**2
