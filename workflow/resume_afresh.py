"""Outputs that hold nothing to go on with: cleared, so that the image can be begun there again; nothing is lost."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from acquire.destination import existing_files
from acquire.resume_aside import set_aside
from acquire.resume_look import Look, Remains
from acquire.resume_protection import put_flag_back
from image.job import CaseLink
from image.sidecars import Sidecar
from workflow.acquisition_order import AcquisitionOrder
from workflow.resume_ledger import require_link
from workflow.resume_order import carried_order
from workflow.retry_bad import earlier_again

if TYPE_CHECKING:
    from casedb.case_store import CaseStore

NOTHING_DURABLE = "ended without a word before anything of the image was durable"


def holds_media(looks: Sequence[Look]) -> bool:
    """Whether anything of the media stands at one of the outputs of an acquisition; a rescue has a map of it."""
    is_mapped = any(os.path.lexists(Sidecar.MAP.beside(look.output)) for look in looks)
    journals = [look.journal for look in looks if look.journal is not None]
    return (
        any(look.manifest is not None for look in looks)
        or any(journal.watermark.next_sector for journal in journals)
        or (is_mapped and any(journal.job.parameters.rescue is not None for journal in journals))
    )


def order_as_begun(order: AcquisitionOrder, looks: Sequence[Look], store: "CaseStore | None") -> AcquisitionOrder:
    """The order with what was not given taken from a journal, where one stands: that job came no further.

    Raises:
        UsageError: something that was given differs, or belongs to another case.
        ImageNotReadError: the image whose bad sectors were to be tried again is not there as it was.
    """
    job = next((look.journal.job for look in looks if look.journal is not None), None)
    if job is None:
        return order
    acquisition = require_link(store, job, order.exhibit)
    version = job.parameters.retry_of
    carried = carried_order(order, job).of_exhibit(acquisition.exhibit if acquisition else None)
    return replace(carried, retry_of=earlier_again(version) if version is not None else None)


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
