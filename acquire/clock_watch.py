"""Whether the wall clock was set, or the machine slept, while a job ran: it is held against the steady clock.

CLOCK_MONOTONIC (clock_gettime(2)) is slewed with the wall clock, but never set, and stands still while the machine
sleeps. What differs by more than a slewed clock can between two looks is a jump.
"""

from image.times import Clock

JUMP_SECONDS = 2.0


class ClockWatch:
    """Compares the two clocks from one look to the next; for the thread that reads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = self._read()

    def look(self) -> str | None:
        """What to tell of the clocks since the last look; None where they went on together."""
        wall, steady = self._read()
        passed_wall, passed_steady = wall - self._last[0], steady - self._last[1]
        self._last = wall, steady
        jump = passed_wall - passed_steady
        if abs(jump) < JUMP_SECONDS:
            return None
        way = "forward" if jump > 0 else "back"
        asleep = ", or the machine slept" if jump > 0 else ""
        return f"the clock of this workstation went {way} by {abs(jump):.1f} s: it was set{asleep}"

    def _read(self) -> tuple[float, float]:
        """Both clocks, in seconds."""
        return self._clock.now().as_datetime().timestamp(), self._clock.monotonic()
