"""One acquisition: a source is read once, into a whole image at every output, or a clearly partial one.

The order at the end: segments, map and checksums durable and read-only; the manifest's bytes into the journal;
the caller's record of exactly those bytes; the rename that makes the image whole.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

from acquire.begun import BatchReader, BegunJob
from acquire.content_findings import content_findings, write_findings
from acquire.drive_counters import counter_findings
from acquire.drive_reports import SECONDS_TO_ANSWER, SECONDS_TO_ANSWER_STOPPED, note_drive_reports
from acquire.event_kinds import EventKind
from acquire.job_parts import JobParts, open_parts
from acquire.journal import JournalState
from acquire.lost_source import WaitingJob, regain_source
from acquire.media import SourceLostError, UnfinishedReadError
from acquire.output_files import write_sidecars
from acquire.pausing import note_interruptions, pause_reading
from acquire.reader import BatchRead
from acquire.record_size import require_readable_back
from acquire.request import AcquisitionRequest, Conclusion, JobHooks
from acquire.result import AcquisitionResult, OutputResult, OutputState
from image.badmap import BadSectorMap, map_of_bad_ranges
from image.errors import DestinationError, StoppedError
from image.manifest import Manifest, MediaRecord, SegmentRecord
from image.manifest_file import encode_record
from image.progress import Progress
from image.sectors import SectorRange


def acquire_image(
    request: AcquisitionRequest, reader: BatchReader, hooks: JobHooks, begun: BegunJob | None = None
) -> AcquisitionResult:
    """Read the source through `reader` into every output; a job that was begun already goes on as it stands.

    A stop, a lost source or a lost last destination gives a result without a manifest; what is there is partial
    and says so itself.

    Raises:
        DestinationError: nothing could be begun: an output is occupied or cannot be written.
        CaseError: the record of the finished image failed; the image stays partial.
    """
    parts = open_parts(request, hooks, begun)
    parts.history.watch_temperatures(hooks.temperatures)
    try:
        with _protected(parts):
            stopped = _read_all(parts, reader)
        return _stopped(parts, stopped) if stopped else _concluded(parts)
    except DestinationError as error:
        return _result(parts, None, None, error)
    finally:
        parts.close()


@contextlib.contextmanager
def _protected(parts: JobParts) -> Iterator[None]:
    """The read-only flag set, its earlier state in the journal first, and put back whatever happens."""
    parts.recorder.begin(parts.writer, parts.pipeline.media)
    job = parts.recorder.job
    try:
        parts.recorder.job = replace(job, protection=parts.hooks.protect(job.protection))
        yield
    finally:
        job = parts.recorder.job
        parts.recorder.job = replace(job, protection=parts.hooks.unprotect(job.protection))


def _read_all(parts: JobParts, reader: BatchReader) -> StoppedError | None:
    """Read every batch into the pipeline; why it stopped before the end, or None."""
    pauses = parts.hooks.pauses
    parts.hooks.listener(_progress(parts, parts.standing_sectors))
    try:
        with pauses.heeded():
            for sectors in parts.batches():
                if pauses.any:
                    pause_reading(
                        parts.hooks, parts.history, parts.make_durable, _progress(parts, sectors.first_sector)
                    )
                if parts.hooks.stop.is_set():
                    return StoppedError("stopped by the operator", f"sector {sectors.first_sector}")
                _read_batch(parts, reader, sectors)
    except StoppedError as error:
        return error
    else:
        return None
    finally:
        parts.pipeline.drain()


def _read_batch(parts: JobParts, reader: BatchReader, sectors: SectorRange) -> None:
    buffer = parts.pipeline.take_buffer(sectors.sector_count * parts.sector_size_bytes)
    read, took = _read_timed(parts, reader, buffer.view, sectors)
    seconds: float | None = took
    if note_interruptions(parts.hooks, parts.history):
        seconds = None
    parts.history.add_read(sectors, read, seconds)
    parts.pipeline.put(sectors, buffer, has_unreadable=bool(read.bad))
    parts.hooks.listener(_progress(parts, sectors.end_sector))


def _read_timed(
    parts: JobParts, reader: BatchReader, view: memoryview, sectors: SectorRange
) -> tuple[BatchRead, float]:
    """How a batch was read, and in how many seconds; a source that is lost meanwhile may be waited for."""
    while True:
        begun = parts.hooks.clock.monotonic()
        try:
            return reader.read_batch(view, sectors), parts.hooks.clock.monotonic() - begun
        except UnfinishedReadError as broken:
            parts.history.add_read(sectors, BatchRead((), broken.failures, broken.failure_count), None)
            if not isinstance(broken, SourceLostError):
                raise
            _regain_source(parts, broken, sectors)


def _regain_source(parts: JobParts, lost: SourceLostError, sectors: SectorRange) -> None:
    """Wait for the source."""
    job = WaitingJob(parts.hooks, parts.history, parts.recorder, parts.make_durable)
    first = sectors.first_sector
    regain_source(job, parts.hooks.waiting, lost, first, _progress(parts, first))


def _progress(parts: JobParts, next_sector: int) -> Progress:
    """How far the reading is."""
    done, total = next_sector * parts.sector_size_bytes, parts.sector_count * parts.sector_size_bytes
    return Progress("acquire", done, total, bad_sectors=parts.history.bad_sectors, state="reading")


def _stopped(parts: JobParts, error: StoppedError) -> AcquisitionResult:
    """Leave a durable, clearly partial image that says why."""
    parts.history.add_event(parts.hooks.clock.now(), EventKind.STOPPED, str(error))
    if not isinstance(error, SourceLostError):
        note_drive_reports(parts.hooks, parts.history, parts.recorder.job, SECONDS_TO_ANSWER_STOPPED)
    parts.recorder.record(parts.writer, parts.pipeline.media, JournalState.STOPPED, str(error))
    return _result(parts, None, None, error)


def _concluded(parts: JobParts) -> AcquisitionResult:
    """Hear what is to be said of all that was read, and end the image; an objection leaves it partial."""
    digests = parts.pipeline.hexdigests()
    try:
        conclusion = parts.hooks.conclude(digests)
    except StoppedError as error:
        return _stopped(parts, error)
    parts.history.add_events(conclusion.events)
    return _finished(parts, digests, conclusion)


def _finished(parts: JobParts, digests: dict[str, str], conclusion: Conclusion) -> AcquisitionResult:
    """End the image and give it its name."""
    note_drive_reports(parts.hooks, parts.history, parts.recorder.job, SECONDS_TO_ANSWER)
    unreadable = parts.history.snapshot().unreadable
    parts.writer.finish(digests, unreadable)
    parts.pipeline.media.finish(len(parts.writer.closed))
    segments = _segment_records(parts)
    _write_sidecars(parts, segments, conclusion.sector_map or map_of_bad_ranges(parts.sector_count, unreadable))
    read = parts.history.snapshot(parts.hooks.kernel_messages())
    manifest = Manifest(
        job=parts.recorder.job,
        media=MediaRecord(parts.sector_count * parts.sector_size_bytes, parts.sector_size_bytes, digests),
        segments=segments,
        read=read,
        finished=parts.hooks.clock.now(),
        findings=(
            *write_findings(parts.recorder.job.protection),
            *content_findings(read, parts.sector_count),
            *counter_findings(read.counters),
            *parts.writer_findings(read.unreadable),
            *conclusion.findings,
            *(parts.begun.findings if parts.begun else ()),
        ),
    )
    contents = encode_record(manifest)
    require_readable_back(contents, len(unreadable))
    parts.recorder.seal(contents)
    parts.hooks.commit(manifest, contents)
    parts.everywhere(lambda item: parts.journals[item].become_manifest())
    return _result(parts, manifest, contents, None)


def _write_sidecars(parts: JobParts, segments: tuple[SegmentRecord, ...], bad_sector_map: BadSectorMap) -> None:
    """Write checksums and map at every destination; a rescue has kept a map already."""
    begun = parts.begun
    bad_map = (begun.final_map if begun else None) or bad_sector_map
    size, replacing = parts.sector_size_bytes, begun is not None
    parts.everywhere(lambda item: write_sidecars(item.path, segments, bad_map, size, replacing=replacing))


def _segment_records(parts: JobParts) -> tuple[SegmentRecord, ...]:
    """The closed segments with their media digests; a raw segment's file digest is that of its media."""
    pairs = zip(parts.writer.closed, parts.pipeline.media.segment_digests, strict=True)
    return tuple(
        SegmentRecord(
            item.file,
            item.size_bytes,
            item.sha256 or media,
            item.first_sector,
            item.sector_count,
            media,
            parts.destinations[0].folder_of(item.file),
        )
        for item, media in pairs
    )


def _result(
    parts: JobParts,
    manifest: Manifest | None,
    contents: bytes | None,
    error: StoppedError | DestinationError | None,
) -> AcquisitionResult:
    """What became of each output."""
    whole = OutputState.COMPLETE if manifest else OutputState.PARTIAL
    outputs = tuple(
        OutputResult(item.path, OutputState.FAILED, item.failure)
        if item.failure
        else OutputResult(item.path, whole, str(error) if error else None)
        for item in parts.destinations
    )
    findings = manifest.findings if manifest else ()
    return AcquisitionResult(outputs, manifest, contents, findings, str(error) if error else None)
