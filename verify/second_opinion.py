"""A second opinion: another implementation (libewf) decodes the image, and its bytes are compared by digest.

libewf gives zeros for a damaged chunk without a word, so only digests of what it gave are compared; that it could
read proves nothing. It runs in child processes with bounded memory: a hostile image must not reach this one.
"""

import multiprocessing
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from image.consumers import PIECE_DIGEST_BYTES
from image.errors import StoppedError
from image.opening import OpenImage
from image.progress import Listener, Progress
from image.sectors import SectorRange
from verify.libewf_child import decode_pieces

CHILD_COUNT = 2
SILENCE_SECONDS = 600.0


def ask_second_opinion(
    image: OpenImage, digests: Sequence[str], listener: Listener, stop: threading.Event
) -> str | None:
    """Compare our SHA-256 of each 64 MiB of media with libewf's; findings name what differs.

    Gives one line that tells the outcome, None for a raw image.

    Raises:
        StoppedError: a stop was asked for.
    """
    if image.is_raw:
        return None
    theirs, version, reason = _Children(image, listener, stop).digests(len(digests))
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
    if reason or len(theirs) < len(digests) or not digests:
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
    """Child processes that each decode every second piece."""

    def __init__(self, image: OpenImage, listener: Listener, stop: threading.Event) -> None:
        self._paths = [str(path) for path in image.files.paths]
        self._media_bytes = image.media_size_bytes
        self._listener = listener
        self._stop = stop

    def digests(self, count: int) -> tuple[dict[int, str], str, str | None]:
        """SHA-256 of each piece, the version of libewf, and why something is missing, if it is."""
        context = multiprocessing.get_context("spawn")
        children: list[SpawnProcess] = []
        pipes: list[Connection] = []
        try:
            for number in range(min(CHILD_COUNT, count)):
                ours, theirs = context.Pipe(duplex=False)
                indexes = range(number, count, CHILD_COUNT)
                work = (theirs, self._paths, indexes, PIECE_DIGEST_BYTES, self._media_bytes)
                child = context.Process(target=decode_pieces, args=work, daemon=True)
                child.start()
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
                    kind, index, text = pipe.recv()
                except EOFError:
                    open_pipes.remove(pipe)
                    continue
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
