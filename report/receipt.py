"""The receipt for an exhibit that changed hands, as text: who, what, when, and a checkpoint."""

from casedb.records import Case, CustodyEvent, Exhibit, KeptCheckpoint
from report.document import Fact
from report.escape import visible
from report.phrases import NOT_RECORDED
from report.sections.hand_over import hand_over_facts
from report.wording import english, say

_ADVICE = english(
    "The lines below are a checkpoint: the state of the record with this entry in it, signed. Keep them. Whoever\n"
    "doubts the record later compares them with: diskwitness ledger verify --checkpoint FILE"
)


def receipt_text(case: Case, exhibit: Exhibit, event: CustodyEvent, checkpoint: KeptCheckpoint | None) -> str:
    """What both sides take away; each value in one line, every character of it visible."""
    facts = (
        Fact(say("Case number"), case.number),
        Fact(say("Agency"), case.agency),
        Fact(say("Exhibit reference"), exhibit.reference),
        Fact(say("Description"), exhibit.description),
        Fact(say("Serial number on the label"), exhibit.serial),
        *hand_over_facts(event),
    )
    width = max(len(fact.label) for fact in facts) + 1
    lines = [say("RECEIPT FOR AN EXHIBIT"), ""]
    lines += [f"{fact.label + ':':<{width}} {visible(fact.value or say(NOT_RECORDED))}" for fact in facts]
    line = "_" * 22
    lines += ["", say("Released (signature): {line}   Received (signature): {line}", line=line)]
    note = checkpoint.note.splitlines() if checkpoint else [say(NOT_RECORDED)]
    return "\n".join([*lines, "", say(_ADVICE), "", *map(visible, note)])
