"""Reading a failing disk: for any faults it ends, saves every readable sector and names exactly the others."""

import errno
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquire.media import SourceLostError, UnfinishedReadError
from acquire.reader import MAXIMUM_ERRORS, BatchRead, Reader, ReadSettings
from image.errors import StoppedError
from image.read_record import ReadErrorEvent
from image.sectors import SectorRange, merge_ranges
from tests.sim.faulty_disk import Faults, FaultyDisk, sector_set
from tests.sim.still_clock import NOON, StillClock

LIVING_END = 64


@dataclass(frozen=True)
class WholeRead:
    """A disk read to its end: its bytes, the sectors given up, the failures kept and their number."""

    content: bytes
    bad: tuple[SectorRange, ...]
    errors: tuple[ReadErrorEvent, ...]
    error_count: int


def read_whole(disk: FaultyDisk, settings: ReadSettings, batch_sectors: int = 300) -> WholeRead:
    """Read a disk batch by batch."""
    reader = Reader(disk, settings, StillClock(), pause=lambda _: None)
    buffer = bytearray(b"\xaa" * disk.size_bytes)
    reads: list[BatchRead] = []
    for sectors in SectorRange(0, disk.sector_count).pieces(batch_sectors):
        at = sectors.first_sector * disk.sector_size_bytes
        view = memoryview(buffer)[at : at + sectors.sector_count * disk.sector_size_bytes]
        reads.append(reader.read_batch(view, sectors))
    return WholeRead(
        bytes(buffer),
        merge_ranges(sectors for read in reads for sectors in read.bad),
        tuple(event for read in reads for event in read.errors),
        sum(read.error_count for read in reads),
    )


@st.composite
def faulty_disks(draw: st.DrawFn) -> tuple[FaultyDisk, frozenset[int], dict[int, int]]:
    """A small disk with runs of bad sectors and sectors that read after some tries.

    Its last sectors read, so that it can prove that it lives even where it begins with damage.
    """
    sector_size = draw(st.sampled_from([512, 4096]))
    count = draw(st.integers(1, 700 if sector_size == 512 else 120))
    runs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(1, 40)), max_size=6))
    bad = frozenset(sector for first, size in runs for sector in range(first, min(count, first + size)))
    tries = draw(st.dictionaries(st.integers(0, count - 1), st.integers(1, 8), max_size=10))
    flaky = {sector: times for sector, times in tries.items() if sector not in bad}
    return FaultyDisk(count + LIVING_END, Faults(bad, flaky), sector_size), bad, flaky


@st.composite
def disks_that_begin_well(draw: st.DrawFn) -> FaultyDisk:
    """A small disk with faults whose first sector reads: no sector is asked for before its turn."""
    disk, bad, flaky = draw(faulty_disks())
    tries = {sector: times for sector, times in flaky.items() if sector}
    return FaultyDisk(disk.sector_count, Faults(bad - {0}, tries), disk.sector_size_bytes)


@given(faulty_disks(), st.integers(0, 3), st.integers(1, 400))
def test_every_readable_sector_is_saved_and_no_other_is_called_read(
    given_disk: tuple[FaultyDisk, frozenset[int], dict[int, int]], retries: int, batch_sectors: int
) -> None:
    disk, bad, flaky = given_disk
    read = read_whole(disk, ReadSettings(retries=retries), batch_sectors)
    given_up = sector_set(read.bad)
    stubborn = {sector for sector, times in flaky.items() if times > retries}
    assert bad <= given_up <= bad | stubborn
    for sector in range(disk.sector_count):
        at = sector * disk.sector_size_bytes
        found = read.content[at : at + disk.sector_size_bytes]
        expected = bytes(disk.sector_size_bytes) if sector in given_up else disk.content(SectorRange(sector, 1))
        assert found == expected


@given(disks_that_begin_well(), st.integers(0, 3))
def test_no_sector_is_failed_more_often_than_the_settings_say(disk: FaultyDisk, retries: int) -> None:
    read_whole(disk, ReadSettings(retries=retries))
    failed = Counter(
        sector for request in disk.requests if not request.ok for sector in sector_set([request.sectors])
    )
    assert not failed or max(failed.values()) <= 3 + retries


@given(faulty_disks(), st.integers(0, 3))
def test_even_where_a_disk_begins_with_damage_its_proof_of_life_costs_one_failure_more(
    given_disk: tuple[FaultyDisk, frozenset[int], dict[int, int]], retries: int
) -> None:
    disk, bad, _ = given_disk
    read_whole(disk, ReadSettings(retries=retries))
    assert max((disk.touches[sector] for sector in bad), default=0) <= 4 + retries


@given(disks_that_begin_well(), st.integers(0, 2))
def test_a_sector_known_bad_is_in_no_larger_read_again(disk: FaultyDisk, retries: int) -> None:
    read_whole(disk, ReadSettings(retries=retries))
    known: set[int] = set()
    for request in disk.requests:
        numbers = sector_set([request.sectors])
        assert len(numbers) == 1 or not numbers & known
        if len(numbers) == 1 and not request.ok:
            known |= numbers


@given(faulty_disks(), st.integers(0, 2), st.sampled_from([2, 8, 64, 256]))
def test_a_coarse_granularity_gives_up_no_more_than_the_granules_hit(
    given_disk: tuple[FaultyDisk, frozenset[int], dict[int, int]], retries: int, granularity: int
) -> None:
    disk, bad, flaky = given_disk
    settings = ReadSettings(retries=retries, error_granularity_sectors=granularity)
    given_up = sector_set(read_whole(disk, settings).bad)
    hit = {sector // granularity for sector in bad | set(flaky)}
    assert bad <= given_up
    assert {sector // granularity for sector in given_up} <= hit


@given(disks_that_begin_well())
def test_every_failure_is_counted_and_told(disk: FaultyDisk) -> None:
    read = read_whole(disk, ReadSettings(retries=1))
    failed = [request.sectors for request in disk.requests if not request.ok]
    assert read.error_count == len(failed)
    assert [event.sectors for event in read.errors] == failed


def test_the_healthy_path_is_one_request_a_batch() -> None:
    disk = FaultyDisk(900)
    read_whole(disk, ReadSettings(), batch_sectors=300)
    assert [request.sectors for request in disk.requests] == [SectorRange(first, 300) for first in (0, 300, 600)]


def test_an_event_carries_time_sectors_errno_and_attempt() -> None:
    disk = FaultyDisk(2, Faults(frozenset({1}), error_number=errno.ENODATA))
    read = read_whole(disk, ReadSettings(retries=1), batch_sectors=1)
    assert read.errors == (
        ReadErrorEvent(NOON, SectorRange(1, 1), "ENODATA", 1),
        ReadErrorEvent(NOON, SectorRange(1, 1), "ENODATA", 2),
    )


def test_a_sector_that_heals_on_a_retry_is_told_but_not_given_up() -> None:
    disk = FaultyDisk(300, Faults(flaky={77: 4}))
    read = read_whole(disk, ReadSettings(retries=2))
    assert read.bad == ()
    assert read.error_count == 4
    assert read.content == disk.content(SectorRange(0, 300))


def test_a_disk_with_one_readable_sector_keeps_so_many_events_and_counts_all() -> None:
    disk = FaultyDisk(6001, Faults(frozenset(range(1, 6001))))
    read = read_whole(disk, ReadSettings(retries=1), batch_sectors=3000)
    assert read.bad == (SectorRange(1, 6000),)
    assert len(read.errors) == MAXIMUM_ERRORS
    assert read.error_count == 12_000 + 48 + 2
    assert read.content == disk.content(SectorRange(0, 1)) + bytes(6000 * 512)


def test_a_vanished_disk_stops_the_reading() -> None:
    disk = FaultyDisk(900, Faults(lost_after_requests=2))
    with pytest.raises(SourceLostError, match="the source is gone"):
        read_whole(disk, ReadSettings())


@pytest.mark.parametrize("requests", range(30, 50))
def test_a_disk_that_vanishes_is_told_by_a_sector_that_failed_not_by_one_that_was_asked_after(
    requests: int,
) -> None:
    disk = FaultyDisk(900, Faults(frozenset(range(300, 900)), lost_after_requests=requests))
    with pytest.raises(SourceLostError) as lost:
        read_whole(disk, ReadSettings(retries=0))
    assert int(lost.value.where.removeprefix("sector ")) >= 300


def test_a_disk_that_vanishes_while_a_failure_is_followed_up_leaves_no_bad_sector() -> None:
    disk = FaultyDisk(300, Faults(frozenset({5}), lost_after_requests=3))
    with pytest.raises(SourceLostError):
        read_whole(disk, ReadSettings())


def test_abort_stops_at_the_first_sector_that_stays_unreadable_and_names_it() -> None:
    disk = FaultyDisk(300, Faults(frozenset({200}), flaky={100: 2}))
    with pytest.raises(StoppedError, match=r"a sector cannot be read \(EIO\): sector 200"):
        read_whole(disk, ReadSettings(abort_on_error=True))


def test_a_stop_is_heeded_between_the_reads_of_a_batch_that_fails_and_keeps_what_failed() -> None:
    disk = FaultyDisk(4096, Faults(frozenset(range(1, 4096))))
    reader = Reader(disk, ReadSettings(), StillClock(), lambda _: None, lambda: len(disk.requests) >= 20)
    view = memoryview(bytearray(disk.size_bytes))
    with pytest.raises(UnfinishedReadError, match="stopped by the operator: sector 0") as stopped:
        reader.read_batch(view, SectorRange(0, 4096))
    assert len(disk.requests) == 20
    failed = [request.sectors for request in disk.requests if not request.ok]
    assert [event.sectors for event in stopped.value.failures] == failed
    assert stopped.value.failure_count == len(failed)
