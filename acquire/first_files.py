"""The first files of an image: a journal at every output, which tells all of the job from its beginning."""

from pathlib import Path

from acquire.destination import require_free, require_writable
from acquire.journal import JournalState, journal_bytes, unwritten
from acquire.journal_file import JournalFile, create_journal
from acquire.read_history import ReadHistory
from acquire.request import AcquisitionRequest, JobHooks
from image.destinations import Destination
from image.errors import DestinationError, UsageError
from image.write_errors import describe_write_error


def new_destinations(outputs: tuple[Path, ...]) -> tuple[Destination, ...]:
    """The destinations of an image that has no files yet.

    Raises:
        DestinationError: an output is occupied or cannot be written.
        UsageError: the outputs have different names.
    """
    if len({output.name for output in outputs}) != 1:
        raise UsageError("the outputs have different names", do="Give one name in different folders with --output")
    for output in outputs:
        require_writable(output.parent)
        require_free(output)
    return tuple(Destination(output) for output in outputs)


def first_record(request: AcquisitionRequest, hooks: JobHooks, history: ReadHistory) -> bytes:
    """The journal that every output begins with: by it alone the job can be gone on with as it was asked for."""
    return journal_bytes(unwritten(request.job, JournalState.RUNNING, hooks.clock.now(), history.snapshot()))


def create_journals(destinations: tuple[Destination, ...], contents: bytes) -> dict[Destination, JournalFile]:
    """A journal with these bytes at each destination, or none anywhere.

    Raises:
        DestinationError: one could not be created.
    """
    made: dict[Destination, JournalFile] = {}
    try:
        for item in destinations:
            made[item] = create_journal(item.path, contents)
    except (OSError, DestinationError) as error:
        for journal in made.values():
            journal.remove()
        if isinstance(error, OSError):
            raise DestinationError(
                "the image cannot be begun", str(item.path), describe_write_error(error)
            ) from error
        raise
    return made
