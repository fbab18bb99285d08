"""Adding a seized thing to a case."""

from pathlib import Path

from casedb.records import Exhibit
from casedb.submissions import NewExhibit
from image.times import Clock
from workflow.case_opening import write_case


def add_exhibit(case_folder: Path, exhibit: NewExhibit, clock: Clock) -> Exhibit:
    """Record the exhibit.

    Raises:
        UsageError: the reference is taken, or the parent is not in the case.
        CaseError: the case cannot be used.
    """
    with write_case(case_folder, clock) as store:
        return store.add_exhibit(exhibit)
