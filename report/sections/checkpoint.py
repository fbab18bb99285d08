"""The state of the ledger as a reader can keep it: the signed checkpoint, as text and as a QR code."""

from casedb.records import LedgerHead
from report.document import Block, Commands, Fact, Facts, Issue, Paragraph, QrCode, Section
from report.statements import CHECKPOINT, CHECKPOINT_CODE


def checkpoint_section(head: LedgerHead, issue: Issue) -> Section:
    """The section with ledger, size, root and, where there is one, the signed checkpoint."""
    checkpoint = issue.checkpoint
    blocks: list[Block] = [Paragraph(CHECKPOINT), Facts((*ledger_facts(head), *_stamp_facts(issue)))]
    if checkpoint is not None:
        blocks.append(Commands(tuple(line for line in checkpoint.split("\n") if line)))
        blocks.append(QrCode("The signed checkpoint as a QR code", CHECKPOINT_CODE, checkpoint))
    return Section("Checkpoint of the record", tuple(blocks))


def ledger_facts(head: LedgerHead) -> tuple[Fact, ...]:
    """Where the ledger stood when the document was made."""
    return (
        Fact("Ledger", head.ledger_id, code=True),
        Fact("Entries in the ledger", str(head.size)),
        Fact("Root of the ledger", head.root_sha256, code=True),
        Fact("SHA-256 of the last entry", head.last_entry_sha256, code=True),
    )


def _stamp_facts(issue: Issue) -> tuple[Fact, ...]:
    """Whether a checkpoint is signed here, and since when an authority knows it."""
    if issue.checkpoint is None:
        return (Fact("Signed checkpoint", None),)
    size = issue.checkpoint.split("\n")[1:2]
    stamped = issue.stamped or "not yet time-stamped"
    return (Fact("Entries under the checkpoint", "".join(size)), Fact("Time-stamped", stamped))
