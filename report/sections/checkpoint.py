"""The state of the ledger as a reader can keep it: the signed checkpoint, as text and as a QR code."""

from casedb.records import LedgerHead
from report.document import Block, Commands, Fact, Facts, Issue, Paragraph, QrCode, Section
from report.statements import CHECKPOINT, CHECKPOINT_CODE
from report.wording import say


def checkpoint_section(head: LedgerHead, issue: Issue) -> Section:
    """The section with ledger, size, root and, where there is one, the signed checkpoint."""
    checkpoint = issue.checkpoint
    blocks: list[Block] = [Paragraph(say(CHECKPOINT)), Facts((*ledger_facts(head), *_stamp_facts(issue)))]
    if checkpoint is not None:
        blocks.append(Commands(tuple(line for line in checkpoint.split("\n") if line)))
        blocks.append(QrCode(say("The signed checkpoint as a QR code"), say(CHECKPOINT_CODE), checkpoint))
    return Section(say("Checkpoint of the record"), tuple(blocks))


def ledger_facts(head: LedgerHead) -> tuple[Fact, ...]:
    """Where the ledger stood when the document was made."""
    return (
        Fact(say("Ledger"), head.ledger_id, code=True),
        Fact(say("Entries in the ledger"), str(head.size)),
        Fact(say("Root of the ledger"), head.root_sha256, code=True),
        Fact(say("SHA-256 of the last entry"), head.last_entry_sha256, code=True),
    )


def _stamp_facts(issue: Issue) -> tuple[Fact, ...]:
    """Whether a checkpoint is signed here, and since when an authority knows it."""
    if issue.checkpoint is None:
        return (Fact(say("Signed checkpoint"), None),)
    size = issue.checkpoint.split("\n")[1:2]
    stamped = issue.stamped or say("not yet time-stamped")
    return (Fact(say("Entries under the checkpoint"), "".join(size)), Fact(say("Time-stamped"), stamped))
