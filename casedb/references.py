"""What may name an exhibit or a person, and who is meant by a name. Pure."""

from collections.abc import Iterable

from casedb.records import Person
from image.errors import UsageError

MAXIMUM_REFERENCE_CHARACTERS = 100
MAXIMUM_TEXT_CHARACTERS = 10_000


def require_usable_reference(reference: str) -> None:
    """Refuse an exhibit reference that a person could not write on a label.

    Raises:
        UsageError: empty, too long, with spaces at its ends or characters that do not print.
    """
    if not reference or reference != reference.strip():
        raise UsageError("an exhibit reference cannot be empty or begin or end with a space", ascii(reference))
    if not reference.isprintable():
        raise UsageError("an exhibit reference cannot hold characters that do not print", ascii(reference))
    if len(reference) > MAXIMUM_REFERENCE_CHARACTERS:
        raise UsageError(
            f"an exhibit reference has at most {MAXIMUM_REFERENCE_CHARACTERS} characters", reference[:40]
        )


def require_usable_text(what: str, text: str) -> None:
    """Refuse a text that says nothing or is out of all measure.

    Raises:
        UsageError: says which text.
    """
    if not text.strip():
        raise UsageError(f"the {what} cannot be empty")
    if len(text) > MAXIMUM_TEXT_CHARACTERS:
        raise UsageError(f"the {what} has {len(text)} characters; {MAXIMUM_TEXT_CHARACTERS} are the most")


def find_person(people: Iterable[Person], name_or_id: str) -> Person | None:
    """The person of this id, else the one person of exactly this name.

    Raises:
        UsageError: several people have this name.
    """
    known = tuple(people)
    by_id = [person for person in known if person.person_id == name_or_id]
    named = [person for person in known if person.redacted_by is None]
    found = by_id or [person for person in named if person.name == name_or_id]
    if len(found) > 1:
        ids = ", ".join(person.person_id for person in found)
        raise UsageError(f"several people are called {name_or_id!r}", "", f"Name one by id: {ids}")
    return found[0] if found else None
