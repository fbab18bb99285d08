"""What is told of one hand-over, on paper and as text."""

from casedb.records import CustodyEvent
from report.document import Fact
from report.phrases import instant_text, person_text, rehash_text, told_text
from report.sections.custody import CUSTODY_WORDS
from report.wording import say


def hand_over_facts(event: CustodyEvent) -> tuple[Fact, ...]:
    """Everything that was told of the hand-over."""
    return (
        Fact(say("Entry in the ledger"), str(event.sequence)),
        Fact(say("What"), say(CUSTODY_WORDS[event.kind])),
        Fact(say("When"), instant_text(event.at)),
        Fact(say("Released by"), person_text(event.released_by)),
        Fact(say("Received by"), person_text(event.received_by)),
        Fact(say("Done by"), person_text(event.performed_by)),
        Fact(say("Witness"), person_text(event.witness)),
        Fact(say("Hash value computed again"), rehash_text(event)),
        Fact(say("From"), event.from_place),
        Fact(say("To"), event.to_place),
        Fact(say("Seal taken off"), event.seal_out),
        Fact(say("Seal put on"), event.seal_in),
        Fact(say("Condition"), event.condition),
        Fact(say("Reason"), event.reason),
        Fact(say("Authority"), event.authority),
        Fact(say("Note"), told_text(event.note)),
        Fact(say("Written down"), instant_text(event.recorded)),
        Fact(say("Written down by"), event.recorded_by),
    )
