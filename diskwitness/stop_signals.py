"""Ctrl-C, SIGTERM and a closed terminal during a long job: a wish to stop, not the end of the process."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stop_requests() -> Iterator[threading.Event]:
    """Give the event that the first stopping signal sets; a second one interrupts at once.

    A signal that the caller's shell has set to be ignored (nohup) stays ignored.
    """
    stop = threading.Event()

    def request(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    earlier = {number: signal.getsignal(number) for number in STOPPING}
    watched = [number for number, handler in earlier.items() if handler is not signal.SIG_IGN]
    for number in watched:
        signal.signal(number, request)
    try:
        yield stop
    finally:
        for number in watched:
            signal.signal(number, earlier[number])
