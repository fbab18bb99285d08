"""Where an image of the case goes, and how the ledger learns that one is begun there."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from image.errors import DestinationError, UsageError
from image.job import Job
from workflow.acquisition_order import AcquisitionOrder
from workflow.ready_job import ReadyJob

if TYPE_CHECKING:
    from casedb.case_store import CaseStore


def own_place(order: AcquisitionOrder, store: "CaseStore | None") -> Path:
    """Where the case wants the next image of the exhibit.

    Raises:
        UsageError: there is no case, or no exhibit is named.
    """
    if store is None or order.exhibit is None:
        raise UsageError("nowhere to put the image", do="Give --output PATH, or --exhibit REF inside a case")
    return store.next_image_path(order.exhibit)


def entered(order: AcquisitionOrder, ready: ReadyJob, job: Job) -> Job:
    """The job with the folder for its image made and its beginning in the ledger.

    Raises:
        DestinationError: the folder cannot be made.
        CaseError: the ledger did not take it.
    """
    if not order.outputs:
        _make_folder(ready.outputs[0].parent)
    if ready.store is None:
        return job
    paths = tuple(str(path) for path in ready.outputs)
    return replace(job, case_link=ready.store.start_acquisition(job, order.exhibit, paths))


def _make_folder(folder: Path) -> None:
    """The image's own folder in the case."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DestinationError(f"the folder cannot be made ({error.strerror or error})", str(folder)) from error
