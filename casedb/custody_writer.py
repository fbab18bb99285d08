"""What people tell of a case: who they are, and what happened to exhibits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from casedb import queries, told_queries
from casedb.custody import latest_warnings, require_complete
from casedb.custody_warning import CustodyWarning
from casedb.entry import EntryKind
from casedb.facts import person_id
from casedb.ledger import Ledger
from casedb.recording_case import RecordingCase
from casedb.records import CustodyEvent, Person, Rehash, Role, Verdict
from casedb.references import find_person, require_usable_text
from casedb.submissions import NewCustodyEvent, NewPerson
from image.errors import UsageError

_PARTS = ("released_by", "received_by", "witness", "performed_by")
_REHASH_OF = {Verdict.PASSED: Rehash.MATCH, Verdict.FAILED: Rehash.MISMATCH}


class CustodyWriter(RecordingCase):
    """People and custody of an open case."""

    def add_person(self, person: NewPerson) -> Person:
        """Name someone in the record.

        Raises:
            UsageError: a name that is none.
            CaseError: not recorded; so does everything below that writes.
        """
        require_usable_text("name", person.name)
        with self._recording(f"person {person.name!r}") as ledger:
            sequence = ledger.append(EntryKind.PERSON_ADDED, person)
            return told_queries.read_person(self._rows, sequence)

    def known_person(self, name_or_id: str) -> Person:
        """The person of this id or exact name.

        Raises:
            UsageError: nobody, or several people.
        """
        person = self.person(name_or_id)
        if person is None:
            raise UsageError(
                f"nobody called {name_or_id!r} is named in this case",
                str(self.folder),
                "See: diskwitness person list",
            )
        return person

    def add_custody(
        self, event: NewCustodyEvent, roles: Mapping[str, Role] | None = None
    ) -> tuple[CustodyEvent, tuple[CustodyWarning, ...]]:
        """Record what happened to an exhibit; with the warnings that this event brings into its custody.

        `roles` says, by field, as what somebody is named whom the record does not know yet.

        Raises:
            UsageError: no such exhibit or verification, a person the record does not know, or something missing
                that must be told.
        """
        parts = {part: getattr(event, part) for part in _PARTS}
        with self._recording(f"{event.kind.value} of exhibit {event.exhibit!r}") as ledger:
            self.exhibit(event.exhibit)
            known = self._ids_or_names(parts, roles or {})
            named = _with_people(self._with_rehash(event), known)
            require_complete(named)
            told = _with_people(named, self._added(ledger, known, roles or {}))
            ledger.append(EntryKind.CUSTODY_RECORDED, told, event.exhibit)
            events = told_queries.read_custody(self._rows, event.exhibit)
        return events[-1], latest_warnings(events)

    def _ids_or_names(self, told: Mapping[str, str | None], roles: Mapping[str, Role]) -> dict[str, str | None]:
        """The ids of people told by id or name, by their part; a name that is to be added stays as it is.

        `roles` has the parts that somebody may have whom the record does not know.

        Raises:
            UsageError: the record does not know them, or knows several, or the name is none.
        """
        people = self.people() if any(told.values()) else ()
        return {part: self._id_or_name(name, people, part in roles) for part, name in told.items()}

    def _id_or_name(self, told: str | None, people: Sequence[Person], is_new_allowed: bool) -> str | None:
        """One of them."""
        if told is None:
            return None
        person = find_person(people, told)
        if person is not None:
            return person.person_id
        if not is_new_allowed:
            raise UsageError(f"nobody called {told!r} is named in this case", str(self.folder))
        require_usable_text("name", told)
        return told

    def _added(
        self, ledger: Ledger, told: Mapping[str, str | None], roles: Mapping[str, Role]
    ) -> dict[str, str | None]:
        """The ids of people by their part; those whom the record does not know are added to it, each once."""
        known = {person.person_id for person in self.people()} if any(told.values()) else set()
        added: dict[str, str] = {}
        for part, name in told.items():
            if name is not None and name not in known and name not in added:
                added[name] = person_id(ledger.append(EntryKind.PERSON_ADDED, NewPerson(name, roles[part])))
        return {part: added.get(name, name) if name is not None else None for part, name in told.items()}

    def _with_rehash(self, event: NewCustodyEvent) -> NewCustodyEvent:
        """The event with what the verification that it names came to.

        Raises:
            UsageError: not a verification of this exhibit, or it came to something else.
        """
        if event.verification is None:
            return event
        where = f"entry {event.verification}"
        with self._reading() as rows:
            found = [item.sequence for item in queries.read_verifications(rows, event.exhibit)]
            if event.verification not in found:
                raise UsageError(f"no verification of exhibit {event.exhibit!r}", where, "See: exhibit show")
            verdict = queries.read_verification(rows, event.verification).result.verdict
        came_to = _REHASH_OF.get(verdict)
        if came_to is None or event.rehash not in (None, came_to):
            what = f"the verification came to {verdict.value}, which does not say that"
            raise UsageError(what, where, "Leave --verification or --rehash out")
        return replace(event, rehash=came_to)


def _with_people(event: NewCustodyEvent, people: Mapping[str, str | None]) -> NewCustodyEvent:
    """The event with these people in their parts."""
    return replace(
        event,
        released_by=people["released_by"],
        received_by=people["received_by"],
        witness=people["witness"],
        performed_by=people["performed_by"],
    )
