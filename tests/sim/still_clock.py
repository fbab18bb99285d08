"""A clock for tests: it stands still unless it is told to go on."""

from image.times import Instant

NOON = Instant("2026-11-22T12:00:00.000000Z", 60)


class StillClock:
    """Always the same instant; the monotonic second is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> Instant:
        """Noon of one day."""
        return NOON

    def monotonic(self) -> float:
        """The second it was set to."""
        return self.seconds
