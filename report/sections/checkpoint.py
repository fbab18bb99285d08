"""The state of the ledger as a reader can keep it: the signed checkpoint, word for word."""

from casedb.records import LedgerHead
from report.document import Block, Commands, Fact, Facts, Paragraph, Section
from report.statements import CHECKPOINT


def checkpoint_section(head: LedgerHead, checkpoint: str | None) -> Section:
    """The section with ledger, size, root and, where there is one, the signed checkpoint."""
    blocks: list[Block] = [Paragraph(CHECKPOINT), Facts(ledger_facts(head))]
    if checkpoint is None:
        blocks.append(Facts((Fact("Signed checkpoint", None),)))
    else:
        blocks.append(Commands(tuple(line for line in checkpoint.split("\n") if line)))
    return Section("Checkpoint of the record", tuple(blocks))


def ledger_facts(head: LedgerHead) -> tuple[Fact, ...]:
    """Where the ledger stood when the document was made."""
    return (
        Fact("Ledger", head.ledger_id, code=True),
        Fact("Entries in the ledger", str(head.size)),
        Fact("Root of the ledger", head.root_sha256, code=True),
        Fact("SHA-256 of the last entry", head.last_entry_sha256, code=True),
    )
