"""The parts of one acquisition, put together: destinations, journals, writer, engine room and history."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from acquire.begun import BegunJob
from acquire.event_kinds import EventKind
from acquire.first_files import create_journals, first_record, new_destinations
from acquire.journal import JournalState
from acquire.journal_file import JournalFile
from acquire.journal_recorder import JournalRecorder
from acquire.next_folders import give_next_folders
from acquire.pipeline import Batch, Pipeline, batch_ranges
from acquire.read_history import ReadHistory
from acquire.request import AcquisitionRequest, JobHooks, RawPlan
from acquire.space_watch import SpaceWatch
from image.description import MEDIA_TYPE_NAMES
from image.destinations import Destination
from image.durable_part import NOTHING_DURABLE, DurablePart
from image.ewf.sections import CompressionLevel, MediaType
from image.ewf.writer import EwfSettings, EwfWriter
from image.findings import Finding, finding
from image.forms import EwfForm, RawForm
from image.job import Job
from image.part_proof import ProvenPart
from image.raw_writer import RawWriter
from image.sectors import SectorRange
from image.segments import SegmentSet
from image.writing import Encoded, ImageWriter


@dataclass(frozen=True)
class JobParts:
    """Everything one acquisition works with; closed at its end."""

    hooks: JobHooks
    sector_count: int
    sector_size_bytes: int
    destinations: tuple[Destination, ...]
    segments: SegmentSet
    journals: dict[Destination, JournalFile]
    history: ReadHistory
    recorder: JournalRecorder
    writer: ImageWriter[Encoded]
    pipeline: Pipeline[Encoded]
    begun: BegunJob | None = None

    @property
    def standing_sectors(self) -> int:
        """How many sectors of the image stood before this job."""
        proven = self.begun.proven if self.begun else None
        return proven.part.next_sector if proven else 0

    def batches(self) -> Iterator[SectorRange]:
        """The media that is to be read, in batches; what stands already is not among it."""
        batch_sectors = self.pipeline.batch_size_bytes // self.sector_size_bytes
        return batch_ranges(self.standing_sectors, self.sector_count, batch_sectors)

    def everywhere(self, act: Callable[[Destination], None]) -> None:
        """Do this for each live destination; one that fails is dropped.

        Raises:
            DestinationError: no destination is left.
        """
        for item in self.segments.live:
            try:
                act(item)
            except OSError as error:
                self.segments.fail(item, error)

    def make_durable(self) -> None:
        """Write and journal all that was read, by the reading thread: no other is at work meanwhile.

        Raises:
            DestinationError: no destination is left.
        """
        self.pipeline.settle()
        self.recorder.record(self.writer, self.pipeline.media, JournalState.RUNNING)

    def writer_findings(self, unreadable: Sequence[SectorRange]) -> tuple[Finding, ...]:
        """What the image format could not say."""
        findings = [
            finding("header-text", f"{text}; the manifest holds it as it was given")
            for text in self.writer.changed_texts()
        ]
        unlisted = self.writer.unlisted(unreadable)
        if unlisted:
            detail = (
                f"{len(unlisted)} unreadable ranges do not fit into error2; the map and the manifest hold them all"
            )
            findings.append(finding("error2-incomplete", detail, sectors=unlisted[0]))
        return tuple(findings)

    def close(self) -> None:
        """Stop the threads and close the files, whatever state they are in."""
        self.pipeline.abandon()
        self.segments.close()
        for journal in self.journals.values():
            journal.close()


def open_parts(request: AcquisitionRequest, hooks: JobHooks, begun: BegunJob | None = None) -> JobParts:
    """Put an acquisition together; its journals are the first files at every output.

    Raises:
        DestinationError: an output is occupied or cannot be written; nothing is left there.
        UsageError: the outputs have different names.
    """
    ground = _break_ground(request, hooks, begun)
    proven, form = begun.proven if begun else None, form_of(request)
    part = proven.part if proven else NOTHING_DURABLE
    if proven:
        ground.segments.reopen(part, proven.file_hasher, form.limits.segment_name)
    writer = _writer(form, ground.segments, ground.recorder.before_media, part)
    plan = request.plan
    return JobParts(
        hooks=hooks,
        sector_count=plan.sector_count,
        sector_size_bytes=plan.sector_size_bytes,
        destinations=ground.destinations,
        segments=ground.segments,
        journals=ground.journals,
        history=ground.history,
        recorder=ground.recorder,
        writer=writer,
        pipeline=_pipeline(request, hooks, writer, ground, proven),
        begun=begun,
    )


@dataclass(frozen=True)
class _Ground:
    """What stands at the destinations of a job before its writer does: journals, and room for segments."""

    destinations: tuple[Destination, ...]
    segments: SegmentSet
    journals: dict[Destination, JournalFile]
    history: ReadHistory
    recorder: JournalRecorder
    teller: "_EventTeller"


def _break_ground(request: AcquisitionRequest, hooks: JobHooks, begun: BegunJob | None) -> _Ground:
    """Lock the journals of a job that goes on, or create those of a new one."""
    plan, proven = request.plan, begun.proven if begun else None
    destinations = begun.destinations if begun else new_destinations(request.outputs)
    history = begun.history if begun else ReadHistory(plan.sector_count, plan.sector_size_bytes)
    teller = _EventTeller(history, hooks)
    give_next_folders(destinations, request, teller.next_folder)

    def give_up(lost: Destination) -> None:
        teller.output_lost(lost)
        recorder.abandon(lost)

    segments = SegmentSet(destinations, give_up)
    journals = begun.journals if begun else create_journals(destinations, first_record(request, hooks, history))
    part = proven.part if proven else NOTHING_DURABLE
    recorder = JournalRecorder(request.job, segments, journals, history, hooks.clock, part, hooks.kernel_messages)
    return _Ground(destinations, segments, journals, history, recorder, teller)


@dataclass(frozen=True)
class _EventTeller:
    """Makes events of what happens at the destinations; the examiner hears of what is about to go wrong."""

    history: ReadHistory
    hooks: JobHooks

    def output_lost(self, lost: Destination) -> None:
        self._tell(EventKind.OUTPUT_LOST, f"{lost.path}: {lost.failure}")

    def next_folder(self, text: str) -> None:
        self._tell(EventKind.NEXT_FOLDER, text)

    def space_short(self, text: str) -> None:
        self._tell(EventKind.SPACE_SHORT, text)
        self.hooks.warn(text)

    def _tell(self, kind: EventKind, detail: str) -> None:
        self.history.add_event(self.hooks.clock.now(), kind, detail)


def _pipeline(
    request: AcquisitionRequest,
    hooks: JobHooks,
    writer: ImageWriter[Encoded],
    ground: _Ground,
    proven: ProvenPart | None,
) -> Pipeline[Encoded]:
    """The engine room around a writer, with journal and free space looked at between its batches."""
    plan, recorder = request.plan, ground.recorder
    media_bytes = plan.sector_count * plan.sector_size_bytes
    watch = SpaceWatch(ground.segments, media_bytes, hooks.clock, ground.teller.space_short)

    def before_append(batch: Batch[Encoded]) -> None:
        if batch.has_unreadable:
            recorder.note_zeros()

    def after_append(_: SectorRange, encoded: Encoded) -> None:
        ground.history.add_content(encoded)
        recorder.after_media(writer, pipeline.media)
        watch.look(writer.written_sectors * plan.sector_size_bytes)

    algorithms = request.job.parameters.algorithms
    pipeline = Pipeline(writer, algorithms, before_append, after_append, proven)
    return pipeline


def form_of(request: AcquisitionRequest) -> EwfForm | RawForm:
    """The form of image that is asked for."""
    plan = request.plan
    if isinstance(plan, RawPlan):
        return RawForm(plan.sector_count, plan.sector_size_bytes, plan.segment_size_bytes)
    return EwfForm(plan, _ewf_settings(request))


def _writer(
    form: EwfForm | RawForm, segments: SegmentSet, before_write: Callable[[], None], part: DurablePart
) -> ImageWriter[Encoded]:
    """The writer of this form, behind the part; what its `encode` gives goes to no other writer's `append`."""
    if isinstance(form, EwfForm):
        ewf = EwfWriter(segments, form.plan, form.settings, before_write, part)
        return cast("ImageWriter[Encoded]", ewf)
    media_bytes = form.sector_count * form.sector_size_bytes
    raw = RawWriter(segments, media_bytes, form.sector_size_bytes, form.segment_size_bytes, before_write, part)
    return cast("ImageWriter[Encoded]", raw)


def _ewf_settings(request: AcquisitionRequest) -> EwfSettings:
    """What the E01 set says of itself."""
    job = request.job
    identifier = job.parameters.set_identifier
    return EwfSettings(
        header=request.header,
        compression=CompressionLevel[(job.parameters.compression or "none").upper()],
        set_identifier=uuid.UUID(identifier).bytes_le if identifier else uuid.uuid4().bytes_le,
        media_type=_media_type(job),
        physical=_is_physical(job),
        error_granularity=job.parameters.error_granularity_sectors,
    )


def _media_type(job: Job) -> MediaType:
    """The kind of medium: as the image states that this one is converted from, else as the drive is."""
    stated = job.converted_from.media_type if job.converted_from is not None else None
    told = [MediaType(number) for number, name in MEDIA_TYPE_NAMES.items() if name == stated]
    return told[0] if told else MediaType.REMOVABLE if job.source.removable else MediaType.FIXED


def _is_physical(job: Job) -> bool:
    """Whether the whole medium is imaged, and not a partition or a stretch of it."""
    stated = job.converted_from.is_physical if job.converted_from is not None else None
    is_whole = job.source.partition_of is None and job.parameters.start_sector == 0
    return is_whole if stated is None else stated
