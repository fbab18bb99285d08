"""Handing an exhibit over: a custody event, the people it names who are new to the record, and a receipt."""

from dataclasses import dataclass
from pathlib import Path

from casedb.custody import require_complete
from casedb.records import CustodyEvent, CustodyKind, CustodyWarning, Role
from casedb.submissions import NewCustodyEvent
from image.times import Clock
from report.receipt import receipt_text
from report.wording import ENGLISH, speaking
from workflow.case_opening import write_case

WITH_RECEIPT = frozenset({CustodyKind.TRANSFER, CustodyKind.RETURN})


@dataclass(frozen=True)
class HandedOver:
    """The event as recorded, the warnings it brings, and the receipt where the exhibit changed hands."""

    event: CustodyEvent
    warnings: tuple[CustodyWarning, ...]
    receipt: str | None


def record_custody(case_folder: Path, event: NewCustodyEvent, clock: Clock, language: str = ENGLISH) -> HandedOver:
    """Record the event; someone whom the record does not know is added to it with it.

    `language` is that of the receipt.

    Raises:
        UsageError: no such exhibit, a name that several people bear, or something missing that must be told.
        CaseError: the case cannot be used.
    """
    offset_ms = event.clock.offset_ms if event.clock is not None else None
    with write_case(case_folder, clock, offset_ms) as store:
        store.exhibit(event.exhibit)
        require_complete(event)
        recorded, warnings = store.add_custody(event, new_roles(event.kind))
        if recorded.kind not in WITH_RECEIPT:
            return HandedOver(recorded, warnings, None)
        with speaking(language):
            receipt = receipt_text(store.case(), store.exhibit(event.exhibit), recorded, store.last_checkpoint())
    return HandedOver(recorded, warnings, receipt)


def new_roles(kind: CustodyKind) -> dict[str, Role]:
    """As what somebody is named whom the record does not know yet, by the part they have in an event."""
    taker = Role.OFFICER if kind is CustodyKind.SEIZE else Role.CUSTODIAN
    return {
        "released_by": Role.CUSTODIAN,
        "received_by": taker,
        "performed_by": taker,
        "witness": Role.WITNESS,
    }
