"""Closing a case: the last entry with its checkpoint, files without write permission; and opening it again."""

from dataclasses import dataclass
from pathlib import Path

from casedb.case_modes import protect
from casedb.ledger_reading import CHECK_IT
from casedb.records import AcquisitionState, CaseClosing, KeptCheckpoint
from image.errors import CaseError
from image.times import Clock
from workflow.case_opening import read_case, write_case, write_closed_case


@dataclass(frozen=True)
class ClosedCase:
    """A closed case: the entry that closed it, its last checkpoint, and the acquisitions that never ended."""

    closing: CaseClosing
    checkpoint: KeptCheckpoint
    was_closed: bool
    unfinished: tuple[int, ...]


def close_case(folder: Path, reason: str | None, clock: Clock) -> ClosedCase:
    """Close the case and protect its files; one that is closed already is only protected (again).

    Raises:
        CaseError: the case cannot be used.
    """
    was_closed = _is_closed(folder)
    if not was_closed:
        with write_case(folder, clock) as store:
            store.close_case(reason)
    try:
        protect(folder)
    except OSError as error:
        what = f"the case is closed, but its files keep their write permission ({error.strerror or error})"
        raise CaseError(what, str(folder), "Repeat: diskwitness case close") from error
    return _closed(folder, was_closed)


def _is_closed(folder: Path) -> bool:
    """Whether the case is closed now."""
    with read_case(folder) as store:
        closing = store.closing()
    return closing is not None and closing.is_closed


def _closed(folder: Path, was_closed: bool) -> ClosedCase:
    """What the record says of the closed case."""
    with read_case(folder) as store:
        closing, checkpoint = store.closing(), store.last_checkpoint()
        unfinished = tuple(
            item.started_sequence for item in store.acquisitions() if item.state is AcquisitionState.STARTED
        )
    if closing is None or checkpoint is None:
        raise CaseError("the closing of the case is not in its record", str(folder), CHECK_IT)
    return ClosedCase(closing, checkpoint, was_closed, unfinished)


def current_checkpoint(folder: Path, clock: Clock) -> str:
    """A checkpoint over all entries as of now; of a closed case its last one.

    Raises:
        CaseError: the case cannot be used.
    """
    if _is_closed(folder):
        return _closed(folder, True).checkpoint.note
    with write_case(folder, clock) as store:
        return store.sign_head()


def reopen_case(folder: Path, reason: str, clock: Clock) -> CaseClosing:
    """Open a closed case again, as an entry that says why; its database can be written again.

    Raises:
        UsageError: a reason that says nothing.
        CaseError: the case is not closed, or cannot be used.
    """
    with write_closed_case(folder, clock) as store:
        store.reopen_case(reason)
        closing = store.closing()
    if closing is None:
        raise CaseError("the reopening of the case is not in its record", str(folder), CHECK_IT)
    return closing
