"""The receipt for an exhibit that changed hands, as text: who, what, when, and a checkpoint."""

from casedb.records import Case, CustodyEvent, Exhibit, KeptCheckpoint
from report.escape import visible
from report.phrases import NOT_RECORDED, person_text, rehash_text

_ADVICE = (
    "The lines below are a checkpoint: the state of the record with this entry in it, signed. Keep them. Whoever",
    "doubts the record later compares them with: diskwitness ledger verify --checkpoint FILE",
)


def receipt_text(case: Case, exhibit: Exhibit, event: CustodyEvent, checkpoint: KeptCheckpoint | None) -> str:
    """What both sides take away; each value in one line, every character of it visible."""
    facts = (
        ("Case", case.number),
        ("Agency", case.agency),
        ("Exhibit", exhibit.reference),
        ("Description", exhibit.description),
        ("Serial number on the label", exhibit.serial),
        ("Event", f"{event.kind.value}, ledger entry {event.sequence}"),
        ("When", str(event.at)),
        ("Released by", person_text(event.released_by or event.performed_by)),
        ("Received by", person_text(event.received_by)),
        ("Reason", event.reason),
        ("From", event.from_place),
        ("To", event.to_place),
        ("Seal taken off", event.seal_out),
        ("Seal put on", event.seal_in),
        ("Condition", event.condition),
        ("Hash computed again", rehash_text(event)),
        ("Written down", f"{event.recorded} by {event.recorded_by or NOT_RECORDED}"),
    )
    width = max(len(name) for name, _ in facts) + 1
    lines = ["RECEIPT FOR AN EXHIBIT", ""]
    lines += [f"{name + ':':<{width}} {visible(value or NOT_RECORDED)}" for name, value in facts]
    lines += ["", "Released (signature): ______________________   Received (signature): ______________________"]
    note = checkpoint.note.splitlines() if checkpoint else [NOT_RECORDED]
    return "\n".join([*lines, "", *_ADVICE, "", *map(visible, note)])
