"""An interrupted acquisition brought to where it goes on: proven, every output level, its history carried on.

Nothing on disk is changed before the image has been read back and found to be what its journals say.
"""

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from acquire.begun import BegunJob
from acquire.destination import require_free
from acquire.event_kinds import EventKind
from acquire.job_parts import form_of
from acquire.journal import Journal, JournalState, journal_bytes
from acquire.next_folders import next_folders
from acquire.read_history import ReadHistory
from acquire.request import AcquisitionRequest
from acquire.resume_journal import same_job
from acquire.resume_look import Look
from acquire.sample_comparison import sample_sectors
from image.destinations import Destination
from image.durable_part import DurablePart, least_advanced
from image.errors import DestinationError, StoppedError
from image.job import Job
from image.part_proof import ProvenPart, prove_part
from image.progress import Listener, Progress
from image.read_record import JobEvent, ReadRecord
from image.sectors import SectorRange
from image.sidecars import Sidecar
from image.times import Instant


@dataclass(frozen=True)
class Interrupted:
    """One acquisition as its outputs hold it, each with its journal; `newest` is the one that tells most.

    `part` is what every output has: the least advanced journal counts for all of them.
    """

    looks: tuple[Look, ...]
    newest: Journal
    least: Journal

    @property
    def job(self) -> Job:
        """The job as it was last journalled."""
        return self.newest.job

    @property
    def part(self) -> DurablePart:
        """The part of the image that stands."""
        return self.least.durable_part

    @property
    def ending(self) -> str:
        """How it came to an end, in a phrase."""
        if self.newest.state is JournalState.STOPPED:
            return self.newest.reason or "no reason recorded"
        return f"ended without a word; its last journal is of {self.newest.updated}"


def gather(looks: Sequence[Look]) -> Interrupted:
    """The acquisition that these outputs, each with a journal, belong to.

    Raises:
        DestinationError: they belong to several.
    """
    journals = [look.journal for look in looks if look.journal is not None]
    for look, journal in zip(looks, journals, strict=True):
        if not same_job(journal.job, journals[0].job) or look.output.name != looks[0].output.name:
            what = f"the outputs belong to different acquisitions ({looks[0].output} and {look.output})"
            raise DestinationError(what, do="Resume each by itself")
    part = least_advanced(journal.durable_part for journal in journals)
    return Interrupted(
        looks=tuple(looks),
        newest=max(journals, key=_told),
        least=next(journal for journal in journals if journal.durable_part == part),
    )


def _told(journal: Journal) -> tuple[int, int, str]:
    """How much of the acquisition a journal tells; clocks can go back, so that time alone does not say it."""
    events = len(journal.read.events) + journal.read.left_out_events
    return journal.watermark.next_sector, events, journal.updated.utc


def prove(
    interrupted: Interrupted, request: AcquisitionRequest, listener: Listener, stop: threading.Event
) -> ProvenPart:
    """Read every output back from its medium, up to the watermark, and compare it with the journal.

    Raises:
        DestinationError: an output is not what was written; nothing was changed.
        StoppedError: stopped by the operator; nothing was changed.
    """
    part, form = interrupted.part, form_of(request)
    total = part.next_sector * request.plan.sector_size_bytes * len(interrupted.looks)
    done = 0

    def passed(size_bytes: int) -> None:
        nonlocal done
        if stop.is_set():
            raise StoppedError("stopped while the image was read back", do="Nothing was changed")
        done += size_bytes
        listener(Progress("read back", done, total, state="reading back"))

    samples = sample_sectors(part.next_sector, interrupted.newest.read.unreadable)
    algorithms = interrupted.job.parameters.algorithms
    folders = next_folders(interrupted.job)
    require_new_folders_free(interrupted, request)
    proven = [
        prove_part(look.output, part, form, algorithms, samples, passed, folders) for look in interrupted.looks
    ]
    return proven[0]


def require_new_folders_free(interrupted: Interrupted, request: AcquisitionRequest) -> None:
    """See that a folder which the job did not have before holds no file of an image of this name.

    Raises:
        DestinationError: one does.
    """
    for folder in next_folders(request.job):
        if folder not in next_folders(interrupted.job):
            require_free(folder / interrupted.looks[0].output.name)


def begin_again(
    interrupted: Interrupted, request: AcquisitionRequest, proven: ProvenPart, resumed: JobEvent
) -> BegunJob:
    """Level the outputs and hand them on with their history; from here on things change.

    Raises:
        DestinationError: a journal cannot be written.
    """
    for look in interrupted.looks:
        _level(look, interrupted)
    plan = request.plan
    history = ReadHistory(plan.sector_count, plan.sector_size_bytes, carried_reading(interrupted))
    history.add_events((*untold_end(interrupted), resumed))
    destinations = {Destination(look.output): look.held for look in interrupted.looks}
    journals = {destination: held for destination, held in destinations.items() if held is not None}
    return BegunJob(tuple(destinations), journals, history, proven=proven)


def carried_reading(interrupted: Interrupted) -> ReadRecord:
    """How the reading went, as far as it concerns the part that stands; what lies behind it is read anew.

    Failed reads that happened stay counted. Zeros are counted as of the watermark.
    """
    read, counted = interrupted.newest.read, interrupted.least.read
    end = interrupted.part.next_sector
    stands = SectorRange(0, end) if end else None
    cut = [item.overlap(stands) for item in read.unreadable] if stands else []
    return replace(
        read,
        unreadable=tuple(item for item in cut if item is not None),
        speed=tuple(item for item in read.speed if item.first_sector + item.sector_count <= end),
        slow=tuple(item for item in read.slow if item.sectors.end_sector <= end),
        zero_sectors=counted.zero_sectors,
        incompressible_sectors=counted.incompressible_sectors,
    )


def resumed_event(at: Instant, interrupted: Interrupted, source: str, changes: Sequence[str]) -> JobEvent:
    """The event that says where and from what the job goes on, and what is not as it was."""
    place = f"at sector {interrupted.part.next_sector} of {interrupted.job.parameters.sector_count}"
    return JobEvent(at, EventKind.RESUMED, "; ".join((f"{place}, read from {source}", *changes)))


def untold_end(interrupted: Interrupted) -> tuple[JobEvent, ...]:
    """The event of the end, where nobody was left to write it."""
    newest = interrupted.newest
    is_told = any(item.kind == EventKind.STOPPED for item in newest.read.events[-1:])
    if newest.state is JournalState.STOPPED and is_told:
        return ()
    return (JobEvent(newest.updated, EventKind.STOPPED, interrupted.ending),)


def _level(look: Look, interrupted: Interrupted) -> None:
    """Let an output that got further say no more than the others, before it is cut back.

    Checksums and map belong to a whole image: those that are there are of an end that was not reached.
    """
    try:
        if look.held is not None and look.journal != interrupted.least:
            look.held.replace(journal_bytes(interrupted.least))
        others = [folder / look.output.name for folder in next_folders(interrupted.job)]
        stale = [Sidecar.CHECKSUMS.beside(stem) for stem in (look.output, *others)]
        for path in (*stale, Sidecar.MAP.beside(look.output)):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
    except OSError as error:
        what = f"the image cannot be gone on with ({error.strerror or error})"
        raise DestinationError(
            what, str(look.output), "Free space there, or make it writable, and resume"
        ) from error
