"""Child processes that load nobody else's modules.

A child of multiprocessing is `python -c ...`, which looks for modules in the current folder before anywhere else: a
`multiprocessing.py` among the evidence would be run.

Ctrl-C in a terminal goes to every process there. A child does not hear it: its parent says what becomes of it.
"""

import os
import signal
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from threading import Lock

SAFE_PATH = "PYTHONSAFEPATH"
"""Set, it keeps the current folder out of where Python looks for modules (Python documentation, "Command line")."""

_environment = Lock()


def start_child(child: BaseProcess) -> None:
    """Start a process that was made with the method "spawn", and whatever multiprocessing starts beside it.

    That is its resource tracker, whose own start makes this thread hear every signal again: it comes first.
    """
    with _environment:
        before = os.environ.get(SAFE_PATH)
        os.environ[SAFE_PATH] = "1"
        resource_tracker.ensure_running()
        heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            child.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, heard)
            if before is None:
                del os.environ[SAFE_PATH]
            else:
                os.environ[SAFE_PATH] = before
