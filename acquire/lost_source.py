"""Waiting for a source that was lost, and going on with it in the same job."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from acquire.answer_watch import local_time_ago
from acquire.attachment import Returned
from acquire.event_kinds import EventKind
from acquire.media import SourceLostError
from acquire.read_history import ReadHistory
from acquire.request import JobHooks
from acquire.source_wait import SourceWait
from image.errors import StoppedError
from image.job import Job
from image.progress import Progress

SECONDS_BETWEEN_LOOKS = 1.0


class JobRecord(Protocol):
    """Whatever keeps the job as the next journal will tell it."""

    job: Job


@dataclass(frozen=True)
class WaitingJob:
    """A job whose source is away; `make_durable` keeps all that was read, and journals `record.job`."""

    hooks: JobHooks
    history: ReadHistory
    record: JobRecord
    make_durable: Callable[[], None]


def regain_source(
    job: WaitingJob, wait: SourceWait | None, lost: SourceLostError, first_sector: int, at: Progress
) -> None:
    """Wait for the source, lost while the sectors from this one on were read, until it can be read on.

    Raises:
        SourceLostError: it is not to be waited for, or did not come back in time.
        StoppedError: the operator ended the wait.
        DestinationError: no destination is left.
    """
    if wait is None or not wait.is_worth_it(first_sector):
        raise lost
    clock = job.hooks.clock
    job.history.add_event(clock.now(), EventKind.SOURCE_LOST, str(lost))
    wait.attachment.let_go()
    job.make_durable()
    returned = _await(job, wait, lost, at)
    _protect_again(job, wait, returned)
    wait.reader.go_on_with(wait.stretch(returned.opened.media))
    job.history.add_event(clock.now(), EventKind.SOURCE_BACK, _story(returned))
    job.hooks.listener(at)


def _await(job: WaitingJob, wait: SourceWait, lost: SourceLostError, at: Progress) -> Returned:
    """The source, as soon as it is back."""
    hooks = job.hooks
    since, told = local_time_ago(hooks.clock, 0.0), 0
    waiting = replace(at, state=f"waiting for the source since {since}", is_standing=True)
    deadline = hooks.clock.monotonic() + wait.seconds
    while hooks.clock.monotonic() < deadline:
        hooks.listener(waiting)
        returned = wait.attachment.look(wait.reader.samples)
        for reason in wait.attachment.refusals[told:]:
            job.history.add_event(hooks.clock.now(), EventKind.SOURCE_REFUSED, reason)
        told = len(wait.attachment.refusals)
        if returned is not None:
            return returned
        if hooks.stop.wait(SECONDS_BETWEEN_LOOKS):
            raise StoppedError("stopped by the operator while the source was away", lost.where)
    advice = f"Waited for it for {wait.seconds} s; what was read is kept"
    raise SourceLostError(lost.what, lost.where, advice) from lost


def _protect_again(job: WaitingJob, wait: SourceWait, returned: Returned) -> None:
    """Set the read-only flag once more, its earlier state in the journal first."""
    recorded = job.record.job
    planned = wait.plan(returned, recorded.protection)
    if planned != recorded.protection:
        job.record.job = replace(recorded, protection=planned)
        job.make_durable()
    job.record.job = replace(recorded, protection=job.hooks.protect(planned))


def _story(returned: Returned) -> str:
    """How the source came back, in a sentence."""
    path = returned.opened.facts.path
    proof = f"{returned.compared_sectors} sectors read before read the same"
    if returned.is_as_left:
        return f"{path} answers again; {proof}"
    return f"as {path}; {proof}; the kernel counts its writes anew"
