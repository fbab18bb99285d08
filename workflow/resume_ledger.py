"""An interrupted acquisition and its case: that they belong together, and that it goes on."""

from typing import TYPE_CHECKING

from acquire.resume import Interrupted
from image.errors import CaseError, UsageError
from image.job import CaseLink, Job
from image.times import Instant

if TYPE_CHECKING:
    from casedb.case_store import CaseStore
    from casedb.records import Acquisition


def require_link(store: "CaseStore | None", job: Job, exhibit: str | None) -> "Acquisition | None":
    """The acquisition as the open case knows it; None where neither job nor order has a case.

    Raises:
        UsageError: only one of the two has, or the exhibit is another one.
        CaseError: the case does not know the acquisition.
    """
    link = job.case_link
    if store is None and link is None:
        return None
    if store is None:
        raise UsageError("the acquisition belongs to a case", do="Give --case DIR")
    where = str(store.folder)
    if link is None:
        raise UsageError("the acquisition was begun without a case", where, "Resume it outside the case folder")
    if link.ledger_id != store.head().ledger_id:
        what = f"the acquisition belongs to another case (ledger {link.ledger_id})"
        raise CaseError(what, where, "Give that case with --case DIR")
    acquisition = store.acquisition(link.started_sequence)
    if exhibit is not None and exhibit != acquisition.exhibit:
        raise UsageError(f"--exhibit was {acquisition.exhibit or 'not given'} and is {exhibit} now", where)
    return acquisition


def record_resumption(
    store: "CaseStore | None", interrupted: Interrupted, at: Instant, source_path: str, detail: str
) -> CaseLink | None:
    """Enter in the ledger that the acquisition goes on; the link that its end is to be entered by.

    An output that was lost while others became whole is an acquisition of its own from here on.
    """
    link = interrupted.job.case_link
    if store is None or link is None:
        return None
    from casedb.intake import AcquisitionResumed
    from casedb.records import AcquisitionState

    paths = tuple(str(look.output) for look in interrupted.looks)
    acquisition = store.acquisition(link.started_sequence)
    if acquisition.state is AcquisitionState.COMPLETE:
        link = store.start_acquisition(interrupted.job, acquisition.exhibit, paths)
    sector = interrupted.part.next_sector
    facts = AcquisitionResumed(link.started_sequence, at, sector, source_path, paths, detail)
    store.resume_acquisition(link, facts)
    return link
