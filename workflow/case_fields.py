"""What an image says of the matter: from the case where there is one, else as it was given."""

from typing import TYPE_CHECKING

from image.job import CaseFields

if TYPE_CHECKING:
    from casedb.case_store import CaseStore
    from casedb.records import Exhibit, Person


def case_fields(given: CaseFields, store: "CaseStore | None", exhibit_reference: str | None) -> CaseFields:
    """The fields of an image of this exhibit; without a case they are those that were given."""
    if store is None:
        return given
    case = store.case()
    exhibit = store.exhibit(exhibit_reference) if exhibit_reference is not None else None
    return CaseFields(
        case_number=case.number,
        exhibit_reference=exhibit.reference if exhibit else None,
        examiner=given.examiner or name_of(case.examiner),
        agency=case.agency,
        description=given.description or _description(exhibit),
        notes=given.notes,
    )


def name_of(person: "Person") -> str | None:
    """The name of somebody of the record, None where it was taken away."""
    return person.name if person.redacted_by is None else None


def _description(exhibit: "Exhibit | None") -> str | None:
    """What an exhibit is, None where that was taken away."""
    return exhibit.description if exhibit is not None and exhibit.redacted_by is None else None
