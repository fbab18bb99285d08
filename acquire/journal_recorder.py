"""Writes the journals of a job: when the image is synced, and what is then said to be durable.

Runs in the writing thread, so that what it says of the image is what was written before.
"""

import contextlib
from collections.abc import Callable
from dataclasses import replace

from acquire.journal import Journal, JournalState, Watermark, journal_bytes
from acquire.journal_file import JournalFile
from acquire.read_history import ReadHistory
from acquire.record_size import require_readable_back
from image.destinations import Destination
from image.durable_part import NOTHING_DURABLE, DurablePart
from image.job import Job
from image.media_digest import MediaDigester
from image.segments import SegmentSet
from image.times import Clock
from image.writing import Encoded, ImageWriter

SYNC_SECONDS = 30.0
SYNC_SECTOR_BYTES = 1024**3


class JournalRecorder:
    """Journals one job at every live destination."""

    def __init__(
        self,
        job: Job,
        segments: SegmentSet,
        files: dict[Destination, JournalFile],
        history: ReadHistory,
        clock: Clock,
        part: DurablePart = NOTHING_DURABLE,
        kernel_messages: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self.job = job
        self._segments = segments
        self._files = files
        self._history = history
        self._clock = clock
        self._kernel_messages = kernel_messages
        self._unlisted_zeros = False
        self._closed_count = len(part.closed)
        self._last_seconds = clock.monotonic()
        self._last_sector = part.next_sector
        self._last_journal: Journal | None = None
        self._is_sealed = False
        self.watermark = Watermark(
            part.file, part.length_bytes, part.next_sector, part.file_sha256, part.media_sha256
        )

    def begin(self, writer: ImageWriter[Encoded], digester: MediaDigester) -> None:
        """Write the first journal of this run, before anything is written.

        Raises:
            DestinationError: no destination is left.
        """
        self._replace(self._journal(writer, digester, JournalState.RUNNING))

    def note_zeros(self) -> None:
        """Say that sectors were filled with zeros which no journal lists yet."""
        self._unlisted_zeros = True

    def before_media(self) -> None:
        """Say durably that zero-filled sectors follow, before the media that holds the first of them is written.

        Once between two watermarks is enough: nothing behind a watermark counts, and the next one lists them all.

        Raises:
            DestinationError: no destination is left.
        """
        last = self._last_journal
        if self._unlisted_zeros and last is not None and not last.has_unlisted_zeros:
            so_far, counted = self._history.snapshot(self._kernel_messages()), last.read
            read = replace(
                so_far,
                zero_sectors=counted.zero_sectors,
                incompressible_sectors=counted.incompressible_sectors,
            )
            self._replace(replace(last, updated=self._clock.now(), read=read, has_unlisted_zeros=True))

    def after_media(self, writer: ImageWriter[Encoded], digester: MediaDigester) -> None:
        """Sync and journal when it is time: a segment ended, 30 s or 1 GiB have passed.

        Raises:
            DestinationError: no destination is left.
        """
        passed_bytes = (writer.written_sectors - self._last_sector) * self.job.source.sector_size_bytes
        late = self._clock.monotonic() - self._last_seconds >= SYNC_SECONDS
        if late or passed_bytes >= SYNC_SECTOR_BYTES or len(writer.closed) > self._closed_count:
            self.record(writer, digester, JournalState.RUNNING)

    def record(
        self,
        writer: ImageWriter[Encoded],
        digester: MediaDigester,
        state: JournalState,
        reason: str | None = None,
    ) -> None:
        """Make all that was taken in durable, move the watermark, and journal it.

        What is pending is written first, so that the history counts the content of exactly what stands there.

        Raises:
            DestinationError: no destination is left.
        """
        writer.flush()
        self._segments.sync()
        self.watermark = self._durable_to(writer, digester)
        self._replace(self._journal(writer, digester, state, reason))
        self._unlisted_zeros = False
        self._closed_count, self._last_sector = len(writer.closed), writer.written_sectors
        self._last_seconds = self._clock.monotonic()

    def _journal(
        self, writer: ImageWriter[Encoded], digester: MediaDigester, state: JournalState, reason: str | None = None
    ) -> Journal:
        """The journal as of this watermark."""
        closed = tuple(writer.closed)
        return Journal(
            self.job,
            state,
            self._clock.now(),
            self.watermark,
            closed,
            tuple(digester.segment_digests[: len(closed)]),
            tuple(digester.prefix_digests),
            self._history.snapshot(self._kernel_messages()),
            reason,
        )

    def _durable_to(self, writer: ImageWriter[Encoded], digester: MediaDigester) -> Watermark:
        """The watermark of what has just been synced, with what proves its last part.

        A raw file is not hashed; the digest of the media, which the sync gave time to come up, proves it then.
        """
        name, sectors = self._segments.name, writer.written_sectors
        of_file = self._segments.file_sha256
        is_proven = of_file is not None or (name is None and any(item.sha256 for item in writer.closed[-1:]))
        of_media = None if is_proven else digester.digest_at(sectors * self.job.source.sector_size_bytes)
        return Watermark(name, self._segments.length_bytes if name else 0, sectors, of_file, of_media)

    def abandon(self, destination: Destination) -> None:
        """Leave a lost destination as its journal says: cut what that does not vouch for, then say why it ended.

        The cut comes first, so that on a full disk the journal finds room; behind a failed sync nothing is kept,
        whatever a later one says. Where even that fails, the journal before stands and is still true.
        """
        last = self._last_journal
        if self._is_sealed or last is None:
            return
        with contextlib.suppress(OSError):
            destination.cut(dict(last.durable_part.files))
            now, reason = self._clock.now(), destination.failure
            fresh = replace(last, state=JournalState.STOPPED, updated=now, reason=reason)
            self._files[destination].replace(journal_bytes(fresh))

    def seal(self, manifest: bytes) -> None:
        """Put the final manifest in the place of every live journal; from now on nothing is cut any more.

        Raises:
            DestinationError: no destination is left.
        """
        self._is_sealed = True
        self.replace_bytes(manifest)

    def replace_bytes(self, contents: bytes) -> None:
        """Put these bytes in the place of every live journal.

        Raises:
            DestinationError: no destination is left.
        """
        for destination in self._segments.live:
            try:
                self._files[destination].replace(contents)
            except OSError as error:
                self._segments.fail(destination, error)

    def _replace(self, journal: Journal) -> None:
        contents = journal_bytes(journal)
        require_readable_back(contents, len(journal.read.unreadable))
        self.replace_bytes(contents)
        self._last_journal = journal
