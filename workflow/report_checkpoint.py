"""The checkpoint that goes out with a report: over the entries it tells of, time-stamped where it can be."""

from dataclasses import replace
from typing import TYPE_CHECKING

from casedb.checkpoint_check import read_copy
from casedb.records import CheckpointProof
from image.errors import CaseError
from report.content import Record
from workflow.rebuild_report import record_for
from workflow.report_settings import Wanted

if TYPE_CHECKING:
    from casedb.case_store import CaseStore

TRIES = 5


def checkpointed(store: "CaseStore", exhibit: str | None, wanted: Wanted) -> tuple[Record, Wanted]:
    """The record, and what is wanted with a checkpoint of it, time-stamped (RFC 3161) where it can be.

    The newest checkpoint goes out where it has a token, which can only be the entry after it; else all entries are
    signed as of now.

    Raises:
        UsageError: no such exhibit.
        CaseError: others wrote into the case all the time, or no checkpoint can be signed.
    """
    store.introduce_key()
    for _ in range(TRIES):
        checkpoint = store.sign_head()
        record = record_for(store, exhibit)
        if read_copy("", checkpoint.encode()).checkpoint.size != record.head.size:
            continue
        proof = store.checkpoint_proof(record.head.size)
        if proof is not None and _is_stamped_end(proof, record.head.size):
            return record, replace(wanted, checkpoint=proof.note, stamped=str(proof.stamped))
        return record, replace(wanted, checkpoint=checkpoint)
    raise CaseError("the record changes all the time", str(store.folder), "Repeat when no other job writes into it")


def _is_stamped_end(proof: CheckpointProof, size: int) -> bool:
    """Whether a token covers everything but its own entry."""
    return proof.token is not None and size - proof.size <= 1
