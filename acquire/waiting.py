"""Waiting for a source that was lost, and going on with it in the same job."""

from dataclasses import replace

from acquire.answer_watch import local_time_ago
from acquire.attachment import Returned
from acquire.event_kinds import EventKind
from acquire.job_parts import JobParts
from acquire.media import SourceLostError
from acquire.reader import BatchRead
from acquire.source_wait import SourceWait
from image.errors import StoppedError
from image.progress import Progress
from image.sectors import SectorRange

SECONDS_BETWEEN_LOOKS = 1.0


def regain_source(parts: JobParts, lost: SourceLostError, sectors: SectorRange, at: Progress) -> None:
    """Wait for the source, lost while these sectors were read, until it can be read on.

    Raises:
        SourceLostError: it is not to be waited for, or did not come back in time.
        StoppedError: the operator ended the wait.
        DestinationError: no destination is left.
    """
    parts.history.add_read(sectors, BatchRead((), lost.failures, lost.failure_count), None)
    wait = parts.hooks.waiting
    if wait is None or not wait.is_worth_it(sectors.first_sector):
        raise lost
    parts.history.add_event(parts.hooks.clock.now(), EventKind.SOURCE_LOST, str(lost))
    wait.attachment.let_go()
    parts.make_durable()
    returned = _await(parts, wait, lost, at)
    _protect_again(parts, wait, returned)
    wait.reader.go_on_with(wait.stretch(returned.opened.media))
    parts.history.add_event(parts.hooks.clock.now(), EventKind.SOURCE_BACK, _story(returned))
    parts.hooks.listener(at)


def _await(parts: JobParts, wait: SourceWait, lost: SourceLostError, at: Progress) -> Returned:
    """The source, as soon as it is back."""
    hooks = parts.hooks
    since, told = local_time_ago(hooks.clock, 0.0), 0
    waiting = replace(at, state=f"waiting for the source since {since}", is_standing=True)
    deadline = hooks.clock.monotonic() + wait.seconds
    while hooks.clock.monotonic() < deadline:
        hooks.listener(waiting)
        returned = wait.attachment.look(wait.reader.samples)
        for reason in wait.attachment.refusals[told:]:
            parts.history.add_event(hooks.clock.now(), EventKind.SOURCE_REFUSED, reason)
        told = len(wait.attachment.refusals)
        if returned is not None:
            return returned
        if hooks.stop.wait(SECONDS_BETWEEN_LOOKS):
            raise StoppedError("stopped by the operator while the source was away", lost.where)
    advice = f"Waited for it for {wait.seconds} s; what was read is kept"
    raise SourceLostError(lost.what, lost.where, advice) from lost


def _protect_again(parts: JobParts, wait: SourceWait, returned: Returned) -> None:
    """Set the read-only flag once more, its earlier state in the journal first."""
    job = parts.recorder.job
    planned = wait.plan(returned, job.protection)
    if planned != job.protection:
        parts.recorder.job = replace(job, protection=planned)
        parts.make_durable()
    parts.recorder.job = replace(job, protection=parts.hooks.protect(planned))


def _story(returned: Returned) -> str:
    """How the source came back, in a sentence."""
    path = returned.opened.facts.path
    proof = f"{returned.compared_sectors} sectors read before read the same"
    if returned.is_as_left:
        return f"{path} answers again; {proof}"
    return f"as {path}; {proof}; the kernel counts its writes anew"
