"""A PDF examined in a process of its own, within limits; whatever is in it, nothing else is reached."""

import multiprocessing
import os
import resource
import sys
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

import msgspec

from image.child_processes import start_child

if TYPE_CHECKING:
    from report.signing.values import Examination

MAXIMUM_PDF_BYTES = 128 * 1024 * 1024
CHILD_MEMORY_BYTES = 2 * 1024 * 1024 * 1024
CPU_SECONDS = 120
PATIENCE_SECONDS = 300.0
MAXIMUM_ANSWER_BYTES = 64 * 1024 * 1024
READ_FOLDERS = ("/dev/null", "/dev/urandom", "/usr/lib", "/usr/share/zoneinfo", "/etc/localtime")
REFUSED: tuple[str, ...] = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.sendto",
    "subprocess.",
    "os.system",
)
REFUSED += ("os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.remove", "os.rename", "os.mkdir", "shutil.")


@dataclass(frozen=True)
class Believed:
    """What is believed, as bytes of files: certificates and lists of revoked ones; and when the look is taken."""

    moment: datetime
    roots: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


def examine_apart(pdf: bytes, believed: Believed, patience_seconds: float = PATIENCE_SECONDS) -> "Examination":
    """All that can be told of a PDF; one that takes too much time or memory cannot be examined, and says so."""
    from report.signing.values import Examination

    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_examine, args=(theirs, believed), daemon=True)
    start_child(child)
    theirs.close()
    try:
        ours.send_bytes(pdf)
        if not ours.poll(patience_seconds):
            return Examination(f"it takes longer than {patience_seconds:g} s to be read")
        return msgspec.json.decode(ours.recv_bytes(MAXIMUM_ANSWER_BYTES), type=Examination)
    except (EOFError, OSError, msgspec.MsgspecError):
        return Examination("it takes more time or memory to be read than is allowed")
    finally:
        child.kill()
        child.join()
        ours.close()


def _examine(pipe: Connection, believed: Believed) -> None:
    """What the child does: take the bytes, answer, end."""
    from report.signing.certificates import read_certificates, read_revocations
    from report.signing.examining import examine
    from report.signing.trusting import Beliefs
    from report.signing.values import Examination

    roots = tuple(item for data in believed.roots for item in read_certificates(data))
    crls = tuple(item for data in believed.crls for item in read_revocations(data))
    _confine()
    pdf = pipe.recv_bytes(MAXIMUM_PDF_BYTES)
    try:
        found = examine(pdf, Beliefs(believed.moment, roots, crls=crls))
    except MemoryError:
        found = Examination("it takes more memory to be read than is allowed")
    pipe.send_bytes(msgspec.json.encode(found))


def _confine() -> None:
    """Say nothing, take no more than is allowed, reach nothing."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY_BYTES, CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    readable = (*READ_FOLDERS, *(place for place in (*sys.path, sys.prefix, sys.base_prefix) if place))
    sys.addaudithook(lambda event, given: _refuse(event, given, readable))


def _refuse(event: str, given: tuple[object, ...], readable: tuple[str, ...]) -> None:
    """Refuse what no look at a PDF needs.

    Raises:
        PermissionError: the network, another process, a file to be written, or one that is no part of the program.
    """
    if event.startswith(REFUSED):
        raise PermissionError(f"not while a PDF is examined: {event}")
    if event != "open":
        return
    name, _mode, flags = given
    writes = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    if writes or (isinstance(name, str | bytes) and not os.fsdecode(name).startswith(readable)):
        raise PermissionError("not while a PDF is examined: a file")
