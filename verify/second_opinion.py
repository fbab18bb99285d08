"""A second opinion: another implementation (libewf) decodes the image, and its bytes are compared by digest.

libewf gives zeros for a damaged chunk without a word, so only digests of what it gave are compared; that it could
read proves nothing. It runs in child processes with bounded memory: a hostile image must not reach this one.
"""

import multiprocessing
import re
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

import msgspec

from image.child_processes import start_child
from image.consumers import PIECE_DIGEST_BYTES
from image.errors import StoppedError
from image.ewf.reader import EwfImage
from image.ewf2.reader import Ewf2Image
from image.lanes import worker_count
from image.opening import OpenImage
from image.progress import Listener, Progress
from image.sectors import SectorRange
from verify.libewf_child import decode_pieces

MAXIMUM_CHILDREN = 8
NOTHING_TO_ASK = "not asked: what stands in the files of this format libewf does not decode"
SILENCE_SECONDS = 600.0
MAXIMUM_MESSAGE_BYTES = 4096
TEXTS = {"digest": re.compile("[0-9a-f]{64}"), "version": re.compile("[0-9.]{1,40}"), "error": re.compile("[ -~]*")}
"""What each kind of message may say."""


def ask_second_opinion(
    image: OpenImage, digests: Sequence[str], listener: Listener, stop: threading.Event, jobs: int | None = None
) -> str:
    """Compare our SHA-256 of each 64 MiB of media with libewf's, by `jobs` processes; findings name what differs.

    `digests` are empty where not all of the media could be read: what has no place cannot be compared. Gives one
    line that tells the outcome.

    Raises:
        StoppedError: a stop was asked for.
    """
    if not isinstance(image, EwfImage | Ewf2Image):
        return NOTHING_TO_ASK
    if not digests:
        image.findings.add("second-opinion-missing", "not all of the media could be read here")
        return "not asked: not all of the media could be read"
    theirs, version, reason = _Children(image, listener, stop, jobs or worker_count()).digests(len(digests))
    differing = [index for index, digest in enumerate(digests) if theirs.get(index, digest) != digest]
    for index in differing:
        sectors = _sectors_of(index, image)
        image.findings.add(
            "second-opinion",
            "libewf decodes other data",
            sectors=sectors,
            expected=digests[index],
            found=theirs[index],
        )
    if reason or len(theirs) < len(digests):
        image.findings.add("second-opinion-missing", reason or "libewf did not decode all of the media")
        return f"libewf {version}: not had"
    agreeing = len(digests) - len(differing)
    return f"libewf {version}: same media data in {agreeing} of {len(digests)} ranges of 64 MiB"


def _sectors_of(index: int, image: OpenImage) -> SectorRange:
    """The sectors of a piece."""
    first = index * PIECE_DIGEST_BYTES
    end = min(first + PIECE_DIGEST_BYTES, image.media_size_bytes)
    size = image.sector_size_bytes
    return SectorRange(first // size, -(-end // size) - first // size)


class _Children:
    """Child processes that share the pieces; each has a handle of its own and goes through them in order."""

    def __init__(self, image: OpenImage, listener: Listener, stop: threading.Event, count: int) -> None:
        self._paths = [str(path) for path in image.files.paths]
        self._media_bytes = image.media_size_bytes
        self._listener = listener
        self._stop = stop
        self._count = min(count, MAXIMUM_CHILDREN)

    def digests(self, count: int) -> tuple[dict[int, str], str, str | None]:
        """SHA-256 of each piece, the version of libewf, and why something is missing, if it is."""
        context = multiprocessing.get_context("spawn")
        children: list[SpawnProcess] = []
        pipes: list[Connection] = []
        try:
            for number in range(min(self._count, count)):
                ours, theirs = context.Pipe(duplex=False)
                indexes = range(number, count, self._count)
                work = (theirs, self._paths, indexes, PIECE_DIGEST_BYTES, self._media_bytes)
                child = context.Process(target=decode_pieces, args=work, daemon=True)
                start_child(child)
                theirs.close()
                children.append(child)
                pipes.append(ours)
            return self._gathered(pipes, count)
        finally:
            for child in children:
                child.kill()
                child.join()
            for pipe in pipes:
                pipe.close()

    def _gathered(self, pipes: list[Connection], count: int) -> tuple[dict[int, str], str, str | None]:
        """What the children send, until each has closed its pipe."""
        found: dict[int, str] = {}
        version, waited = "of unknown version", 0.0
        open_pipes = list(pipes)
        while open_pipes and waited < SILENCE_SECONDS:
            if self._stop.is_set():
                raise StoppedError("the second opinion was stopped")
            ready = [pipe for pipe in wait(open_pipes, 0.5) if isinstance(pipe, Connection)]
            waited = 0.0 if ready else waited + 0.5
            for pipe in ready:
                try:
                    kind, index, text = _message(pipe, count)
                except EOFError:
                    open_pipes.remove(pipe)
                    continue
                except (OSError, ValueError, msgspec.MsgspecError):
                    return found, version, "the process that asked libewf sent nonsense"
                if kind == "error":
                    return found, version, text
                if kind == "version":
                    version = text
                else:
                    found[index] = text
                    done = min(len(found) * PIECE_DIGEST_BYTES, self._media_bytes)
                    self._listener(Progress("second opinion", done, self._media_bytes))
        reason = None if len(found) == count else "libewf gave no answer for some of the media"
        return found, version, reason


def _message(pipe: Connection, count: int) -> tuple[str, int, str]:
    """The next message of a child about one of `count` pieces; what libewf parsed may have taken the child over.

    Raises:
        EOFError: there is none any more.
        OSError, ValueError, MsgspecError: it is none.
    """
    kind, index, text = msgspec.json.decode(pipe.recv_bytes(MAXIMUM_MESSAGE_BYTES), type=tuple[str, int, str])
    if kind not in TEXTS or not TEXTS[kind].fullmatch(text) or not 0 <= index < count:
        raise ValueError("not a message")
    return kind, index, text
