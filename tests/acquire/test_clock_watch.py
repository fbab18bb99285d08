"""A wall clock that was set, or a machine that slept, is told; clocks that go on together are not."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from acquire.clock_watch import ClockWatch
from image.times import Instant, instant_from


@dataclass
class TwoClocks:
    """A wall clock and a steady one, both set by hand."""

    wall: float = 1_800_000_000.0
    steady: float = 100.0

    def now(self) -> Instant:
        """The wall clock."""
        return instant_from(datetime.fromtimestamp(self.wall, UTC))

    def monotonic(self) -> float:
        """The steady clock."""
        return self.steady

    def go(self, wall: float, steady: float) -> None:
        """Let time pass on both."""
        self.wall += wall
        self.steady += steady


@pytest.mark.parametrize(
    ("wall", "steady", "told"),
    [
        (10.0, 10.0, None),
        (11.9, 10.0, None),
        (3610.0, 10.0, "went forward by 3600.0 s: it was set, or the machine slept"),
        (-50.0, 10.0, "went back by 60.0 s: it was set"),
        (0.0, 2.0, "went back by 2.0 s"),
    ],
)
def test_a_jump_between_two_looks_is_told(wall: float, steady: float, told: str | None) -> None:
    clocks = TwoClocks()
    watch = ClockWatch(clocks)
    clocks.go(wall, steady)
    found = watch.look()
    assert (found is None) is (told is None)
    assert told is None or told in (found or "")
    assert watch.look() is None


def test_a_clock_that_is_slowly_brought_into_step_is_no_jump() -> None:
    clocks = TwoClocks()
    watch = ClockWatch(clocks)
    for _ in range(100):
        clocks.go(1.1, 1.0)
        assert watch.look() is None
