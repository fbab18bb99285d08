"""The arithmetic floor: the processor time that the digests, the compressor and the copies cost, and nothing else.

Each part runs over the same data in a thread of its own, whose processor time is taken. Beside it stands the
same with every core busy, since cores that share a clock or a cache are slower together.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.parts import PARTS, Pieces, cut_pieces

COPY_IN = "copy in"
THREE_DIGESTS = ("md5", "sha1", "sha256")
ACQUIRE_E01_PARTS = (COPY_IN, *THREE_DIGESTS, "deflate", "copy out, E01")
ACQUIRE_RAW_PARTS = (COPY_IN, *THREE_DIGESTS, "copy out, raw")
VERIFY_PARTS = ("copy in, E01", "inflate", "adler32", *THREE_DIGESTS)
VERIFY_ONE_DIGEST_PARTS = ("copy in, E01", "inflate", "adler32", "sha256")
CONVERT_E01_PARTS = (*VERIFY_PARTS, "deflate", "copy out, E01")
CONVERT_RAW_PARTS = (*VERIFY_PARTS, "copy out, raw")
SEGMENT_DIGEST = "sha256 of the segment file"
SEGMENTS_ONLY_PARTS = ("copy in, E01", SEGMENT_DIGEST)


@dataclass(frozen=True)
class Part:
    """One piece of work: its processor seconds for each GiB of media, alone and with every core at it."""

    name: str
    alone_seconds: float
    all_busy_seconds: float


@dataclass(frozen=True)
class Floor:
    """Every part, the cores to divide by, and the bytes an E01 stores for each byte of media."""

    cores: int
    measured_bytes: int
    stored_ratio: float
    parts: tuple[Part, ...]

    def seconds(self, names: tuple[str, ...], media_bytes: int) -> float:
        """Wall seconds of these parts over so much media: their sum over the cores, never less than the longest."""
        longest = max(part.alone_seconds for part in self.parts if part.name in names) * media_bytes / 2**30
        return max(self.core_seconds(names, media_bytes) / self.cores, longest)

    def core_seconds(self, names: tuple[str, ...], media_bytes: int) -> float:
        """Processor seconds of these parts over so much media."""
        return sum(part.alone_seconds for part in self.parts if part.name in names) * media_bytes / 2**30


def measure_floor(source: Path, scratch: Path, *, limit_bytes: int, runs: int) -> Floor:
    """Measure every part over the first `limit_bytes` of the source; the best of so many runs."""
    pieces = cut_pieces(source, scratch, limit_bytes)
    cores = len(os.sched_getaffinity(0))
    parts = tuple(_measure(name, work, pieces, cores, runs) for name, work in PARTS.items())
    stored_bytes = sum(len(batch) for batch in pieces.stored)
    return Floor(cores, pieces.media_bytes, stored_bytes / pieces.media_bytes, parts)


def _measure(name: str, work: Callable[[Pieces], None], pieces: Pieces, cores: int, runs: int) -> Part:
    """One part, alone and on every core."""
    to_gib = 2**30 / pieces.media_bytes
    alone = min(_seconds(work, pieces, 1) for _ in range(runs))
    return Part(name, alone * to_gib, min(_seconds(work, pieces, cores) for _ in range(runs)) * to_gib)


def _seconds(work: Callable[[Pieces], None], pieces: Pieces, thread_count: int) -> float:
    """The mean processor time of threads that each do all of the work."""
    spent: list[float] = []

    def timed() -> None:
        started = time.thread_time()
        work(pieces)
        spent.append(time.thread_time() - started)

    workers = [threading.Thread(target=timed) for _ in range(thread_count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(spent) / len(spent)
