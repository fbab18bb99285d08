"""The child process that walks file systems. Its limits are set before it reads what stands on the medium.

A hostile file system can crash, hang or fill it; its parent waits only so long, and no file can be written here.
"""

import os
import resource
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from image.errors import DiskwitnessError
from verify.files.image_to_walk import ImageToWalk
from verify.files.messages import WalkTask
from verify.files.sender import Sender

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CHILD_MEMORY_BYTES = 1024 * 1024 * 1024


def walk_files(
    pipe: "Connection", image: ImageToWalk, tasks: tuple[WalkTask, ...] | None, first_task: int, cpu_seconds: int
) -> None:
    """Walk the tasks from this one on, or find out first what the tasks are; every finding is a message.

    Args:
        pipe: takes the messages, see `messages`.
        image: what is opened, and where its damage is.
        tasks: what an earlier child found, None for the first one.
        first_task: from which on they are walked.
        cpu_seconds: the kernel ends the process behind so much work.
    """
    _be_silent()
    sender = Sender(pipe)
    signal.signal(signal.SIGTERM, partial(_end, sender))
    try:
        _walk(image, sender, tasks, first_task, cpu_seconds)
        sender.flush()
    except DiskwitnessError as error:
        sender.tell_not_walked("the image", str(error))
    except MemoryError:
        sender.tell_not_walked("what follows", "it needs more memory than is allowed")
    except BrokenPipeError:
        return


def _walk(
    image: ImageToWalk, sender: Sender, tasks: tuple[WalkTask, ...] | None, first_task: int, cpu_seconds: int
) -> None:
    """Open the image, which may start a program that decodes it, and then walk it within limits.

    Raises:
        ImageNotReadError: it cannot be opened any more.
        MemoryError: more is needed than is allowed.
    """
    with image.open() as opened:
        access = opened.access()
        _limit(cpu_seconds)
        from verify.files.medium_walk import MediumWalk

        MediumWalk(access, image, sender).walk(tasks, first_task)
        access.close()


def _end(sender: Sender, _signal: int, _frame: object) -> None:
    """End so that what was opened is closed; what the library makes of it on the way is no finding."""
    sender.fall_silent()
    sys.exit(0)


def _be_silent() -> None:
    """Let nothing that is said here reach the terminal."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def _limit(cpu_seconds: int) -> None:
    """Bound what this process can take."""
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY_BYTES, CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
