"""The entry point of the command line."""

import signal
import sys
from types import FrameType

from diskwitness.bug_log import report_bug
from diskwitness.cli import cli


def main() -> None:
    """Run the command line; SIGTERM stops like Ctrl-C, and no stream refuses a character."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.excepthook = report_bug
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # the interpreter's own streams
    cli.main(prog_name="diskwitness")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Stop as Ctrl-C would."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
