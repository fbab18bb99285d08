"""The entry point of the command line."""

import os
import signal
import sys
from io import TextIOWrapper
from types import FrameType, TracebackType

LAST_STANDARD_DESCRIPTOR = 2
INTERRUPTING = (signal.SIGINT, signal.SIGTERM)


class InterruptionError(KeyboardInterrupt):
    """A wish to stop. A KeyboardInterrupt itself, raised below `exec`, ends the interpreter by the signal at its
    exit even where it was caught (CPython, Python/pythonrun.c), and no exit code would be left."""


def main() -> None:
    """Run the command line; SIGTERM stops like Ctrl-C, and no stream refuses a character.

    The commands are imported here: a child process that is spawned imports this module too, and needs none.
    """
    from diskwitness.cli import cli

    for number in INTERRUPTING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    sys.excepthook = _report_bug
    _occupy_standard_descriptors()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        cli.main(prog_name="diskwitness")
    finally:
        _ignore_interruptions()


def _report_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Hand an unforeseen error to the log of bugs."""
    from diskwitness.bug_log import report_bug

    report_bug(kind, error, trace)


def _occupy_standard_descriptors() -> None:
    """Open what the caller closed of descriptors 0 to 2, on nothing: an image that took one of them would receive
    whatever a library or an external tool prints there."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= LAST_STANDARD_DESCRIPTOR:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    # The interpreter gives no stream for a descriptor that was closed when it started.
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Stop as Ctrl-C would."""
    raise InterruptionError


def _ignore_interruptions() -> None:
    """Let nothing change the exit code of a command that has answered."""
    for number in INTERRUPTING:
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    main()
