"""The real clock: the one place where the time of day enters the product."""

import time
from datetime import datetime

from image.times import Instant, instant_from


class SystemClock:
    """The wall clock of this machine in its own time zone, and its monotonic clock."""

    def now(self) -> Instant:
        """The moment now, with the local offset."""
        return instant_from(datetime.now().astimezone())

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back."""
        return time.monotonic()
