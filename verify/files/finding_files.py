"""Which files hold damaged sectors: asked of child processes, which may crash or hang, for a bounded time."""

import multiprocessing
import signal
import threading
import time
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from image.child_processes import start_child
from image.progress import Listener, Progress
from image.sectors import count_sectors
from verify.files.child import walk_files
from verify.files.gathering import Gathering
from verify.files.image_to_walk import ImageToWalk
from verify.files.located import STOPPED, DamagedFiles
from verify.files.messages import MAXIMUM_MESSAGE_BYTES, decode_message

TIME_RAN_OUT = "the time for looking at files ran out"
_STEP_SECONDS = 0.5
_END_SECONDS = 5.0
_CLOSING_SECONDS = 2.0


def find_damaged_files(
    image: ImageToWalk,
    listener: Listener,
    stop: threading.Event,
    limit_seconds: float,
) -> DamagedFiles:
    """Find the files and structures that hold damaged or unread sectors; what is not looked at is named.

    A stop ends it too: what was found until then is kept, and the rest is named with the reason `STOPPED`.
    """
    found = Gathering(count_sectors(image.damaged), count_sectors(image.unread))
    if not image.damaged and not image.unread:
        return found.result()
    deadline = time.monotonic() + limit_seconds
    while not found.is_complete:
        listener(Progress("files", found.bytes_done, found.bytes_total, state=found.state))
        reason = _ask_child(image, found, listener, stop, deadline)
        if not found.is_complete:
            found.give_up(reason)
        if reason in (TIME_RAN_OUT, STOPPED):
            found.leave_out_rest(reason)
    return found.result()


def _ask_child(
    image: ImageToWalk, found: Gathering, listener: Listener, stop: threading.Event, deadline: float
) -> str:
    """Let one child walk what is left; gives why it did not get to its end, empty where that was told."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    work = (theirs, image, found.tasks, found.next_task, max(1, int(deadline - time.monotonic()) + 1))
    child = context.Process(target=walk_files, args=work, daemon=True)
    start_child(child)
    theirs.close()
    try:
        return _listen(ours, found, listener, stop, deadline) or _end_of(child)
    finally:
        child.terminate()
        child.join(_CLOSING_SECONDS)
        child.kill()
        child.join()
        ours.close()


def _listen(
    pipe: Connection, found: Gathering, listener: Listener, stop: threading.Event, deadline: float
) -> str | None:
    """Take in what a child sends until it closes its pipe; gives why it is not heard further, if not for that."""
    while True:
        if stop.is_set():
            return STOPPED
        if time.monotonic() > deadline:
            return TIME_RAN_OUT
        if not wait([pipe], _STEP_SECONDS):
            continue
        try:
            message = decode_message(pipe.recv_bytes(MAXIMUM_MESSAGE_BYTES))
        except EOFError:
            return STOPPED if stop.is_set() else None
        except (OSError, ValueError) as error:
            return f"the process that walked it sent nonsense ({error})"
        found.take(message)
        if message.stage is not None or message.ended is not None or message.read_bytes:
            listener(Progress("files", found.bytes_done, found.bytes_total, state=found.state))


def _end_of(child: SpawnProcess) -> str:
    """How a child ended that closed its pipe."""
    child.join(_END_SECONDS)
    code = child.exitcode
    if code == 0:
        return ""
    if code is not None and code < 0:
        return f"the process that walked it was ended by {signal.Signals(-code).name}"
    return f"the process that walked it ended with code {code}"
