"""What a rescue plan costs on a large disk with many bad sectors."""

import random
import time
from bisect import bisect_left

import pytest

from acquire.rescue_passes import RescueSettings, RescueStep
from acquire.rescue_plan import RescuePlan
from image.badmap import BadSectorMap
from image.sectors import SectorRange, count_sectors

TEBIBYTE_SECTORS = 2**31
BAD_SECTORS = 100_000
CPU_SECONDS = 30


def failing_request(step: RescueStep, bad: list[int]) -> SectorRange | None:
    """The first request of a step that holds a bad sector."""
    first, end = step.sectors.first_sector, step.sectors.end_sector
    index = bisect_left(bad, end) - 1 if step.backwards else bisect_left(bad, first)
    if not 0 <= index < len(bad) or not first <= bad[index] < end:
        return None
    return next(item for item in step.requests() if item.first_sector <= bad[index] < item.end_sector)


@pytest.mark.long
def test_a_tebibyte_with_a_hundred_thousand_bad_sectors_is_planned_in_half_a_minute() -> None:
    bad = sorted(random.Random(1).sample(range(TEBIBYTE_SECTORS), BAD_SECTORS))
    plan = RescuePlan(BadSectorMap(TEBIBYTE_SECTORS), RescueSettings())
    begun, simulating = time.process_time(), 0.0
    while (step := plan.next_step()) is not None:
        before = time.process_time()
        request = failing_request(step, bad)
        simulating += time.process_time() - before
        if request is None:
            plan.succeeded(step)
        else:
            plan.failed(step, request)
    spent = time.process_time() - begun - simulating
    print(f"plan {spent:.1f} s, simulated disk {simulating:.1f} s")
    assert count_sectors(plan.map.bad_ranges()) == BAD_SECTORS
    assert plan.map.is_finished()
    assert spent < CPU_SECONDS
