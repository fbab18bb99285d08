"""Tells while a drive does not answer: a read that hangs in the kernel stops the thread that reads, not this one.

A stop that is asked for meanwhile cannot be heeded before the drive answers; the kernel keeps its signal pending,
and that is told as well. Pending signals: proc(5), /proc/pid/status, SigPnd and ShdPnd.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from acquire.media import Source
from image.progress import Listener, Progress
from image.repeating import Repeating
from image.times import Clock

SECONDS_WITHOUT_ANSWER = 5.0
SECONDS_BETWEEN_LOOKS = 1.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OWN_STATUS = Path("/proc/self/status")


class AnswerWatch(Repeating):
    """Watches sources and passes progress on; between the two it says since when no answer came."""

    def __init__(self, listener: Listener, clock: Clock, is_stopping: Callable[[], bool]) -> None:
        self._listener = listener
        self._clock = clock
        self._is_stopping = is_stopping
        self._last: Progress | None = None
        super().__init__(self._look, SECONDS_BETWEEN_LOOKS, "answers")
        self.asked_seconds: float | None = None

    def over(self, source: Source) -> Source:
        """The same source, watched."""
        return _WatchedSource(source, self, self._clock)

    def pass_on(self, progress: Progress) -> None:
        """Tell the listener, and remember what was told."""
        self._last = progress
        self._listener(progress)

    def _look(self) -> None:
        """Tell of a read that has gone without an answer for so long."""
        asked, now = self.asked_seconds, self._clock.monotonic()
        if asked is not None and now - asked >= SECONDS_WITHOUT_ANSWER:
            self._tell_silence(now - asked)

    def _tell_silence(self, seconds: float) -> None:
        last = self._last or Progress("acquire", 0, 0)
        self._listener(replace(last, state=self._words(seconds)))

    def _words(self, seconds: float) -> str:
        """What is told of a silence that long."""
        since = local_time_ago(self._clock, seconds)
        ending = "; stops when the drive answers" if self._is_stopping() else ""
        return f"no answer since {since}{ending}"


@dataclass(frozen=True, slots=True)
class _WatchedSource:
    """A source whose every read is known to the watch while it lasts."""

    inner: Source
    watch: AnswerWatch
    clock: Clock

    @property
    def size_bytes(self) -> int:
        return self.inner.size_bytes

    @property
    def sector_size_bytes(self) -> int:
        return self.inner.sector_size_bytes

    def read_into(self, view: memoryview, first_sector: int) -> None:
        self.watch.asked_seconds = self.clock.monotonic()
        try:
            self.inner.read_into(view, first_sector)
        finally:
            self.watch.asked_seconds = None


def local_time_ago(clock: Clock, seconds: float) -> str:
    """The local time of day so many seconds ago, as HH:MM:SS."""
    now = clock.now()
    moment = now.as_datetime() + timedelta(minutes=now.offset_minutes, seconds=-seconds)
    return moment.strftime("%H:%M:%S")


def is_stop_pending(status: Path = OWN_STATUS) -> bool:
    """Whether a signal that asks this process to stop waits for its main thread to come back from the kernel."""
    try:
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return False
    masks = [line.partition(":")[2].strip() for line in lines if line.startswith(("SigPnd:", "ShdPnd:"))]
    pending = [int(mask, 16) for mask in masks if mask]
    return any(mask >> (number - 1) & 1 for mask in pending for number in STOPPING)
