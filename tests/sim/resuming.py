"""Interrupted acquisitions of simulated disks: killed at a step of theirs, and gone on with as the program does."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from acquire.imager import acquire_image
from acquire.media import Source
from acquire.reader import Reader, ReadSettings
from acquire.request import JobHooks
from acquire.result import AcquisitionResult
from acquire.resume import begin_again, gather, prove, resumed_event
from acquire.resume_aside import set_aside
from acquire.resume_look import Remains, look_at_output
from image.progress import Progress, ignore_progress
from tests.sim.acquisitions import Options, acquire_disk, request_for
from tests.sim.still_clock import NOON, StillClock

STEPS = frozenset({"open", "os.link", "os.rename", "os.remove", "os.truncate", "os.chmod"})
KILLED, ENDED = -signal.SIGKILL, 0


class HurriedClock(StillClock):
    """A clock by which it is always time for the next journal."""

    def monotonic(self) -> float:
        """More than half a minute later at each look."""
        self.seconds += 31
        return self.seconds


def killed_at(step: int, act: Callable[[], object], folder: Path) -> bool:
    """Do this in a process of its own that is killed at its n-th step (from 0) in a folder; whether it was."""
    child = os.fork()
    if not child:
        _die_at(step, folder)
        try:
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == KILLED


def _die_at(step: int, folder: Path) -> None:
    """Count what this process does to the files of a folder, and kill it at the n-th."""
    left = step

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in STEPS and any(str(place).startswith(str(folder)) for place in arguments[:2]):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def stopped_at(size_bytes: int, disk: Source, *outputs: Path, options: Options) -> AcquisitionResult:
    """An acquisition that is asked to stop when so much was read."""
    return acquire_disk(disk, *outputs, options=replace(options, hooks=stopping_hooks(options.hooks, size_bytes)))


def stopping_hooks(hooks: JobHooks, size_bytes: int | None) -> JobHooks:
    """Hooks that ask to stop when so much was read, None never."""
    stop = threading.Event()

    def listen(progress: Progress) -> None:
        if size_bytes is not None and progress.stage == "acquire" and progress.bytes_done >= size_bytes:
            stop.set()

    return replace(hooks, stop=stop, listener=listen)


def resume_disk(
    disk: Source, *outputs: Path, options: Options, stop_bytes: int | None = None
) -> AcquisitionResult | None:
    """Go on with whatever stands at the outputs, until so much is read; None where nothing was left to read."""
    hooks = stopping_hooks(JobHooks(StillClock(), threading.Event()), stop_bytes)
    looks = [look_at_output(output) for output in outputs]
    begun = [look for look in looks if look.remains is Remains.BEGUN]
    if not any(look.manifest is not None or look.journal is not None for look in looks):
        for look in looks:
            if look.remains is Remains.UNVOUCHED:
                set_aside(look.output)
            look.close()
        return acquire_disk(disk, *outputs, options=replace(options, hooks=hooks))
    for look in looks:
        if look.remains is Remains.UNNAMED and look.held is not None:
            look.held.become_manifest()
    if not begun:
        return None
    interrupted = gather(begun)
    request = request_for(disk, tuple(look.output for look in begun), options)
    parameters = replace(interrupted.job.parameters, output_next=options.output_next)
    request = replace(request, job=replace(interrupted.job, parameters=parameters))
    proven = prove(interrupted, request, ignore_progress, hooks.stop)
    again = begin_again(interrupted, request, proven, resumed_event(NOON, interrupted, "/dev/simulated", ()))
    reader = Reader(disk, ReadSettings(retries=options.retries), hooks.clock)
    return acquire_image(request, reader, hooks, again)
