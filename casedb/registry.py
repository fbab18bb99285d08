"""The cases this workstation knows: a list of folders under XDG state. Convenience, no evidence: not in case.db."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import msgspec

from casedb.case_files import DATABASE_FILE
from casedb.locking import locked
from casedb.records import Case
from casedb.store import open_case
from image.errors import CaseError
from image.user_folders import state_folder

MAXIMUM_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class RegisteredCase:
    """One line of the list: the folder, and what the case was when it was last seen."""

    folder: str
    ledger_id: str
    number: str
    agency: str | None


class KnownState(Enum):
    """How a case of the list stands today."""

    OPEN = "open"
    CLOSED = "closed"
    MISSING = "missing"
    UNUSABLE = "unusable"


@dataclass(frozen=True)
class KnownCase:
    """A case of the list as it stands today: the case itself, or why it cannot be opened."""

    folder: Path
    state: KnownState
    number: str
    agency: str | None
    case: Case | None
    problem: str | None


def registry_path(environment: Mapping[str, str]) -> Path:
    """Where the list lies: `diskwitness/cases.json` under the XDG state folder."""
    return state_folder(environment) / "cases.json"


def register_case(folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Put the case in this folder on the list, or renew its line.

    Raises:
        CaseError: the folder holds no usable case, or the list cannot be written.
    """
    with open_case(folder, read_only=True) as store:
        case = store.case()
    line = RegisteredCase(str(folder.resolve()), case.ledger_id, case.number, case.agency)
    with _changing(environment) as lines:
        lines[:] = [*(item for item in lines if item.folder != line.folder), line]


def prune_cases(environment: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Take the cases off the list whose folder holds none any more; gives their folders.

    Raises:
        CaseError: the list cannot be written.
    """
    with _changing(environment) as lines:
        gone = [line for line in lines if _look_at(line).state is KnownState.MISSING]
        lines[:] = [line for line in lines if line not in gone]
    return tuple(Path(line.folder) for line in gone)


@contextmanager
def _changing(environment: Mapping[str, str] | None) -> Iterator[list[RegisteredCase]]:
    """The lines of the list, to be changed by one process at a time and written behind it.

    Raises:
        CaseError: the list cannot be written.
    """
    path = registry_path(os.environ if environment is None else environment)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(path.with_name(f"{path.name}.lock")):
            lines = list(_read(path))
            yield lines
            _write(path, lines)
    except OSError as error:
        raise CaseError(f"cannot keep the list of cases ({error.strerror or error})", str(path)) from error


def known_cases(environment: Mapping[str, str] | None = None) -> tuple[KnownCase, ...]:
    """Every case of the list, the vanished ones too; an unreadable list is an empty one."""
    return tuple(map(_look_at, _read(registry_path(os.environ if environment is None else environment))))


def _look_at(line: RegisteredCase) -> KnownCase:
    """One case as it stands today."""
    folder = Path(line.folder)
    try:
        with open_case(folder, read_only=True) as store:
            case, closing = store.case(), store.closing()
    except CaseError as error:
        state = KnownState.UNUSABLE if (folder / DATABASE_FILE).exists() else KnownState.MISSING
        return KnownCase(folder, state, line.number, line.agency, None, error.what)
    if case.ledger_id != line.ledger_id:
        what = "another case lies here now"
        return KnownCase(folder, KnownState.UNUSABLE, case.number, case.agency, case, what)
    state = KnownState.CLOSED if closing is not None and closing.is_closed else KnownState.OPEN
    return KnownCase(folder, state, case.number, case.agency, case, None)


def _read(path: Path) -> tuple[RegisteredCase, ...]:
    """The lines of the list; what is none of ours reads as empty."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MAXIMUM_BYTES), type=tuple[RegisteredCase, ...])
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return ()


def _write(path: Path, lines: Iterable[RegisteredCase]) -> None:
    """Put the list in place whole."""
    draft = path.with_name(f"{path.name}.draft")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(tuple(lines)), indent=2) + b"\n")
    draft.replace(path)
