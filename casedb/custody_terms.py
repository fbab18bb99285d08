"""The kinds of custody events by what they do, and how an event is named in a sentence."""

from casedb.records import CustodyEvent, CustodyKind, Person

TAKES_IN = frozenset({CustodyKind.SEIZE, CustodyKind.RECEIVE})
HANDS_ON = frozenset({CustodyKind.TRANSFER, CustodyKind.RETURN, CustodyKind.DISPOSE})
ENDS = frozenset({CustodyKind.RETURN, CustodyKind.DISPOSE})
OF_IMAGES = frozenset({CustodyKind.COPY, CustodyKind.VERIFY})
"""What is done to an image: whoever holds the exhibit, and whether it is sealed, is nothing to it."""

HANDLES = frozenset({CustodyKind.ACQUIRE, CustodyKind.SEAL, CustodyKind.UNSEAL})
"""What is done to the exhibit itself by whoever holds it."""

BY_THEMSELVES = frozenset({CustodyKind.ACQUIRE, CustodyKind.COPY, CustodyKind.VERIFY, CustodyKind.REDACTED})
"""What no person records: the acquisition, conversion or verification itself enters the record."""


def event_name(event: CustodyEvent) -> str:
    """An event as a reader finds it: its entry, kind and time."""
    return f"entry {event.sequence} ({event.kind.value}, {event.at})"


def holder_from(event: CustodyEvent) -> Person | None:
    """Who holds the exhibit after an event that takes it in or hands it over; who seizes a thing, holds it."""
    seizer = event.performed_by if event.kind is CustodyKind.SEIZE else None
    return event.received_by or seizer
