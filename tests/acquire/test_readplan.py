"""The in-line plan: steps and what each failure leads to, without any disk."""

import pytest

from acquire.readplan import InlinePlan, PlanSettings, ReadLevel, ReadStep
from image.sectors import SectorRange


def carry_out(plan: InlinePlan, bad: set[int]) -> list[ReadStep]:
    """All steps of a plan on media whose bad sectors never read."""
    steps = []
    while (step := plan.next_step()) is not None:
        steps.append(step)
        hit = bad & set(range(step.sectors.first_sector, step.sectors.end_sector))
        if hit:
            plan.failed(step)
        else:
            plan.succeeded(step)
    return steps


def test_a_healthy_batch_is_one_step() -> None:
    plan = InlinePlan(SectorRange(2048, 2048), PlanSettings())
    assert carry_out(plan, set()) == [ReadStep(SectorRange(2048, 2048), ReadLevel.BATCH)]
    assert plan.bad == ()


def test_a_failed_batch_is_read_in_pieces_and_the_failed_piece_sector_by_sector() -> None:
    plan = InlinePlan(SectorRange(0, 512), PlanSettings(retries=1))
    steps = carry_out(plan, {130})
    assert [step.sectors for step in steps if step.level is ReadLevel.PIECE] == [
        SectorRange(first, 128) for first in (0, 128, 256, 384)
    ]
    units = [(step.sectors.first_sector, step.attempt) for step in steps if step.level is ReadLevel.UNIT]
    assert units == [(128, 1), (129, 1), (130, 1), (130, 2), *((sector, 1) for sector in range(131, 256))]
    assert plan.bad == (SectorRange(130, 1),)


def test_a_coarse_granularity_gives_up_aligned_granules() -> None:
    plan = InlinePlan(SectorRange(0, 64), PlanSettings(retries=0, error_granularity_sectors=16))
    carry_out(plan, {17, 60})
    assert plan.bad == (SectorRange(16, 16), SectorRange(48, 16))


def test_a_granule_is_cut_where_the_batch_begins_and_ends() -> None:
    plan = InlinePlan(SectorRange(10, 100), PlanSettings(retries=0, error_granularity_sectors=16))
    carry_out(plan, {11, 109})
    assert plan.bad == (SectorRange(10, 6), SectorRange(96, 14))


def test_a_small_batch_over_two_granules_gives_up_only_the_one_hit() -> None:
    plan = InlinePlan(SectorRange(300, 40), PlanSettings(retries=0, error_granularity_sectors=64))
    carry_out(plan, {300})
    assert plan.bad == (SectorRange(300, 20),)


def test_a_granule_larger_than_a_piece_is_tried_whole() -> None:
    plan = InlinePlan(SectorRange(0, 1024), PlanSettings(retries=0, error_granularity_sectors=256))
    carry_out(plan, {300})
    assert plan.bad == (SectorRange(256, 256),)


def test_giving_up_is_said_at_the_step_that_does_it() -> None:
    plan = InlinePlan(SectorRange(7, 1), PlanSettings(retries=1))
    first = plan.next_step()
    assert first is not None
    assert plan.failed(first) == ()
    second = plan.next_step()
    assert second is not None
    assert plan.failed(second) == (SectorRange(7, 1),)
    assert plan.next_step() is None


@pytest.mark.parametrize(
    ("retries", "granularity", "piece"),
    [(-1, 1, 128), (0, 0, 128), (0, 1, 0)],
    ids=["retries", "granularity", "piece"],
)
def test_settings_that_cannot_be_are_refused(retries: int, granularity: int, piece: int) -> None:
    with pytest.raises(ValueError, match="no such read settings"):
        PlanSettings(retries, granularity, piece)
