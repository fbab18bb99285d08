"""A rescue inside an acquisition: what reads the source instead of one pass."""

from collections.abc import Callable

from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_image import rescue_image
from acquire.rescue_state import RescueState, start_rescue
from acquire.result import AcquisitionResult
from workflow.acquisition_order import AcquisitionOrder
from workflow.rescue_beginnings import foreign_rescue, retried_rescue
from workflow.rescue_order import RescueOrder, rescue_settings
from workflow.source_keeping import SourceKeeping

Opening = Callable[[AcquisitionRequest, JobHooks], RescueState]


def rescue_exhibit(
    order: AcquisitionOrder,
    rescue: RescueOrder,
    request: AcquisitionRequest,
    keeping: SourceKeeping,
    hooks: JobHooks,
    opening: Opening | None = None,
) -> AcquisitionResult:
    """Read a failing source in passes, and write its image; `opening` gives what there is of it already.

    Raises:
        SourceError: the source is not the one that the rescue was begun on.
        DestinationError: nothing could be begun.
        CaseError: the record of the finished image failed; the image stays partial.
    """
    source = keeping.source()
    settings = rescue_settings(rescue, order.reading, source.sector_size_bytes)
    if opening is not None:
        state = opening(request, hooks)
    elif order.takes_over:
        state = foreign_rescue(request, source, hooks, vouched=order.same_device)
    elif order.retry_of is not None:
        state = retried_rescue(request, source, hooks, order.retry_of, vouched=order.same_device)
    else:
        state = start_rescue(request, hooks)
    return rescue_image(
        request,
        source,
        settings,
        hooks,
        state,
        keep_file=rescue.keep_file,
        wait_for=keeping.waiting,
        partitions=keeping.partitions(),
    )
