"""Whoever waits while the tables of an image are looked at: told how far that is, and asked whether to stop."""

import threading
from collections.abc import Callable

from image.errors import StoppedError
from image.progress import Listener, Progress

ScanWatch = Callable[[int, int], None]
"""Takes how many bytes of media the tables looked at so far tell of, of how many; raises where a stop is wished."""


def watch_nothing(_done_bytes: int, _total_bytes: int) -> None:
    """Nobody waits, and nobody stops the work."""


def scan_watch(listener: Listener, stop: threading.Event) -> ScanWatch:
    """What tells a listener of progress and raises StoppedError when a stop was asked for."""

    def watch(done_bytes: int, total_bytes: int) -> None:
        if stop.is_set():
            what = "stopped while the tables of the virtual disk were looked at"
            raise StoppedError(what, do="Run it again: nothing of its media was read")
        listener(Progress("tables", done_bytes, total_bytes))

    return watch
