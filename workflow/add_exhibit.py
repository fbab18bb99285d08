"""Adding a seized thing to a case."""

from dataclasses import replace
from pathlib import Path

from casedb.exhibit_tree import parent_of
from casedb.records import Exhibit
from casedb.submissions import NewExhibit
from image.times import Clock
from workflow.case_opening import write_case


def add_exhibit(case_folder: Path, exhibit: NewExhibit, clock: Clock) -> Exhibit:
    """Record the exhibit; JB1/2 is a part of JB1 where that is in the case and no other parent is named.

    Raises:
        UsageError: the reference is taken, or the parent is not in the case.
        CaseError: the case cannot be used.
    """
    with write_case(case_folder, clock) as store:
        if exhibit.parent is None:
            known = [item.reference for item in store.exhibits()]
            exhibit = replace(exhibit, parent=parent_of(exhibit.reference, known))
        return store.add_exhibit(exhibit)
