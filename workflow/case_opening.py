"""Opening the case that a job belongs to. The store is imported only then: a job without a case starts faster."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from image.errors import CaseError
from image.times import Clock

if TYPE_CHECKING:
    from casedb.case_store import CaseStore


def write_case(folder: Path, clock: Clock, offset_ms: int | None = None) -> "AbstractContextManager[CaseStore]":
    """The case in this folder, open for writing as the account at the keyboard.

    `offset_ms` is by how much this clock is known to be ahead.

    Raises:
        CaseError: the case cannot be used.
    """
    from casedb.store import open_case
    from workflow.case_actor import case_actor

    return open_case(folder, actor=case_actor(offset_ms), clock=clock)


@contextmanager
def write_closed_case(folder: Path, clock: Clock) -> "Iterator[CaseStore]":
    """The case, closed or not, open for the few entries that a closed one takes.

    Raises:
        CaseError: the case cannot be used.
    """
    from casedb.case_modes import lifted
    from casedb.store import open_case
    from workflow.case_actor import case_actor

    try:
        with lifted(folder), open_case(folder, actor=case_actor(), clock=clock, while_closed=True) as store:
            yield store
    except OSError as error:
        raise CaseError(f"cannot write to the case ({error.strerror or error})", str(folder)) from error


def read_case(folder: Path) -> "AbstractContextManager[CaseStore]":
    """The case in this folder, open for reading.

    Raises:
        CaseError: the case cannot be used.
    """
    from casedb.store import open_case

    return open_case(folder, read_only=True)
