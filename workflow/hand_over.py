"""Handing an exhibit over: a custody event, and the people it names who are new to the record."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from casedb.custody import require_complete
from casedb.records import CustodyEvent, CustodyKind, Role
from casedb.submissions import NewCustodyEvent
from image.times import Clock
from workflow.case_opening import write_case

if TYPE_CHECKING:
    from casedb.case_store import CaseStore


def record_custody(case_folder: Path, event: NewCustodyEvent, clock: Clock) -> tuple[CustodyEvent, tuple[str, ...]]:
    """Record the event; someone whom the record does not know is added to it first.

    Raises:
        UsageError: no such exhibit, a name that several people bear, or someone missing who must be named.
        CaseError: the case cannot be used.
    """
    with write_case(case_folder, clock) as store:
        store.exhibit(event.exhibit)
        require_complete(event)
        return store.add_custody(_with_people(store, event))


def _with_people(store: "CaseStore", event: NewCustodyEvent) -> NewCustodyEvent:
    """The event with the ids of its people instead of their names."""
    taker = Role.OFFICER if event.kind is CustodyKind.SEIZE else Role.CUSTODIAN
    return replace(
        event,
        released_by=_person_id(store, event.released_by, Role.CUSTODIAN),
        received_by=_person_id(store, event.received_by, taker),
        witness=_person_id(store, event.witness, Role.WITNESS),
    )


def _person_id(store: "CaseStore", name: str | None, role: Role) -> str | None:
    """The id of someone named by id or name, who is added with this role where unknown."""
    return store.person_named(name, role).person_id if name else None
