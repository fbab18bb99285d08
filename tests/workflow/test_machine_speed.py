"""The estimate of a job's time: never more than the slowest digest allows."""

from tests.sim.still_clock import StillClock
from workflow.clock import SystemClock
from workflow.machine_speed import best_bytes_per_second


def test_the_speed_of_a_digest_is_that_of_a_computer() -> None:
    alone = best_bytes_per_second(("sha256",), SystemClock())
    assert alone is not None
    assert 1e6 < alone < 1e12


def test_a_clock_that_stands_still_gives_no_estimate() -> None:
    assert best_bytes_per_second(("md5", "sha256"), StillClock()) is None


def test_a_job_without_digests_has_no_estimate() -> None:
    assert best_bytes_per_second((), SystemClock()) is None
