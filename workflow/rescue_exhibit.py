"""A rescue inside an acquisition: what reads the source instead of one pass, and what becomes of its file."""

from acquire.media import Source
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_image import rescue_image
from acquire.rescue_state import start_rescue
from acquire.result import AcquisitionResult, OutputState
from image.errors import DestinationError
from image.sidecars import Sidecar
from verify.verdict import Verdict
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired
from workflow.rescue_order import RescueOrder, rescue_settings


def rescue_exhibit(
    order: AcquisitionOrder, rescue: RescueOrder, request: AcquisitionRequest, source: Source, hooks: JobHooks
) -> AcquisitionResult:
    """Read a failing source in passes, and write its image.

    Raises:
        DestinationError: nothing could be begun.
        CaseError: the record of the finished image failed; the image stays partial.
    """
    settings = rescue_settings(rescue, order.reading, source.sector_size_bytes)
    state = start_rescue(request, hooks)
    return rescue_image(request, source, settings, hooks, state, keep_file=rescue.keep_file)


def clear_rescue_file(rescue: RescueOrder, acquired: ExhibitAcquired) -> tuple[str, ...]:
    """Remove the rescue file once every image made of it has passed; else say that it stays.

    Raises:
        DestinationError: it cannot be removed.
    """
    first = acquired.result.outputs[0].path
    path = Sidecar.RESCUE.beside(first)
    if acquired.result.manifest is None or not path.exists():
        return ()
    if rescue.keep_file:
        return ()
    if not _all_passed(acquired):
        return (f"the rescue file stays until its image has passed: {path}",)
    try:
        path.unlink()
    except OSError as error:
        raise DestinationError(f"the rescue file cannot be removed ({error.strerror})", str(path)) from error
    return ()


def _all_passed(acquired: ExhibitAcquired) -> bool:
    """Whether every output is complete and was verified with the verdict PASSED."""
    verdicts = [proof.result.verdict if proof.result else None for proof in acquired.verifications]
    complete = all(output.state is OutputState.COMPLETE for output in acquired.result.outputs)
    return complete and bool(verdicts) and all(verdict is Verdict.PASSED for verdict in verdicts)
