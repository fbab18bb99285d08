"""Beginning a rescue with what is there: what another program has read, or the media of a finished image.

Nothing is made or copied before the source is seen to hold what was read before.
"""

from acquire.earlier_image import EarlierImage
from acquire.event_kinds import EventKind
from acquire.media import Source
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_resume import rescued_samples, take_over
from acquire.rescue_seed import earlier_samples, seed_rescue
from acquire.rescue_state import RescueState
from acquire.sample_comparison import Sample
from image.errors import DestinationError, SourceError, StoppedError
from workflow.resume_source import require_same_facts, require_same_samples

NOTHING_TO_COMPARE = "nothing to compare yet"


def foreign_rescue(request: AcquisitionRequest, source: Source, hooks: JobHooks, *, vouched: bool) -> RescueState:
    """A rescue begun by another program, of a source that holds what it read.

    Raises:
        SourceError: the source reads otherwise than the rescue file.
        DestinationError: rescue file or map is not of this media, or nothing can be written.
    """
    state = take_over(request, hooks)
    try:
        compared = compare_rescued(source, state.job.source.path, state, vouched=vouched)
    except (SourceError, StoppedError, DestinationError):
        state.remove(keep_media=True)
        raise
    state.history.add_event(hooks.clock.now(), EventKind.RESUMED, compared)
    return state


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
    compared, samples = compare_earlier(source, request.job.source.path, earlier, vouched=vouched)
    state = seed_rescue(request, hooks, earlier)
    state.witnesses = samples
    state.history.add_event(hooks.clock.now(), EventKind.RESUMED, compared)
    return state


def compare_earlier(
    source: Source, path: str, earlier: EarlierImage, *, vouched: bool
) -> tuple[str, tuple[Sample, ...]]:
    """See that the source still holds what an image of it holds; tells what was compared, and the samples.

    Raises:
        SourceError: a sector reads otherwise, or none can be compared and nobody vouches for the source.
        ImageNotReadError: the image cannot be read.
    """
    samples = tuple(earlier_samples(earlier))
    return _compared(source, path, samples, vouched=vouched), samples


def compare_rescued(source: Source, path: str, state: RescueState, *, vouched: bool) -> str:
    """See that the source still holds what was rescued, which then bears witness; tells what was compared.

    Raises:
        SourceError: a sector reads otherwise, or none can be compared and nobody vouches for the source.
        DestinationError: the rescue file cannot be read.
    """
    state.witnesses = tuple(rescued_samples(state.file, state.map, source.sector_size_bytes))
    return _compared(source, path, state.witnesses, vouched=vouched)


def _compared(source: Source, path: str, samples: tuple[Sample, ...], *, vouched: bool) -> str:
    """What was compared; of a source of which nothing was read, nothing."""
    if not samples:
        return NOTHING_TO_COMPARE
    return require_same_samples(source, path, samples, vouched=vouched)
