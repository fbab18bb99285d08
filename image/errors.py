"""What stops the work, by whose fault it is; each family carries the exit code it ends with.

A bad sector is data and a defect of an image is a finding; only what ends a job is raised.
"""

from typing import ClassVar


class DiskwitnessError(Exception):
    """One clear line: what went wrong, where, and what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, where: str = "", do: str = "") -> None:
        self.what = what
        self.where = where
        self.do = do
        super().__init__(what)

    def __str__(self) -> str:
        """The error as a person reads it, on one line."""
        place = f": {self.where}" if self.where else ""
        advice = f". {self.do}" if self.do else ""
        return f"{self.what}{place}{advice}"


class UsageError(DiskwitnessError):
    """The command line, or a parameter, is wrong."""

    exit_code = 2


class SourceError(DiskwitnessError):
    """The source cannot be used: absent, mounted, no permission, not what it was."""

    exit_code = 3


class DestinationError(DiskwitnessError):
    """The destination cannot be used: full, occupied, or it refuses a write."""

    exit_code = 4


class ImageNotReadError(DiskwitnessError):
    """An image that is recognised but cannot be read or checked: never a verdict, never a pass."""

    exit_code = 7


class CaseError(DiskwitnessError):
    """The case or its ledger cannot be used, or its proof fails."""

    exit_code = 8


class StoppedError(DiskwitnessError):
    """Stopped before the end by the operator, a vanished source or `--on-error abort`."""

    exit_code = 9
