"""What an image says of the matter: from the case where there is one, else as it was given."""

from typing import TYPE_CHECKING

from image.job import CaseFields

if TYPE_CHECKING:
    from casedb.case_store import CaseStore


def case_fields(given: CaseFields, store: "CaseStore | None", exhibit_reference: str | None) -> CaseFields:
    """The fields of an image of this exhibit; without a case they are those that were given."""
    if store is None:
        return given
    case = store.case()
    exhibit = store.exhibit(exhibit_reference) if exhibit_reference is not None else None
    return CaseFields(
        case_number=case.number,
        exhibit_reference=exhibit.reference if exhibit else None,
        examiner=given.examiner or case.examiner.name,
        agency=case.agency,
        description=given.description or (exhibit.description if exhibit else None),
        notes=given.notes,
    )
