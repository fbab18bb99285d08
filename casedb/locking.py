"""The lock file at which the writers of a ledger queue: one at a time, whatever process they are of."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Of a lock file: a pipe in its place must not make us wait, nor a link make us create a file elsewhere."""

LOCK_SECONDS = 30.0
"""An entry takes milliseconds. Who holds the lock for longer was stopped, or is not one of ours; while it changes
hands, however many writers there are, there is nothing to complain of."""

SECONDS_BETWEEN_TRIES = 0.02


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for the lock of a file and hold it; the kernel frees it when the process dies.

    Raises:
        OSError: the file cannot be opened, is a link or a pipe, or its lock stays with one holder for LOCK_SECONDS.
    """
    descriptor = os.open(path, LOCK_FLAGS, 0o666)
    try:
        _await_lock(descriptor, path.name)
        yield
    finally:
        os.close(descriptor)


def _await_lock(descriptor: int, name: str) -> None:
    """Take the lock of an open file as soon as nobody else has it.

    Only what we waited ourselves counts: all may have been stopped for a while, the holder too.

    Raises:
        OSError: another process kept it for LOCK_SECONDS, or the system gives no lock.
    """
    holder, waited = _taken_at(descriptor), 0.0
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return os.utime(descriptor)
        except BlockingIOError as error:
            if holder != _taken_at(descriptor):
                holder, waited = _taken_at(descriptor), 0.0
            if waited >= LOCK_SECONDS:
                what = f"another program has held {name} for {LOCK_SECONDS:g} s: see what it waits for, and repeat"
                raise TimeoutError(what) from error
        time.sleep(SECONDS_BETWEEN_TRIES)
        waited += SECONDS_BETWEEN_TRIES


def _taken_at(descriptor: int) -> int:
    """When the lock was last taken: whoever takes it sets the time of the file."""
    return os.fstat(descriptor).st_mtime_ns
