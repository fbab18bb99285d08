"""Which areas are called slow: the rule alone, then a simulated drive whose reads take time."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from acquire.slow_areas import BATCHES_BEFORE_JUDGING, MAXIMUM_AREAS, SLOW_FACTOR, SLOW_SECONDS, SlowAreas
from image.read_record import SlowArea
from image.sectors import SectorRange
from tests.sim.acquisitions import Options, acquire_disk
from tests.sim.faulty_disk import Faults, FaultyDisk
from tests.sim.still_clock import StillClock

BATCH_SECTORS = 2048
NO_FAULTS = Faults()


def batch(number: int) -> SectorRange:
    """The batch of this number."""
    return SectorRange(number * BATCH_SECTORS, BATCH_SECTORS)


def fed(*seconds: float) -> tuple[SlowArea, ...]:
    """The areas found in batches that took so long."""
    areas = SlowAreas()
    for number, taken in enumerate(seconds):
        areas.add(batch(number), taken)
    return areas.as_tuple()


def test_a_batch_ten_times_slower_than_the_median_is_a_slow_area() -> None:
    assert fed(*[0.01] * 20, 3.0, *[0.01] * 5) == (SlowArea(batch(20), 3.0),)


def test_slow_batches_that_touch_are_one_area_in_either_direction() -> None:
    joined = SlowArea(SectorRange(20 * BATCH_SECTORS, 2 * BATCH_SECTORS), 5.0)
    assert fed(*[0.01] * 20, 3.0, 2.0, 0.01) == (joined,)
    backwards = SlowAreas()
    for number in range(100, 80, -1):
        backwards.add(batch(number), 0.01)
    backwards.add(batch(21), 3.0)
    backwards.add(batch(20), 2.0)
    assert backwards.as_tuple() == (joined,)


def test_a_slow_drive_has_no_slow_areas() -> None:
    assert fed(*[4.0] * 50) == ()


def test_the_slower_half_of_a_platter_is_not_slow() -> None:
    assert fed(*[2.0] * 50, *[4.0] * 50) == ()


def test_a_hiccup_shorter_than_a_second_is_not_slow() -> None:
    assert fed(*[0.001] * 50, SLOW_SECONDS * 0.99, *[0.001] * 5) == ()


def test_nothing_is_judged_before_there_is_a_median() -> None:
    assert fed(*[5.0] * (BATCHES_BEFORE_JUDGING - 1), 100.0) == ()


def test_only_the_slowest_areas_are_kept_and_in_the_order_of_the_medium() -> None:
    areas = SlowAreas()
    for _ in range(9 * MAXIMUM_AREAS):
        areas.add(batch(0), 0.01)
    count = 3 * MAXIMUM_AREAS
    for number in range(count):
        areas.add(batch(2 * number), 2.0 + number)
    kept = areas.as_tuple()
    assert [area.sectors.first_sector for area in kept] == [
        2 * number * BATCH_SECTORS for number in range(count - MAXIMUM_AREAS, count)
    ]


@given(st.lists(st.floats(0.0001, 20.0), max_size=60))
def test_every_slow_area_is_as_slow_as_the_rule_asks_and_areas_do_not_overlap(seconds: list[float]) -> None:
    areas = fed(*seconds)
    assert all(area.seconds >= SLOW_SECONDS for area in areas)
    for area in areas:
        first, end = area.sectors.first_sector // BATCH_SECTORS, area.sectors.end_sector // BATCH_SECTORS
        usual = sorted(seconds[:first])[(first - 1) // 2]
        assert seconds[first] >= SLOW_FACTOR * usual * 0.9
        assert area.seconds == sum(seconds[first:end])
    assert all(one.sectors.end_sector < other.sectors.first_sector for one, other in pairwise(areas))


class SluggishDisk(FaultyDisk):
    """A disk on a clock of its own: a read takes a millisecond, one over a weak sector seven seconds."""

    def __init__(self, sector_count: int, weak: int, clock: StillClock, faults: Faults = NO_FAULTS) -> None:
        super().__init__(sector_count, faults)
        self._weak, self._clock = weak, clock

    def read_into(self, view: memoryview, first_sector: int) -> None:
        """Fill the view, at this disk's pace."""
        end = first_sector + len(view) // self.sector_size_bytes
        self._clock.seconds += 7.0 if first_sector <= self._weak < end else 0.001
        super().read_into(view, first_sector)


def test_a_weak_sector_shows_as_a_slow_area_in_the_manifest(tmp_path: Path) -> None:
    options = Options(raw=True)
    assert isinstance(options.hooks.clock, StillClock)
    disk = SluggishDisk(100_000, 70_000, options.hooks.clock)
    manifest = acquire_disk(disk, tmp_path / "JB1", options=options).manifest
    assert manifest
    (area,) = manifest.read.slow
    assert area.sectors.first_sector <= 70_000 < area.sectors.end_sector
    assert area.seconds == 7.0


def test_an_unreadable_sector_is_no_slow_area(tmp_path: Path) -> None:
    options = Options(raw=True)
    assert isinstance(options.hooks.clock, StillClock)
    disk = SluggishDisk(100_000, 70_000, options.hooks.clock, Faults(bad=frozenset({70_000})))
    manifest = acquire_disk(disk, tmp_path / "JB1", options=options).manifest
    assert manifest
    assert manifest.read.slow == ()
    assert manifest.read.unreadable == (SectorRange(70_000, 1),)
