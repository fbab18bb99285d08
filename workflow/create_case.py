"""Opening a case: the folder, its ledger, and the first entry."""

from pathlib import Path

from casedb.records import Case
from casedb.registry import register_case
from casedb.store import create_case
from casedb.submissions import NewCase
from image.errors import CaseError
from image.times import Clock
from workflow.case_actor import case_actor


def open_new_case(folder: Path, facts: NewCase, clock: Clock) -> tuple[Case, str | None]:
    """Make the case folder and note it among the cases that this workstation knows; why that failed, or None.

    Raises:
        CaseError: the folder holds a case already, cannot be written, or lies on a network file system.
    """
    with create_case(folder, facts, case_actor(), clock) as store:
        case = store.case()
    try:
        register_case(folder)
    except CaseError as error:
        return case, str(error)
    return case, None
