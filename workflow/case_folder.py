"""Which case a job belongs to; the record itself is not looked at."""

import os
from collections.abc import Mapping
from pathlib import Path

from casedb.case_files import DATABASE_FILE
from image.errors import CaseError, UsageError

VARIABLE = "DISKWITNESS_CASE"


def find_case_folder(
    given: Path | None, environment: Mapping[str, str] = os.environ, current: Path | None = None
) -> Path | None:
    """The case folder: the given one, else that of DISKWITNESS_CASE, else the nearest one upwards from here.

    Raises:
        CaseError: the given folder, or the variable's, holds no case.
        UsageError: the current folder was removed.
    """
    named = given or (Path(environment[VARIABLE]) if environment.get(VARIABLE) else None)
    if named is not None:
        return _require_case(named)
    here = (current or _current_folder()).resolve()
    return next((folder for folder in (here, *here.parents) if _is_case(folder)), None)


def _current_folder() -> Path:
    """The folder we are in.

    Raises:
        UsageError: it was removed.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError("the current folder is gone", do="Change to a folder that exists") from error


def require_case_folder(given: Path | None) -> Path:
    """The case folder.

    Raises:
        UsageError: no case is named and none lies upwards from the current folder.
        CaseError: the named folder holds no case.
    """
    folder = find_case_folder(given)
    if folder is None:
        raise UsageError("no case", do=f"Give --case DIR, set {VARIABLE}, or work inside a case folder")
    return folder


def _require_case(folder: Path) -> Path:
    """This folder, if it is a case."""
    if not _is_case(folder):
        raise CaseError("no case here", str(folder), "Make one with `diskwitness case create`")
    return folder.resolve()


def _is_case(folder: Path) -> bool:
    """Whether a case database lies in the folder; one that cannot be looked at is taken for none."""
    try:
        return (folder / DATABASE_FILE).is_file()
    except OSError:
        return False
