"""A rescue as it stands on disk: its journals, its file and its map; and how a new one begins."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from acquire.first_files import create_journals, first_record, new_destinations
from acquire.journal import JournalState, journal_bytes, unwritten
from acquire.journal_file import JournalFile
from acquire.output_files import replace_whole
from acquire.read_history import ReadHistory
from acquire.request import AcquisitionRequest, JobHooks
from acquire.rescue_file import RescueFile, create_rescue_file
from acquire.sample_comparison import Sample
from image.badmap import BadSectorMap
from image.errors import DestinationError
from image.job import Job
from image.mapfile import encode_mapfile
from image.sidecars import Sidecar
from image.write_errors import describe_write_error


@dataclass
class RescueState:
    """An open rescue. File and map stand at the first output, a locked journal at each; `job` grows with it.

    `witnesses` are sectors of the media that were read before it was opened, with what they held.
    """

    job: Job
    outputs: tuple[Path, ...]
    journals: tuple[JournalFile, ...]
    file: RescueFile
    map: BadSectorMap
    history: ReadHistory
    witnesses: tuple[Sample, ...] = ()

    @property
    def map_path(self) -> Path:
        """The map that is saved while the rescue goes on, and is the image's own in the end."""
        return Sidecar.MAP.beside(self.outputs[0])

    def map_bytes(self) -> bytes:
        """The map as it is now, as ddrescue reads it."""
        return encode_mapfile(self.map, self.job.source.sector_size_bytes).encode()

    def journal(self, hooks: JobHooks, state: JournalState, reason: str | None = None) -> bytes:
        """The journal as it is now; of the image itself nothing is written yet."""
        read = self.history.snapshot(hooks.kernel_messages())
        return journal_bytes(unwritten(self.job, state, hooks.clock.now(), read, reason))

    def write_journals(self, contents: bytes) -> None:
        """Put these bytes in every journal.

        Raises:
            DestinationError: the system could not.
        """
        for path, journal in zip(self.outputs, self.journals, strict=True):
            try:
                journal.replace(contents)
            except OSError as error:
                why = describe_write_error(error)
                raise DestinationError("the journal cannot be written", str(path), why) from error

    def remove(self, *, keep_media: bool) -> None:
        """Let the journals go, and file and map too unless they were there before."""
        self.file.close()
        for path in () if keep_media else (self.file.path, self.map_path):
            path.unlink(missing_ok=True)
        for journal in self.journals:
            journal.remove()

    def close(self) -> None:
        """Let go of journals and file."""
        for journal in self.journals:
            journal.close()
        self.file.close()


def start_rescue(request: AcquisitionRequest, hooks: JobHooks) -> RescueState:
    """Begin a rescue that nothing is there of.

    Raises:
        DestinationError: an output is occupied or cannot be written; nothing is left there.
        UsageError: the outputs have different names.
    """
    with new_rescue(request, hooks, BadSectorMap(request.plan.sector_count)) as state:
        return state


@contextlib.contextmanager
def new_rescue(request: AcquisitionRequest, hooks: JobHooks, bad_map: BadSectorMap) -> Iterator[RescueState]:
    """A rescue that nothing is there of, its file one hole, to be filled as the map says in a `with` block.

    Map and journals are written behind the block. Where anything fails nothing is left.

    Raises:
        DestinationError: an output is occupied or cannot be written.
        UsageError: the outputs have different names.
    """
    plan, path = request.plan, Sidecar.RESCUE.beside(request.outputs[0])
    history = ReadHistory(plan.sector_count, plan.sector_size_bytes)
    first = first_record(request, hooks, history)
    journals = tuple(create_journals(new_destinations(request.outputs), first).values())
    with explained(path), contextlib.ExitStack() as undoing:
        for journal in journals:
            undoing.callback(journal.remove)
        file = create_rescue_file(path, plan.sector_count * plan.sector_size_bytes)
        undoing.pop_all()
        state = RescueState(request.job, request.outputs, journals, file, bad_map, history)
        undoing.callback(state.remove, keep_media=False)
        yield state
        replace_whole(state.map_path, state.map_bytes())
        state.write_journals(state.journal(hooks, JournalState.RUNNING))
        undoing.pop_all()


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """What the system refuses while a rescue is begun at this path, as an error of the destination."""
    try:
        yield
    except OSError as error:
        why = describe_write_error(error)
        raise DestinationError("the rescue cannot be begun", str(path), why) from error


@contextlib.contextmanager
def protected(state: RescueState, hooks: JobHooks) -> Iterator[None]:
    """The source's read-only flag set, and put back whatever happens."""
    try:
        state.job = replace(state.job, protection=hooks.protect(state.job.protection))
        yield
    finally:
        state.job = replace(state.job, protection=hooks.unprotect(state.job.protection))
