"""Outputs that hold nothing to go on with: cleared, so that the image can be begun there again; nothing is lost."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from acquire.destination import existing_files
from acquire.resume_aside import set_aside
from acquire.resume_look import Look, Remains
from acquire.resume_protection import put_flag_back
from image.job import CaseLink

if TYPE_CHECKING:
    from casedb.case_store import CaseStore

NOTHING_DURABLE = "ended without a word before anything of the image was durable"


def clear_the_way(
    source: str, looks: Sequence[Look], store: "CaseStore | None", tell: Callable[[str], None]
) -> None:
    """Set aside what lies at each output, and tell what was there.

    Raises:
        DestinationError: files cannot be set aside.
    """
    for look in looks:
        if look.journal is not None:
            put_flag_back(look.journal.job.protection, source)
        tell(f"{look.output}: {_cleared(look)}; the image is begun afresh")
        _end_in_ledger(look, store)


def _cleared(look: Look) -> str:
    """Clear one output; what was found there."""
    if look.remains is Remains.NOTHING:
        return "there is nothing to resume"
    if look.held is not None and _is_bare(look):
        look.held.remove()
        return "the job ended before it wrote anything"
    folder = set_aside(look.output)
    return f"{look.detail or 'nothing of it was durable yet'}, what was there is kept in {folder}"


def _is_bare(look: Look) -> bool:
    """Whether an empty journal is all there is."""
    files = existing_files(look.output)
    return len(files) == 1 and not files[0].stat().st_size


def _end_in_ledger(look: Look, store: "CaseStore | None") -> None:
    """Tell the ledger that an acquisition which it knows to be under way there is over."""
    if store is None:
        return
    from casedb.records import AcquisitionState

    known = store.find_acquisition(look.output)
    if known is not None and known.state is AcquisitionState.STARTED:
        link = CaseLink(store.head().ledger_id, known.started_sequence)
        store.stop_acquisition(link, NOTHING_DURABLE)
