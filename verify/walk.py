"""The one pass over an image: its files read in order, its media decoded and given to every consumer."""

import threading
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from image.consumers import (
    Consumer,
    FileDigests,
    MediaPieceDigests,
    SegmentMediaDigests,
    WholeDigest,
)
from image.errors import StoppedError
from image.fan_out import FanOut
from image.lanes import worker_pool
from image.opening import OpenImage
from image.progress import Listener, Progress
from image.scan_watch import scan_watch

SMALL_IMAGE_BYTES = 4 * 1024 * 1024
PROGRESS_STEP_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class WalkPlan:
    """What to compute: digests of the stream, of each segment file (its algorithms), of media ranges and pieces.

    `extra` are further consumers; `jobs` is how many threads decode.
    """

    algorithms: tuple[str, ...]
    file_algorithms: tuple[frozenset[str], ...]
    segment_media: bool = False
    media_pieces: bool = False
    extra: tuple[Consumer, ...] = ()
    jobs: int | None = None


@dataclass(frozen=True)
class WalkResult:
    """What the pass found. `digests` is empty where not all of the media could be read.

    `segment_media` are SHA-256 of each segment's media; None where it was not asked for or could not be read.
    """

    is_whole: bool
    digests: dict[str, str]
    file_digests: dict[tuple[int, str], str]
    segment_media: tuple[str | None, ...]
    media_pieces: tuple[str, ...] = ()


@dataclass
class WalkProgress:
    """Where the pass stands, told to the listener now and then; `stop` ends it."""

    listener: Listener
    stop: threading.Event
    total_bytes: int
    done_bytes: int = 0
    _told_bytes: int = 0

    def go_on(self) -> None:
        """Let the pass go on.

        Raises:
            StoppedError: a stop was asked for.
        """
        if self.stop.is_set():
            raise StoppedError("the verification was stopped", do="Run it again: nothing is kept of a part")

    def passed(self, size_bytes: int) -> None:
        """Count bytes of media that have passed.

        Raises:
            StoppedError: a stop was asked for.
        """
        self.go_on()
        self.done_bytes += size_bytes
        if self.done_bytes - self._told_bytes >= PROGRESS_STEP_BYTES or self.done_bytes == self.total_bytes:
            self._told_bytes = self.done_bytes
            self.listener(Progress("verify", self.done_bytes, self.total_bytes))


def walk_image(image: OpenImage, plan: WalkPlan, progress: WalkProgress) -> WalkResult:
    """Pass over the image once.

    Raises:
        StoppedError: a stop was asked for.
    """
    whole = [WholeDigest(algorithm) for algorithm in plan.algorithms]
    files = FileDigests(image.files, plan.file_algorithms, progress.go_on)
    segments = SegmentMediaDigests(len(image.files))
    pieces = MediaPieceDigests()
    consumers: list[Consumer] = [*whole, *plan.extra]
    consumers += [files] if any(plan.file_algorithms) else []
    # A single segment holds the whole stream: its SHA-256 is not computed twice.
    one_segment = len(image.files) == 1 and "sha256" in plan.algorithms
    consumers += [segments] if plan.segment_media and not one_segment else []
    consumers += [pieces] if plan.media_pieces else []
    is_whole = _pass(image, consumers, progress, plan.jobs)
    for error in files.errors:
        name = image.files.names[error.segment_index]
        image.findings.add("segment-unreadable", error.reason, segment=name, offset_bytes=error.offset_bytes)
    digests = {item.algorithm: item.hexdigest for item in whole} if is_whole else {}
    media: tuple[str | None, ...] = (digests.get("sha256"),)
    if not one_segment:
        media = _segment_media(image, segments) if plan.segment_media else (None,) * len(image.files)
    return WalkResult(is_whole, digests, files.digests, media, tuple(pieces.digests))


def _pass(image: OpenImage, consumers: Sequence[Consumer], progress: WalkProgress, jobs: int | None) -> bool:
    """Give every piece to every consumer; whether all of the media was read."""
    small = image.media_size_bytes <= SMALL_IMAGE_BYTES
    pool = nullcontext(None) if small else worker_pool("decode", jobs)
    is_read, read_bytes, segment = True, 0, 0
    with pool as workers, FanOut(consumers, threaded=not small, piece_bytes=image.piece_bytes) as fan_out:
        image.watch_scan(scan_watch(progress.listener, progress.stop))
        for piece in image.media(workers):
            size = len(piece.data)
            progress.passed(size)
            is_read, read_bytes = is_read and piece.is_read, read_bytes + size
            fan_out.put(piece)
            if piece.segment_index > segment:
                segment = piece.segment_index
                image.files.close_before(segment)
        fan_out.finish()
    return is_read and 0 < read_bytes == image.media_size_bytes and not image.segments.missing


def _segment_media(image: OpenImage, segments: SegmentMediaDigests) -> tuple[str | None, ...]:
    """The digest of each segment's media, None where not all of it could be read."""
    unread = segments.unread | image.incomplete_segments
    return tuple(None if index in unread else digest for index, digest in enumerate(segments.digests))
