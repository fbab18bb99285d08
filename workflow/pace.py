"""Speed and remaining time of a job, worked out from how far it is: the one place where they are."""

import threading
from dataclasses import replace

from image.progress import Listener, Progress
from image.times import Clock

WINDOW_SECONDS = 10.0
"""The speed shown is that of about the last so many seconds."""


class Pace:
    """Passes progress on to a listener, with bytes per second and the seconds that are left."""

    def __init__(self, listener: Listener, clock: Clock) -> None:
        self._listener = listener
        self._clock = clock
        self._lock = threading.Lock()
        self._stage = ""
        self._marks: list[tuple[float, int]] = []

    def __call__(self, progress: Progress) -> None:
        """Tell the listener, speed included."""
        with self._lock:
            speed = self._speed(progress)
        left = (progress.bytes_total - progress.bytes_done) / speed if speed else None
        self._listener(replace(progress, bytes_per_second=speed, eta_seconds=left))

    def _speed(self, progress: Progress) -> float | None:
        """Bytes per second over the last stretch; None at its beginning."""
        if progress.is_standing:
            self._marks = []
            return None
        now = self._clock.monotonic()
        begins_anew = self._marks and progress.bytes_done < self._marks[-1][1]
        if progress.stage != self._stage or begins_anew:
            self._stage, self._marks = progress.stage, []
        if not self._marks or now - self._marks[-1][0] >= WINDOW_SECONDS / 10:
            self._marks.append((now, progress.bytes_done))
        if len(self._marks) > 2 and now - self._marks[1][0] > WINDOW_SECONDS:
            del self._marks[0]
        seconds, size_bytes = now - self._marks[0][0], progress.bytes_done - self._marks[0][1]
        return size_bytes / seconds if seconds > 0 and size_bytes > 0 else None
