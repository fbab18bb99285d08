"""The rescue plan against a simulated disk with any fault pattern, and what its limits do."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquire.rescue_passes import RescuePass, RescueSettings
from acquire.rescue_plan import RescuePlan, StopReason, grown_map
from image.badmap import BadSectorMap, SectorState, map_of_bad_ranges
from image.sectors import SectorRange, merge_ranges
from tests.sim.faulty_disk import Faults, FaultyDisk, sector_set
from tests.sim.rescue_driver import Rescue

DISK_SECTORS = 1500
RUNS = st.lists(st.tuples(st.integers(0, DISK_SECTORS - 1), st.integers(1, 300)), max_size=8)
STARTS = st.lists(st.tuples(st.integers(0, DISK_SECTORS - 1), st.integers(1, 400), st.sampled_from(SectorState)))
FLAKY = st.dictionaries(st.integers(0, DISK_SECTORS - 1), st.integers(1, 6), max_size=12)


def sectors_of(runs: list[tuple[int, int]], sector_count: int = DISK_SECTORS) -> frozenset[int]:
    """The sectors in runs of first sector and count, cut at the end of the disk."""
    return frozenset(sector for first, count in runs for sector in range(first, min(first + count, sector_count)))


def small(retries: int = 0, unit_sectors: int = 1) -> RescueSettings:
    """Settings with clusters of 16 sectors, so that a small disk has many."""
    return RescueSettings(retries=retries, unit_sectors=unit_sectors, cluster_bytes=16 * 512)


def rescue(disk: FaultyDisk, plan_settings: RescueSettings, start: BadSectorMap | None = None) -> Rescue:
    """A rescue that has run to its end."""
    result = Rescue(RescuePlan(start or BadSectorMap(disk.sector_count), plan_settings), disk)
    result.run()
    return result


def states(bad_sector_map: BadSectorMap) -> dict[int, SectorState]:
    """The state of each sector."""
    return {sector: state for item, state in bad_sector_map for sector in range(item.first_sector, item.end_sector)}


@given(RUNS, FLAKY, st.integers(0, 3))
def test_every_sector_is_tried_and_no_bad_one_more_often_than_settings_say(
    runs: list[tuple[int, int]], flaky: dict[int, int], retries: int
) -> None:
    bad = sectors_of(runs)
    disk = FaultyDisk(DISK_SECTORS, Faults(bad=bad, flaky=flaky))
    done = rescue(disk, small(retries))
    assert done.plan.map.is_finished()
    assert min(disk.touches[sector] for sector in range(DISK_SECTORS)) >= 1
    assert max((disk.touches[sector] for sector in bad), default=0) <= 2 + retries
    unreadable = bad | {sector for sector, tries in flaky.items() if tries > retries}
    found = sector_set(done.plan.map.bad_ranges())
    assert bad <= found <= unreadable


@given(RUNS, STARTS)
def test_a_plan_goes_on_from_any_map(
    runs: list[tuple[int, int]], starts: list[tuple[int, int, SectorState]]
) -> None:
    bad = sectors_of(runs)
    start = BadSectorMap(DISK_SECTORS)
    for first, count, state in starts:
        start.mark(SectorRange(first, min(count, DISK_SECTORS - first)), state)
    before = states(start)
    disk = FaultyDisk(DISK_SECTORS, Faults(bad=bad))
    after = states(rescue(disk, small(), start).plan.map)
    for sector, state in before.items():
        if state in (SectorState.FINISHED, SectorState.BAD_SECTOR):
            assert after[sector] is state
            assert not disk.touches[sector]
        else:
            assert after[sector] is (SectorState.BAD_SECTOR if sector in bad else SectorState.FINISHED)


@given(RUNS, st.integers(1, 60), st.integers(1, 5))
@settings(max_examples=60)
def test_a_rescue_stopped_again_and_again_ends_as_one_that_never_was(
    runs: list[tuple[int, int]], step_count: int, at_most: int
) -> None:
    bad = sectors_of(runs)
    disk = FaultyDisk(DISK_SECTORS, Faults(bad=bad))
    kept = BadSectorMap(DISK_SECTORS)
    while not kept.is_finished():
        part = Rescue(RescuePlan(kept, small()), disk, at_most=at_most)
        part.run(step_count)
        kept = part.plan.map
    assert kept == map_of_bad_ranges(DISK_SECTORS, merge_ranges(SectorRange(sector, 1) for sector in bad))
    assert max((disk.touches[sector] for sector in bad), default=0) <= 2


@given(RUNS, st.sampled_from([2, 8, 32]))
def test_a_unit_is_given_up_as_a_whole_and_no_other(runs: list[tuple[int, int]], unit: int) -> None:
    bad = sectors_of(runs)
    done = rescue(FaultyDisk(DISK_SECTORS, Faults(bad=bad)), small(unit_sectors=unit))
    units = {sector // unit for sector in bad}
    assert sector_set(done.plan.map.bad_ranges()) == {s for s in range(DISK_SECTORS) if s // unit in units}


@pytest.mark.parametrize("runs", [[(0, 1)], [(DISK_SECTORS - 1, 1)], [(0, DISK_SECTORS)], [(1, DISK_SECTORS)]])
@pytest.mark.parametrize("sector_size_bytes", [512, 4096])
def test_the_edges_of_a_disk_are_like_any_other_place(runs: list[tuple[int, int]], sector_size_bytes: int) -> None:
    disk = FaultyDisk(DISK_SECTORS, Faults(bad=sectors_of(runs)), sector_size_bytes)
    done = rescue(disk, RescueSettings(sector_size_bytes=sector_size_bytes))
    assert sector_set(done.plan.map.bad_ranges()) == sectors_of(runs)


def test_a_disk_of_no_sectors_is_done_at_once() -> None:
    assert RescuePlan(BadSectorMap(0), RescueSettings()).next_step() is None


def test_good_areas_are_saved_before_bad_ones_are_gone_into() -> None:
    disk = FaultyDisk(20_480, Faults(bad=frozenset(range(9000, 10_200))))
    done = rescue(disk, RescueSettings())
    order = [step.rescue_pass for step in done.steps]
    assert order == sorted(order, key=list(RescuePass).index)
    first_of_its_own = next(i for i, item in enumerate(disk.requests) if item.sectors.sector_count == 1)
    saved = sum(item.sectors.sector_count for item in disk.requests[:first_of_its_own] if item.ok)
    assert saved >= 20_480 - 1200 - 2 * 128


def test_retries_turn_round_after_each_pass() -> None:
    disk = FaultyDisk(100, Faults(bad=frozenset({10, 20, 30})))
    done = rescue(disk, RescueSettings(retries=3))
    retried = [(step.attempt, step.sectors.first_sector) for step in done.steps if step.attempt]
    assert retried == [(1, 10), (1, 20), (1, 30), (2, 30), (2, 20), (2, 10), (3, 10), (3, 20), (3, 30)]


def test_retries_alone_touch_the_bad_sectors_and_nothing_else() -> None:
    start = map_of_bad_ranges(100, [SectorRange(10, 3), SectorRange(50, 1)])
    disk = FaultyDisk(100, Faults(bad=frozenset({11})))
    retried = Rescue(RescuePlan(start, RescueSettings(retries=1, passes=(RescuePass.RETRY,))), disk)
    retried.run()
    assert set(disk.touches) == {10, 11, 12, 50}
    assert retried.plan.map.bad_ranges() == (SectorRange(11, 1),)


def test_only_the_passes_asked_for_are_run() -> None:
    disk = FaultyDisk(20_480, Faults(bad=frozenset(range(1000, 3000))))
    only = RescueSettings(passes=(RescuePass.COPY_FORWARDS, RescuePass.COPY_BACKWARDS))
    done = rescue(disk, only)
    assert {step.rescue_pass for step in done.steps} == set(only.passes)
    assert not done.plan.map.bad_ranges()
    assert done.plan.map.ranges(SectorState.NON_TRIED)


def test_errors_that_come_too_fast_stop_the_rescue_with_the_map_kept() -> None:
    disk = FaultyDisk(20_480, Faults(bad=frozenset(range(5000, 20_480))))
    plan = RescuePlan(BadSectorMap(20_480), RescueSettings(max_error_rate=65_536.0))
    stopped = Rescue(plan, disk, seconds=lambda request: 0.25)
    stopped.run()
    assert plan.stopped_by is StopReason.ERROR_RATE
    assert plan.map.ranges(SectorState.FINISHED)[0].first_sector == 0
    assert plan.map.ranges(SectorState.NON_TRIED)


def test_a_slow_area_is_left_for_later_and_read_in_the_end() -> None:
    disk = FaultyDisk(40_000)
    plan = RescuePlan(BadSectorMap(40_000), RescueSettings(min_read_rate=1_000_000.0))
    slow = Rescue(plan, disk, seconds=lambda r: 2.0 if 10_000 <= r.first_sector < 20_000 else 0.001, at_most=4)
    slow.run()
    assert plan.map.ranges(SectorState.FINISHED) == (SectorRange(0, 40_000),)
    order = [item.sectors.first_sector for item in disk.requests]
    assert order.index(30_080) < max(place for place, first in enumerate(order) if 10_000 <= first < 20_000)
    assert set(disk.touches.values()) == {1}


def test_too_many_slow_reads_stop_the_rescue() -> None:
    plan = RescuePlan(BadSectorMap(40_000), RescueSettings(min_read_rate=1_000_000.0, max_slow_reads=3))
    slow = Rescue(plan, FaultyDisk(40_000), seconds=lambda request: 2.0, at_most=1)
    slow.run()
    assert plan.stopped_by is StopReason.SLOW_READS
    assert len(slow.steps) == 4


def test_slow_reads_between_bad_sectors_are_slow_reads() -> None:
    plan = RescuePlan(BadSectorMap(200_000), RescueSettings(min_read_rate=0, max_slow_reads=3))
    disk = FaultyDisk(200_000, Faults(bad=frozenset(range(1000, 200_000, 2000))))
    slow = Rescue(plan, disk, seconds=lambda request: 0.2 if request.first_sector > 160_000 else 0.001)
    slow.run()
    assert plan.stopped_by is StopReason.SLOW_READS
    assert 160_000 < plan.map.ranges(SectorState.FINISHED)[-1].first_sector < 180_000


def test_a_pass_that_takes_too_long_gives_way_to_the_next_one() -> None:
    plan = RescuePlan(BadSectorMap(40_000), RescueSettings(pass_timeout=10.0))
    Rescue(plan, FaultyDisk(40_000), seconds=lambda request: 1.0, at_most=1).run()
    assert plan.progress().timed_out == (RescuePass.COPY_FORWARDS, RescuePass.COPY_BACKWARDS, RescuePass.SWEEP)
    assert plan.map.ranges(SectorState.FINISHED) == (SectorRange(0, 10 * 128 + 10 * 128), SectorRange(38_784, 1216))


def test_a_disk_that_shows_more_sectors_than_before_is_gone_on_with() -> None:
    start = map_of_bad_ranges(500, [SectorRange(499, 1)])
    disk = FaultyDisk(800, Faults(bad=frozenset({499, 799})))
    done = rescue(disk, RescueSettings(), grown_map(start, 800))
    assert done.plan.map.bad_ranges() == (SectorRange(499, 1), SectorRange(799, 1))
    assert not any(disk.touches[sector] for sector in range(500))


def test_a_disk_that_shows_fewer_sectors_than_its_map_is_refused() -> None:
    with pytest.raises(ValueError, match="the map holds 500 sectors, the media 499"):
        grown_map(BadSectorMap(500), 499)


@given(RUNS, st.integers(0, 200))
def test_progress_counts_what_the_map_holds(runs: list[tuple[int, int]], step_count: int) -> None:
    part = Rescue(
        RescuePlan(BadSectorMap(DISK_SECTORS), small()), FaultyDisk(DISK_SECTORS, Faults(sectors_of(runs)))
    )
    part.run(step_count)
    shown = part.plan.progress()
    held = list(states(part.plan.map).values())
    assert [
        shown.non_tried_bytes,
        shown.non_trimmed_bytes,
        shown.non_scraped_bytes,
        shown.bad_bytes,
        shown.finished_bytes,
    ] == [held.count(state) * 512 for state in SectorState]


@pytest.mark.parametrize(
    "wrong",
    [
        {"retries": -1},
        {"unit_sectors": 0},
        {"sector_size_bytes": 500},
        {"cluster_bytes": 100},
        {"pass_timeout": -1.0},
    ],
    ids=str,
)
def test_rescue_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no such rescue settings"):
        RescueSettings(**wrong)
