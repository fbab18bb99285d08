"""Adding a seized thing to a case."""

from pathlib import Path

from casedb.records import Exhibit
from casedb.store import open_case
from casedb.submissions import NewExhibit
from image.times import Clock
from workflow.case_folder import case_actor


def add_exhibit(case_folder: Path, exhibit: NewExhibit, clock: Clock) -> Exhibit:
    """Record the exhibit.

    Raises:
        UsageError: the reference is taken, or the parent is not in the case.
        CaseError: the case cannot be used.
    """
    with open_case(case_folder, actor=case_actor(), clock=clock) as store:
        return store.add_exhibit(exhibit)
