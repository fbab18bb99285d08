"""A rescue inside an acquisition: what reads the source instead of one pass."""

from collections.abc import Callable

from acquire.media import Source
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
    state = opening(request, hooks) if opening is not None else _begun(order, request, source, hooks)
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


def _begun(order: AcquisitionOrder, request: AcquisitionRequest, source: Source, hooks: JobHooks) -> RescueState:
    """The beginning of a rescue: of another program's, of a finished image, or of nothing.

    Raises:
        SourceError: the source is not the one that the rescue was begun on.
        DestinationError: nothing could be begun.
    """
    if order.takes_over:
        return foreign_rescue(request, source, hooks, vouched=order.same_device)
    if order.retry_of is not None:
        return retried_rescue(request, source, hooks, order.retry_of, vouched=order.same_device)
    return start_rescue(request, hooks)
