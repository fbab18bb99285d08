"""Speed and remaining time, worked out while a job goes on."""

from image.progress import Progress
from tests.sim.still_clock import StillClock
from workflow.pace import Pace

MIB = 1024 * 1024


def told_at(moments: list[tuple[float, Progress]]) -> list[Progress]:
    """What a listener hears of progress that comes at these seconds."""
    heard: list[Progress] = []
    clock = StillClock()
    pace = Pace(heard.append, clock)
    for seconds, progress in moments:
        clock.seconds = seconds
        pace(progress)
    return heard


def test_speed_and_remaining_time_are_told_once_they_are_known() -> None:
    heard = told_at([(0, Progress("hash", 0, 100 * MIB)), (2, Progress("hash", 20 * MIB, 100 * MIB))])
    assert (heard[0].bytes_per_second, heard[0].eta_seconds) == (None, None)
    assert (heard[1].bytes_per_second, heard[1].eta_seconds) == (10 * MIB, 8)


def test_the_speed_is_that_of_the_last_stretch() -> None:
    fast = [(second, Progress("acquire", second * 100 * MIB, 10**12)) for second in range(10)]
    slow = [(second, Progress("acquire", 900 * MIB + (second - 9) * MIB, 10**12)) for second in range(10, 40)]
    assert told_at([*fast, *slow])[-1].bytes_per_second == MIB


def test_a_second_image_and_a_next_stage_begin_anew() -> None:
    heard = told_at(
        [
            (0, Progress("verify", 0, 100 * MIB)),
            (1, Progress("verify", 100 * MIB, 100 * MIB)),
            (2, Progress("verify", 10 * MIB, 100 * MIB)),
            (3, Progress("verify", 60 * MIB, 100 * MIB)),
            (4, Progress("second opinion", 64 * MIB, 100 * MIB)),
        ]
    )
    assert [item.bytes_per_second for item in heard] == [None, 100 * MIB, None, 50 * MIB, None]


def test_time_in_which_the_job_waits_for_somebody_counts_for_no_speed() -> None:
    waiting = Progress("acquire", 20 * MIB, 100 * MIB, state="waiting for the source since 14:03", is_standing=True)
    heard = told_at(
        [
            (0, Progress("acquire", 0, 100 * MIB)),
            (2, Progress("acquire", 20 * MIB, 100 * MIB)),
            (4, waiting),
            (900, Progress("acquire", 20 * MIB, 100 * MIB)),
            (902, Progress("acquire", 40 * MIB, 100 * MIB)),
        ]
    )
    assert [item.bytes_per_second for item in heard] == [None, 10 * MIB, None, None, 10 * MIB]
