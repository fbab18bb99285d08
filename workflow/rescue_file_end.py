"""What becomes of the rescue file when its image is made: removed once that has passed, kept otherwise."""

import os
from collections.abc import Callable
from dataclasses import replace

from acquire.result import OutputState
from image.errors import DestinationError
from image.sidecars import Sidecar
from verify.verdict import Verdict
from workflow.acquisition_order import ExhibitAcquired
from workflow.rescue_order import RescueOrder


def without_rescue_file(
    rescue: RescueOrder | None, acquired: ExhibitAcquired, tell: Callable[[str], None]
) -> ExhibitAcquired:
    """The acquisition with the rescue file removed where every image made of it has passed; else it is told of.

    What could not be removed is an error beside the image.
    """
    recorded = acquired.job.parameters.rescue
    keeps = (rescue is not None and rescue.keep_file) or (recorded is not None and recorded.keep_file)
    path = Sidecar.RESCUE.beside(acquired.result.outputs[0].path)
    if recorded is None or keeps or acquired.result.manifest is None or not os.path.lexists(path):
        return acquired
    if not _all_passed(acquired):
        tell(f"the rescue file stays until its image has passed: {path}")
        return acquired
    try:
        path.unlink()
    except OSError as error:
        failure = DestinationError(f"the rescue file cannot be removed ({error.strerror})", str(path))
        return replace(acquired, errors=(*acquired.errors, failure))
    return acquired


def _all_passed(acquired: ExhibitAcquired) -> bool:
    """Whether every output is complete and was verified with the verdict PASSED."""
    verdicts = [proof.result.verdict if proof.result else None for proof in acquired.verifications]
    complete = all(output.state is OutputState.COMPLETE for output in acquired.result.outputs)
    return complete and bool(verdicts) and all(verdict is Verdict.PASSED for verdict in verdicts)
