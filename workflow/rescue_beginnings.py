"""Beginning a rescue with what is there: what another program has read, or the media of a finished image."""

from acquire.earlier_image import EarlierImage
from acquire.event_kinds import EventKind
from acquire.media import Source
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_resume import rescued_samples, take_over
from acquire.rescue_seed import seed_rescue
from acquire.rescue_state import RescueState
from image.errors import DestinationError, SourceError, StoppedError
from workflow.resume_source import require_same_facts, require_same_samples


def foreign_rescue(request: AcquisitionRequest, source: Source, hooks: JobHooks, *, vouched: bool) -> RescueState:
    """A rescue begun by another program, of a source that holds what it read.

    Raises:
        SourceError: the source reads otherwise than the rescue file.
        DestinationError: rescue file or map is not of this media, or nothing can be written.
    """
    return _of_same_source(take_over(request, hooks), source, hooks, vouched=vouched, is_ours=False)


def retried_rescue(
    request: AcquisitionRequest, source: Source, hooks: JobHooks, earlier: EarlierImage, *, vouched: bool
) -> RescueState:
    """A rescue that begins with the media of a finished image, of a source that holds what the image holds.

    Raises:
        SourceError: another source, or one that was changed.
        ImageNotReadError: the image is not what its manifest says.
        DestinationError: an output is occupied or cannot be written.
    """
    require_same_facts(earlier.manifest.job.source, request.job.source)
    return _of_same_source(seed_rescue(request, hooks, earlier), source, hooks, vouched=vouched, is_ours=True)


def _of_same_source(
    state: RescueState, source: Source, hooks: JobHooks, *, vouched: bool, is_ours: bool
) -> RescueState:
    """The rescue, once the source is seen to hold what it holds; else what was made for it is removed."""
    try:
        compared = compare_rescued(source, state.job.source.path, state, vouched=vouched)
    except (SourceError, StoppedError, DestinationError):
        state.remove(keep_media=not is_ours)
        raise
    state.history.add_event(hooks.clock.now(), EventKind.RESUMED, compared)
    return state


def compare_rescued(source: Source, path: str, state: RescueState, *, vouched: bool) -> str:
    """See that the source still holds what was rescued; tells what was compared.

    Raises:
        SourceError: a sector reads otherwise, or none can be compared and nobody vouches for the source.
        DestinationError: the rescue file cannot be read.
    """
    samples = rescued_samples(state.file, state.map, source.sector_size_bytes)
    if not samples:
        return "nothing to compare yet"
    return require_same_samples(source, path, samples, vouched=vouched)
