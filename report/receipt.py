"""The receipt for an exhibit that changed hands, as text: who, what, when, and a checkpoint."""

from casedb.records import Case, CustodyEvent, Exhibit, KeptCheckpoint
from report.escape import visible
from report.phrases import NOT_RECORDED, person_text, rehash_text
from report.terms import term
from report.wording import english, say

_ADVICE = english(
    "The lines below are a checkpoint: the state of the record with this entry in it, signed. Keep them. Whoever\n"
    "doubts the record later compares them with: diskwitness ledger verify --checkpoint FILE"
)


def receipt_text(case: Case, exhibit: Exhibit, event: CustodyEvent, checkpoint: KeptCheckpoint | None) -> str:
    """What both sides take away; each value in one line, every character of it visible."""
    facts = (
        (say("Case"), case.number),
        (say("Agency"), case.agency),
        (say("Exhibit"), exhibit.reference),
        (say("Description"), exhibit.description),
        (say("Serial number on the label"), exhibit.serial),
        (say("Event"), say("{event}, ledger entry {entry}", event=term(event.kind.value), entry=event.sequence)),
        (say("When"), str(event.at)),
        (say("Released by"), person_text(event.released_by or event.performed_by)),
        (say("Received by"), person_text(event.received_by)),
        (say("Reason"), event.reason),
        (say("From"), event.from_place),
        (say("To"), event.to_place),
        (say("Seal taken off"), event.seal_out),
        (say("Seal put on"), event.seal_in),
        (say("Condition"), event.condition),
        (say("Hash computed again"), rehash_text(event)),
        (
            say("Written down"),
            say("{at} by {name}", at=event.recorded, name=event.recorded_by or say(NOT_RECORDED)),
        ),
    )
    width = max(len(name) for name, _ in facts) + 1
    lines = [say("RECEIPT FOR AN EXHIBIT"), ""]
    lines += [f"{name + ':':<{width}} {visible(value or say(NOT_RECORDED))}" for name, value in facts]
    line = "_" * 22
    lines += ["", say("Released (signature): {line}   Received (signature): {line}", line=line)]
    note = checkpoint.note.splitlines() if checkpoint else [say(NOT_RECORDED)]
    return "\n".join([*lines, "", say(_ADVICE), "", *map(visible, note)])
