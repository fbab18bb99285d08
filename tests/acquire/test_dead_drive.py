"""Telling a drive that died from one with a large damaged area."""

import errno
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquire.dead_drive import (
    FIRST_DOUBT_FAILURES,
    NEXT_DOUBT_FAILURES,
    SLOW_DOUBT_FAILURES,
    SLOW_DOUBT_SECONDS,
    UNTRIED_COUNT,
    WITNESS_COUNT,
    Doubt,
    is_enough,
    sectors_to_ask,
    spread,
)
from acquire.media import ReadFailure, Source, SourceLostError, UnfinishedReadError
from acquire.reader import BatchRead, Reader, ReadSettings
from acquire.sector_samples import MAXIMUM_SAMPLES, SectorSamples
from acquire.source_range import SourceRange
from image.errors import StoppedError
from image.sectors import SectorRange, merge_ranges
from tests.sim.faulty_disk import FaultyDisk, sector_content
from tests.sim.still_clock import StillClock

BATCH = 2048


@dataclass
class DyingDisk(FaultyDisk):
    """A disk with one damaged area that answers nothing any more behind so many requests, or comes back later."""

    sector_count: int = 8 * BATCH
    damaged: SectorRange | None = None
    dies_at_request: int | None = None
    revives_at_request: int | None = None
    sector_size_bytes: int = 512
    asked: list[SectorRange] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.size_bytes = self.sector_count * self.sector_size_bytes

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill the view, unless the disk is dead or the damage is hit."""
        sectors = SectorRange(first_sector, len(view) // self.sector_size_bytes)
        self.asked.append(sectors)
        hit = self.damaged is not None and self.damaged.overlap(sectors) is not None
        if hit or self._is_dead(len(self.asked)):
            raise ReadFailure(errno.EIO, sectors)
        view[:] = b"".join(sector_content(number, 512) for number in range(first_sector, sectors.end_sector))

    def _is_dead(self, request: int) -> bool:
        back = self.revives_at_request is not None and request >= self.revives_at_request
        return self.dies_at_request is not None and request >= self.dies_at_request and not back


def read_to_end(disk: Source, reader: Reader | None = None, retries: int = 0) -> tuple[BatchRead, ...]:
    """Read every batch; what came of each."""
    ours = reader or Reader(disk, ReadSettings(retries=retries), StillClock(), pause=lambda _: None)
    view = memoryview(bytearray(BATCH * 512))
    whole = SectorRange(0, disk.size_bytes // 512)
    return tuple(ours.read_batch(view[: part.sector_count * 512], part) for part in whole.pieces(BATCH))


@pytest.mark.parametrize("dies_at", [1, 2, 3, 5])
def test_a_drive_that_answers_every_read_with_an_error_is_dead_and_not_all_bad(dies_at: int) -> None:
    disk = DyingDisk(dies_at_request=dies_at)
    with pytest.raises(SourceLostError, match=r"answers no read any more \(EIO everywhere\)"):
        read_to_end(disk)
    first_batch = 1 if dies_at == 1 else 0
    assert len(disk.asked) < dies_at + FIRST_DOUBT_FAILURES + WITNESS_COUNT + UNTRIED_COUNT + 8 + first_batch


def test_the_failed_reads_of_a_dead_drive_are_kept_with_the_error() -> None:
    disk = DyingDisk(dies_at_request=3)
    with pytest.raises(SourceLostError) as lost:
        read_to_end(disk)
    assert lost.value.failure_count == len(lost.value.failures) == FIRST_DOUBT_FAILURES
    assert lost.value.failures[0].sectors == SectorRange(2 * BATCH, BATCH)


def test_a_drive_that_dies_within_a_damaged_area_keeps_only_what_was_proved_before() -> None:
    disk = DyingDisk(damaged=SectorRange(BATCH, 6 * BATCH), dies_at_request=3 * BATCH)
    reads: list[BatchRead] = []
    reader = Reader(disk, ReadSettings(retries=0), StillClock(), pause=lambda _: None)
    view = memoryview(bytearray(BATCH * 512))
    with pytest.raises(SourceLostError):
        reads += [reader.read_batch(view, part) for part in SectorRange(0, 8 * BATCH).pieces(BATCH)]
    assert all(bad.end_sector <= 3 * BATCH for read in reads for bad in read.bad)


@pytest.mark.parametrize("damaged", [SectorRange(0, 7 * BATCH), SectorRange(3000, 9000), SectorRange(1, 16_383)])
@pytest.mark.parametrize("retries", [0, 2])
def test_a_large_damaged_area_is_read_to_its_end_and_named_exactly(damaged: SectorRange, retries: int) -> None:
    disk = DyingDisk(damaged=damaged)
    reads = read_to_end(disk, retries=retries)
    assert merge_ranges(bad for read in reads for bad in read.bad) == (damaged,)


def test_proving_life_within_a_large_damaged_area_costs_few_reads() -> None:
    damaged = SectorRange(3000, 20 * BATCH)
    disk = DyingDisk(30 * BATCH, damaged)
    reads = read_to_end(disk)
    failed = sum(read.error_count for read in reads)
    assert merge_ranges(bad for read in reads for bad in read.bad) == (damaged,)
    asked_again = [item for item in disk.asked if item.sector_count == 1 and not damaged.overlap(item)]
    beside = damaged.first_sector % 128 + -damaged.end_sector % 128  # in the pieces at both ends of the damage
    proofs = len(asked_again) - beside
    assert failed > 20 * BATCH
    assert 0 < proofs / failed < 0.002


def test_a_reader_that_goes_on_asks_for_what_was_read_before_the_interruption() -> None:
    disk = DyingDisk(dies_at_request=1)
    reader = Reader(disk, ReadSettings(retries=0), StillClock(), pause=lambda _: None)
    reader.remember([(3, sector_content(3, 512)), (400, sector_content(400, 512))])
    with pytest.raises(SourceLostError):
        reader.read_batch(memoryview(bytearray(BATCH * 512)), SectorRange(4 * BATCH, BATCH))
    assert {3, 400} <= {item.first_sector for item in disk.asked if item.sector_count == 1}


def test_a_drive_that_falls_silent_for_a_moment_is_asked_once_more_and_loses_nothing() -> None:
    witnesses_so_far = 3
    silent_reads = FIRST_DOUBT_FAILURES + witnesses_so_far + UNTRIED_COUNT
    disk = DyingDisk(dies_at_request=4, revives_at_request=4 + silent_reads)
    paused: list[float] = []
    reader = Reader(disk, ReadSettings(retries=0), StillClock(), pause=paused.append)
    reads = read_to_end(disk, reader)
    assert paused == [2.0]
    assert [read.bad for read in reads] == [()] * 8
    assert sum(read.error_count for read in reads) == FIRST_DOUBT_FAILURES


@pytest.mark.parametrize("more_reads", [1, 2, 3, 20])
def test_a_silence_that_ends_while_the_drive_is_asked_for_the_first_time_loses_nothing(more_reads: int) -> None:
    disk = DyingDisk(dies_at_request=4, revives_at_request=4 + FIRST_DOUBT_FAILURES + more_reads)
    paused: list[float] = []
    reader = Reader(disk, ReadSettings(retries=0), StillClock(), pause=paused.append)
    assert [read.bad for read in read_to_end(disk, reader)] == [()] * 8
    assert paused == []


def test_a_sector_that_has_gone_bad_since_it_was_read_bears_witness_no_more() -> None:
    disk = DyingDisk(30 * BATCH)
    reader = Reader(disk, ReadSettings(retries=0), StillClock(), pause=lambda _: None)
    view = memoryview(bytearray(BATCH * 512))
    for part in SectorRange(0, 10 * BATCH).pieces(BATCH):
        reader.read_batch(view, part)
    disk.damaged = SectorRange(0, 12 * BATCH)
    known = len(reader.samples)
    assert reader.read_batch(view, SectorRange(10 * BATCH, BATCH)).bad == (SectorRange(10 * BATCH, BATCH),)
    assert known - 8 <= len(reader.samples) < known


def test_a_damaged_stretch_of_a_drive_is_no_dead_drive_when_only_it_is_read() -> None:
    disk = DyingDisk(damaged=SectorRange(2000, 100))
    stretch = SourceRange(disk, SectorRange(2000, 100))
    [read] = read_to_end(stretch)
    assert read.bad == (SectorRange(0, 100),)


def test_a_dead_drive_is_not_blamed_on_a_sector_by_on_error_abort() -> None:
    settings = ReadSettings(retries=0, abort_on_error=True)
    for disk, kind in (
        (DyingDisk(dies_at_request=2), SourceLostError),
        (DyingDisk(damaged=SectorRange(7, 1)), UnfinishedReadError),
    ):
        reader = Reader(disk, settings, StillClock(), pause=lambda _: None)
        with pytest.raises(StoppedError) as stopped:
            read_to_end(disk, reader)
        assert type(stopped.value) is kind


def test_a_reader_that_goes_on_behind_a_stop_asks_before_its_first_sector_too() -> None:
    disk = DyingDisk(damaged=SectorRange(4 * BATCH, 4 * BATCH))
    reader = Reader(disk, ReadSettings(retries=0), StillClock(), pause=lambda _: None)
    read = reader.read_batch(memoryview(bytearray(BATCH * 512)), SectorRange(4 * BATCH, BATCH))
    assert read.bad == (SectorRange(4 * BATCH, BATCH),)
    assert min(item.first_sector for item in disk.asked) < 4 * BATCH


def test_slow_failures_raise_a_doubt_by_their_time() -> None:
    doubt = Doubt()
    for number in range(SLOW_DOUBT_FAILURES):
        assert not doubt.is_due(SLOW_DOUBT_SECONDS)
        doubt.failed(number, 0.0)
    assert not doubt.is_due(SLOW_DOUBT_SECONDS - 1)
    assert doubt.is_due(SLOW_DOUBT_SECONDS)


def test_a_drive_that_proved_its_life_is_asked_more_seldom_until_it_reads_again() -> None:
    doubt = Doubt()

    def failures_until_due() -> int:
        count = 0
        while not doubt.is_due(0.0):
            doubt.failed(count, 0.0)
            count += 1
        return count

    assert failures_until_due() == FIRST_DOUBT_FAILURES
    doubt.proved_alive()
    assert failures_until_due() == NEXT_DOUBT_FAILURES
    doubt.answered()
    assert failures_until_due() == FIRST_DOUBT_FAILURES


def test_a_drive_that_fails_slowly_is_not_asked_to_the_end() -> None:
    assert is_enough(8, 3.0)
    assert not is_enough(7, 60.0)
    assert not is_enough(70, 2.9)


@given(st.integers(0, 10_000), st.integers(1, 100))
def test_places_are_spread_over_all_there_is(total: int, count: int) -> None:
    places = spread(total, count)
    assert len(set(places)) == len(places) == min(total, count, len(places))
    assert all(0 <= place < total for place in places)
    if total >= count:
        assert len(places) == count
        gaps = [after - before for before, after in zip(sorted(places), [*sorted(places)[1:], total], strict=True)]
        assert max(gaps) <= 2 * total / count + 2


def test_witnesses_and_untried_sectors_are_asked_in_turn() -> None:
    order = sectors_to_ask(range(100, 108), [SectorRange(0, 10), SectorRange(1000, 90)])
    assert set(order[:4]) <= set(range(100, 108))
    assert all(sector < 10 or 1000 <= sector < 1090 for sector in order[4:8])
    assert len(order) == WITNESS_COUNT + UNTRIED_COUNT
    assert sectors_to_ask([], []) == []


@pytest.mark.parametrize("batches", [1, 7, 128, 129, 5000])
def test_samples_are_few_and_spread_over_all_that_was_read(batches: int) -> None:
    samples = SectorSamples(512)
    for first in range(0, batches * 8, 8):
        if first >= samples.next_sector:
            samples.take(memoryview(b"".join(sector_content(first + place, 512) for place in range(8))), first)
    assert min(batches, 32) <= len(samples) <= MAXIMUM_SAMPLES
    assert all(content == sector_content(sector, 512) for sector, content in samples)
    assert samples.sectors[0] < 8
    assert samples.sectors[-1] >= batches * 8 * 0.9 - 8


def test_a_sample_is_taken_where_there_is_something_else_than_zeros() -> None:
    samples = SectorSamples(512)
    samples.take(memoryview(bytes(3 * 512) + b"x" * 512 + bytes(512)), 40)
    assert list(samples) == [(43, b"x" * 512)]
