"""The pictures: what they show is what the record holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.read_record import SpeedSample
from image.sectors import SectorRange, merge_ranges
from image.times import Instant
from report.document import Moment, SectorMap, SpeedCurve
from report.measured_pictures import CellState, grid_of, round_scale, scaled_places, slow_places, speed_points

FLOPPY, LARGE = 2_880, 31_251_759_104


def medium(sector_count: int, *unreadable: SectorRange) -> SectorMap:
    """A medium with these unreadable ranges."""
    return SectorMap("", "", sector_count, 512, unreadable)


def curve(samples: tuple[SpeedSample, ...], sector_count: int = 1_000) -> SpeedCurve:
    """A curve of these samples."""
    return SpeedCurve("", "", sector_count, 512, samples)


@pytest.mark.parametrize("sector_count", [1, 7, FLOPPY, 31_250_000, LARGE])
def test_one_bad_sector_is_seen_on_any_medium(sector_count: int) -> None:
    for sector in {0, sector_count // 2, sector_count - 1}:
        grid = grid_of(medium(sector_count, SectorRange(sector, 1)))
        assert [cell for cell, state in enumerate(grid.states) if state is not CellState.READ] == [
            sector // grid.cell_sectors
        ]


def test_the_grid_of_a_floppy_disk_has_two_sectors_in_a_cell() -> None:
    assert (grid_of(medium(FLOPPY)).cell_sectors, len(grid_of(medium(FLOPPY)).states)) == (2, 1_440)


def test_a_cell_is_unreadable_only_when_all_of_it_is() -> None:
    grid = grid_of(medium(FLOPPY, SectorRange(3, 4)))
    assert grid.states[:5] == (
        CellState.READ,
        CellState.PARTLY,
        CellState.UNREADABLE,
        CellState.PARTLY,
        CellState.READ,
    )


def test_a_last_cell_that_is_not_full_is_unreadable_when_its_sectors_are() -> None:
    grid = grid_of(medium(2_881, SectorRange(2_880, 1)))
    assert grid.states[-1] is CellState.UNREADABLE


@given(st.integers(min_value=1, max_value=20_000), st.data())
def test_the_grid_agrees_with_the_set_of_bad_sectors(sector_count: int, data: st.DataObject) -> None:
    bad = data.draw(st.sets(st.integers(min_value=0, max_value=sector_count - 1), max_size=40))
    grid = grid_of(medium(sector_count, *merge_ranges(SectorRange(sector, 1) for sector in bad)))
    assert len(grid.states) == -(-sector_count // grid.cell_sectors)
    for cell, state in enumerate(grid.states):
        sectors = set(range(cell * grid.cell_sectors, min((cell + 1) * grid.cell_sectors, sector_count)))
        expected = CellState.READ if not sectors & bad else CellState.PARTLY
        assert state is (CellState.UNREADABLE if sectors <= bad else expected)


def test_ranges_that_overlap_are_counted_once() -> None:
    grid = grid_of(medium(FLOPPY, SectorRange(0, 1), SectorRange(0, 1), SectorRange(5, 1), SectorRange(4, 1)))
    assert grid.states[:3] == (CellState.PARTLY, CellState.READ, CellState.UNREADABLE)


def test_a_range_beyond_the_end_of_the_medium_does_not_break_the_map() -> None:
    assert grid_of(medium(10, SectorRange(8, 100))).states[-1] is CellState.UNREADABLE
    assert set(grid_of(medium(10, SectorRange(50, 100))).states) == {CellState.READ}


def test_samples_are_joined_by_their_bytes_and_seconds() -> None:
    samples = tuple(SpeedSample(index * 10, 10, 1.0 if index % 2 else 3.0) for index in range(480))
    points = speed_points(curve(samples, 4_800))
    assert len(points) == 240
    assert points[0].average == pytest.approx(20 * 512 / 4)
    assert points[0].slowest == pytest.approx(5120 / 3)
    assert points[0].fastest == pytest.approx(5120)


def test_a_slow_area_is_marked_where_it_lies_and_never_beside_the_curve() -> None:
    block = replace(curve((SpeedSample(0, 1000, 1.0),)), slow=(SectorRange(250, 250), SectorRange(900, 500)))
    assert slow_places(block) == ((0.25, 0.5), (0.9, 1.0))


def test_samples_without_a_duration_are_left_out() -> None:
    assert speed_points(curve((SpeedSample(0, 10, 0.0),))) == ()


@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 500), st.floats(0, 1e6)), max_size=60))
def test_every_point_lies_on_the_medium_between_its_slowest_and_fastest(
    samples: list[tuple[int, int, float]],
) -> None:
    for point in speed_points(curve(tuple(SpeedSample(*sample) for sample in samples))):
        assert 0 <= point.place <= 1
        assert point.slowest <= point.average * (1 + 1e-9)
        assert point.average <= point.fastest * (1 + 1e-9)


@pytest.mark.parametrize(
    ("highest", "end"), [(0, 1), (0.7, 1), (1, 1), (1.1, 2), (140e6, 200e6), (201e6, 250e6), (99e6, 100e6)]
)
def test_a_scale_ends_at_a_round_number(highest: float, end: float) -> None:
    assert round_scale(highest) == pytest.approx(end)


def test_moments_lie_on_the_line_of_time_to_scale() -> None:
    moments = tuple(Moment(Instant(f"2026-03-0{day}T00:00:00Z", 0), "") for day in (1, 2, 5))
    assert scaled_places(moments) == [0, 0.25, 1]
    assert scaled_places(moments[:1]) == [0]
