"""The digests of a drive or file, without imaging it."""

import threading
from dataclasses import dataclass

from acquire.media import Source
from acquire.reader import Reader, ReadSettings
from acquire.source import OpenedSource, open_source
from acquire.source_options import SourceOptions
from image.buffers import BufferPool
from image.digest_lanes import DigestLanes
from image.errors import StoppedError, UsageError
from image.job import SourceFacts
from image.progress import Listener, Progress
from image.scan_watch import scan_watch
from image.sectors import SectorRange, count_sectors, merge_ranges
from image.times import Clock, Instant

BATCH_SIZE_BYTES = 1024 * 1024
BUFFER_COUNT = 16


@dataclass(frozen=True)
class HashOrder:
    """What is to be digested: `sector_count` sectors of a source from `start_sector` on (None: to its end)."""

    source: str
    algorithms: tuple[str, ...]
    options: SourceOptions
    reading: ReadSettings
    start_sector: int = 0
    sector_count: int | None = None


@dataclass(frozen=True)
class SourceDigests:
    """The digests over `sectors` of the source; unreadable sectors, numbered on it, count as zeros."""

    source: SourceFacts
    sectors: SectorRange
    digests: dict[str, str]
    unreadable: tuple[SectorRange, ...]
    padded_bytes: int
    started: Instant
    finished: Instant


def hash_source(order: HashOrder, clock: Clock, listener: Listener, stop: threading.Event) -> SourceDigests:
    """Read the source once and digest it.

    Raises:
        SourceError: the source cannot be used.
        UsageError: the sectors asked for are not all there.
        StoppedError: stopped, or the source is gone.
    """
    started = clock.now()
    with open_source(order.source, order.options.watched(scan_watch(listener, stop))) as opened:
        sectors = chosen_sectors(opened, order.start_sector, order.sector_count)
        pass_over = _Pass(opened.media, order, sectors, clock, stop)
        digests, unreadable = pass_over.run(listener)
    return SourceDigests(opened.facts, sectors, digests, unreadable, opened.padded_bytes, started, clock.now())


def chosen_sectors(opened: OpenedSource, start_sector: int, sector_count: int | None) -> SectorRange:
    """The sectors of the source that are wanted; all from `start_sector` on where no count is given.

    Raises:
        UsageError: they are not all on the source.
    """
    total = opened.media.size_bytes // opened.media.sector_size_bytes
    count = total - start_sector if sector_count is None else sector_count
    if count < 1 or start_sector + count > total:
        what = f"no such sectors: {count} from {start_sector} on" if count > 0 else f"no sector {start_sector}"
        raise UsageError(what, opened.facts.path, f"The source has {total} sectors")
    return SectorRange(start_sector, count)


class _Pass:
    """One reading of the source, each digest in a thread of its own."""

    def __init__(
        self, media: Source, order: HashOrder, sectors: SectorRange, clock: Clock, stop: threading.Event
    ) -> None:
        self._sectors, self._media = sectors, media
        self._stop = stop
        self._reader = Reader(media, order.reading, clock, is_stopping=stop.is_set)
        self._digests = DigestLanes(order.algorithms)
        self._pool = BufferPool(BUFFER_COUNT, BATCH_SIZE_BYTES)
        self._unreadable: list[SectorRange] = []

    def run(self, listener: Listener) -> tuple[dict[str, str], tuple[SectorRange, ...]]:
        """The digests and the unreadable sectors."""
        try:
            for batch in self._sectors.pieces(BATCH_SIZE_BYTES // self._media.sector_size_bytes):
                if self._stop.is_set():
                    raise StoppedError("stopped before the end", f"sector {batch.first_sector}")
                self._read(batch)
                listener(self._progress(batch))
            self._digests.close()
        finally:
            self._digests.abandon()
        return self._digests.hexdigests(), merge_ranges(self._unreadable)

    def _read(self, batch: SectorRange) -> None:
        """Read a batch and hand it to every digest."""
        buffer = self._pool.take(batch.sector_count * self._media.sector_size_bytes, len(self._digests))
        outcome = self._reader.read_batch(buffer.view, batch)
        self._unreadable += outcome.bad
        self._digests.put(buffer)

    def _progress(self, batch: SectorRange) -> Progress:
        """How far the reading is behind this batch."""
        size_bytes = self._media.sector_size_bytes
        done = (batch.end_sector - self._sectors.first_sector) * size_bytes
        total = self._sectors.sector_count * size_bytes
        return Progress("hash", done, total, bad_sectors=count_sectors(self._unreadable))
