"""The entry point of the command line."""

import signal
import sys
from types import FrameType

from diskwitness.bug_log import report_bug
from diskwitness.cli import cli

INTERRUPTING = (signal.SIGINT, signal.SIGTERM)


class InterruptionError(KeyboardInterrupt):
    """A wish to stop. A KeyboardInterrupt itself, raised below `exec`, ends the interpreter by the signal at its
    exit even where it was caught (CPython, Python/pythonrun.c), and no exit code would be left."""


def main() -> None:
    """Run the command line; SIGTERM stops like Ctrl-C, and no stream refuses a character."""
    for number in INTERRUPTING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    sys.excepthook = report_bug
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # the interpreter's own streams
    try:
        cli.main(prog_name="diskwitness")
    finally:
        _ignore_interruptions()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Stop as Ctrl-C would."""
    raise InterruptionError


def _ignore_interruptions() -> None:
    """Let nothing change the exit code of a command that has answered."""
    for number in INTERRUPTING:
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    main()
