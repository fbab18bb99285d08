"""The exit codes of every command, and which one wins when several apply."""

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended, for the calling script."""

    DONE = 0
    BUG = 1
    USAGE = 2
    SOURCE = 3
    DESTINATION = 4
    UNREADABLE_SECTORS = 5
    FAILED = 6
    INDETERMINATE = 7
    CASE = 8
    STOPPED = 9


MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done; verdict PASSED where there is one",
    ExitCode.BUG: "a bug of ours",
    ExitCode.USAGE: "the command line is wrong",
    ExitCode.SOURCE: "the source cannot be used (absent, mounted, no permission)",
    ExitCode.DESTINATION: "the destination cannot be used (full, exists, write error)",
    ExitCode.UNREADABLE_SECTORS: "acquired, but some sectors could not be read",
    ExitCode.FAILED: "verdict FAILED",
    ExitCode.INDETERMINATE: "verdict INDETERMINATE",
    ExitCode.CASE: "the case or its ledger cannot be used, or its proof fails",
    ExitCode.STOPPED: "stopped before the end (interrupt, source lost, --on-error abort)",
}

PRIORITY = tuple(ExitCode(code) for code in (1, 2, 3, 9, 4, 8, 6, 7, 5, 0))


def first_that_applies(codes: Iterable[int]) -> ExitCode:
    """Choose the code that wins among those that apply; none of them is DONE."""
    applying = {ExitCode(code) for code in codes}
    return next((code for code in PRIORITY if code in applying), ExitCode.DONE)
