"""One acquisition under way: a source that is open and laid out is read, and the ledger learns how it ended."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from acquire.answer_watch import AnswerWatch, is_stop_pending
from acquire.attachment import Attachment
from acquire.begun import BatchReader, BegunJob
from acquire.clock_watch import ClockWatch
from acquire.imager import acquire_image
from acquire.kernel_log import KernelLogWatch, watch_kernel_log
from acquire.pause_wishes import PauseWishes
from acquire.protection import apply_protection
from acquire.reader import Reader
from acquire.request import AcquisitionRequest, Conclusion, JobHooks, conclude_nothing, no_messages
from acquire.result import AcquisitionResult, OutputResult, OutputState
from acquire.source import OpenedSource
from acquire.sysfs import find_node
from acquire.workstation import sleep_inhibited
from image.errors import CaseError, DiskwitnessError
from image.job import CaseLink, Job
from image.manifest import Manifest
from image.progress import Listener, Progress
from image.scan_watch import ScanWatch, scan_watch
from image.sidecars import Sidecar
from image.times import Clock
from workflow.acquisition_order import AcquisitionOrder
from workflow.acquisition_plan import AcquisitionPlan, make_header
from workflow.drive_watch import watch_drive
from workflow.source_keeping import SourceKeeping

if TYPE_CHECKING:
    from acquire.rescue_state import RescueState
    from casedb.case_store import CaseStore


@dataclass(frozen=True)
class Hands:
    """What the job is lent by its caller: time, a listener, wishes to stop and pause, a place for warnings."""

    clock: Clock
    listener: Listener
    stop: threading.Event
    tell: Callable[[str], None]
    pauses: PauseWishes = field(default_factory=PauseWishes)

    @property
    def watch(self) -> ScanWatch:
        """What waits while the tables of a virtual disk are looked at."""
        return scan_watch(self.listener, self.stop)


@dataclass(frozen=True)
class ReadyJob:
    """An acquisition that may begin, or, with `begun`, go on.

    `reader` reads a source that is no drive, and `conclude` says what is known of it in the end (JobHooks).
    """

    store: "CaseStore | None"
    opened: OpenedSource
    outputs: tuple[Path, ...]
    plan: AcquisitionPlan
    begun: BegunJob | None = None
    open_rescue: Callable[[AcquisitionRequest, JobHooks], "RescueState"] | None = None
    reader: BatchReader | None = None
    conclude: Callable[[dict[str, str]], Conclusion] = conclude_nothing


def image_source(
    order: AcquisitionOrder, ready: ReadyJob, job: Job, hands: Hands
) -> tuple[AcquisitionResult, tuple[DiskwitnessError, ...]]:
    """Read the source into the outputs; the ledger learns how it ended.

    Raises:
        SourceError, DestinationError, ImageNotReadError, StoppedError: nothing was read.
    """
    request = AcquisitionRequest(ready.outputs, ready.plan.layout, job, make_header(job))
    try:
        with _job_hooks(order, ready, job, hands) as (hooks, keeping), sleep_inhibited("imaging a drive"):
            result = _read_source(order, ready, request, hooks, keeping)
    except CaseError as error:
        return _unrecorded(ready.outputs, error), (error,)
    except DiskwitnessError as error:
        _record_stop(ready.store, job.case_link, str(error))
        raise
    if result.manifest is None and ready.store is not None:
        from casedb.intake import stop_reason

        _record_stop(ready.store, job.case_link, stop_reason(result))
    return result, ()


def _read_source(
    order: AcquisitionOrder,
    ready: ReadyJob,
    request: AcquisitionRequest,
    hooks: JobHooks,
    keeping: SourceKeeping,
) -> AcquisitionResult:
    """Read the source in the wanted way, and write its image."""
    if ready.reader is not None:
        return acquire_image(request, ready.reader, hooks, ready.begun)
    if order.rescue is not None:
        from workflow.rescue_exhibit import rescue_exhibit

        return rescue_exhibit(order, order.rescue, request, keeping, hooks, ready.open_rescue)
    reader = Reader(keeping.source(), order.reading, hooks.clock, is_stopping=hooks.stop.is_set)
    if ready.begun is not None and ready.begun.proven is not None:
        reader.remember(sorted(ready.begun.proven.samples.items()))
    return acquire_image(request, reader, replace(hooks, waiting=keeping.waiting(reader)), ready.begun)


@contextmanager
def _job_hooks(
    order: AcquisitionOrder, ready: ReadyJob, job: Job, hands: Hands
) -> Iterator[tuple[JobHooks, SourceKeeping]]:
    """The imager's hands: protection, kernel messages, the ledger's commit; and what keeps the source."""
    device = ready.opened.device
    node = find_node(device.number) if device is not None else None
    with ExitStack() as stack:
        watch = stack.enter_context(watch_kernel_log(node)) if node is not None else None
        messages = watch.messages if watch is not None else no_messages
        answers = stack.enter_context(AnswerWatch(hands.listener, hands.clock, _stop_wish(hands.stop)))
        attachment = Attachment(ready.opened, stack, order.opening)
        keeping = SourceKeeping(attachment, answers, ready.plan.sectors, order.wait_for_device_seconds, watch)

        limit = job.parameters.temperature_limit_celsius
        drive = stack.enter_context(
            watch_drive(lambda: attachment.opened.device, limit, hands.clock, hands.pauses, hands.tell)
        )
        hooks = JobHooks(
            clock=hands.clock,
            stop=hands.stop,
            listener=_listener(watch, answers),
            protect=apply_protection,
            unprotect=keeping.unprotect,
            kernel_messages=messages,
            conclude=ready.conclude,
            commit=partial(_enter_end, ready, job),
            pauses=hands.pauses,
            warn=hands.tell,
            temperatures=drive.temperatures,
            ask_drive=drive.ask,
            clock_jump=ClockWatch(hands.clock).look,
        )
        yield hooks, keeping


def _listener(watch: KernelLogWatch | None, answers: AnswerWatch) -> Listener:
    """Passes the progress on, and takes in what the kernel has said until then."""

    def listen(progress: Progress) -> None:
        if watch is not None:
            watch.look()
        answers.pass_on(progress)

    return listen


def _enter_end(ready: ReadyJob, job: Job, manifest: Manifest, contents: bytes) -> None:
    """Enter the end of the acquisition in the ledger, with the outputs that got as far as the final manifest."""
    if ready.store is not None and job.case_link is not None:
        digest = hashlib.sha256(contents).hexdigest()
        paths = [str(path) for path in ready.outputs if _holds(Sidecar.JOURNAL.beside(path), contents)]
        ready.store.finish_acquisition(job.case_link, manifest, digest, paths)


def _stop_wish(stop: threading.Event) -> Callable[[], bool]:
    """Tells whether a stop is asked for, even one that waits for the thread that reads."""
    return lambda: stop.is_set() or is_stop_pending()


def _holds(journal: Path, contents: bytes) -> bool:
    """Whether an output got as far as the final manifest; one that was lost on the way did not."""
    try:
        return journal.read_bytes() == contents
    except OSError:
        return False


def _record_stop(store: "CaseStore | None", link: CaseLink | None, reason: str) -> None:
    """Tell the ledger that the acquisition ended early."""
    if store is not None and link is not None:
        store.stop_acquisition(link, reason)


def _unrecorded(outputs: tuple[Path, ...], error: CaseError) -> AcquisitionResult:
    """The result of an acquisition whose end could not be recorded: everything read, nothing whole."""
    partial = tuple(OutputResult(path, OutputState.PARTIAL, str(error)) for path in outputs)
    return AcquisitionResult(partial, None, None, (), str(error))
